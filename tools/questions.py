"""Two questions of the README, asked with a client that openapi-python-client has made: `questions.py ADDRESS`."""

import sys

from registry_client import Client
from registry_client.api.appointments import list_appointments
from registry_client.api.joint_units import list_joint_units
from registry_client.models import AppointmentList, JointUnitList
from registry_client.types import Unset


def joint_units(client: Client, force: str, day: str) -> dict[str, str]:
    """The joint units that a force was in on a day, each with how sure that is."""
    answer = list_joint_units.sync(client=client, force=[force], as_of=day)
    assert isinstance(answer, JointUnitList), answer
    return {unit.id: "" if isinstance(unit.presence, Unset) else str(unit.presence) for unit in answer.data}


def chairs(client: Client, body: str, day: str) -> list[str]:
    """Who chaired a body on a day."""
    answer = list_appointments.sync(client=client, body=[body], post=["Chair"], as_of=day)
    assert isinstance(answer, AppointmentList), answer
    return [appointment.person.name for appointment in answer.data]


with Client(sys.argv[1]) as registry:
    units = joint_units(registry, "cambridgeshire", "2012-01-01")
    assert units == {"bch-procurement": "certain", "bch-professional-standards": "possible"}, units
    found = chairs(registry, "hertfordshire-police-authority", "2011-06-02")
    assert found == ["David Lloyd"], found
    print("The Python client was told:", units, found)
