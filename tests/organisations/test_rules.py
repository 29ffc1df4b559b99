"""Police authorities until, and commissioners from, 22 November 2012."""

from typing import Any

import pytest

from app.organisations.derived import COMMISSIONERS_FROM, abolished_in_2012
from app.organisations.rules import no_authority_after_2012, no_commissioner_before_2012
from app.registry.dates import iso
from app.registry.documents.canonical import Document
from tests.stated import looking, nowhere


@pytest.mark.parametrize("kind", ["police_and_crime_commissioner", "police_fire_and_crime_commissioner"])
@pytest.mark.parametrize(
    ("fields", "many"),
    [
        ({"started": "2012-11-21"}, 1),
        ({"started": "2012-11-22"}, 0),
        ({"started": "2012-11"}, 0),
        ({"started": "2012-10"}, 1),
        ({"started": "[..2012-11-21]"}, 1),
        ({"started": "[..2012-11-22]"}, 0),
        ({"started": {"edtf": "2011", "text": "in the last year"}}, 1),
        ({"started": "2012", "observed": ["2012-11-21"]}, 1),
        ({"started": "2012", "observed": ["2012-11-22"]}, 0),
        ({"observed": ["2011"]}, 0),
        ({}, 0),
    ],
)
def test_no_commissioner_took_office_before(kind: str, fields: Document, many: int) -> None:
    found = list(no_commissioner_before_2012({"id": "pcc", "kind": kind, **fields}, nowhere))
    assert [finding.pointer for finding in found] == ["/started"] * many


@pytest.mark.parametrize("kind", ["mayor", "police_authority", "common_council", None])
def test_others_did(kind: str | None) -> None:
    assert list(no_commissioner_before_2012({"id": "body", "kind": kind, "started": "1996"}, nowhere)) == []


ENGLISH: Document = {"country": "England", "kind": "territorial"}
LOOK = looking(
    alpha=ENGLISH,
    wales={"country": "Wales"},
    unsaid={},
    scots={"country": "Scotland", "kind": "territorial"},
    rail={"kind": "special"},
)


def authority(*forces: str, **fields: Any) -> Document:
    overseen = [{"subject": force} for force in forces]
    return {"id": "authority", "kind": "police_authority", "oversees": overseen, **fields}


@pytest.mark.parametrize(
    ("fields", "many"),
    [
        ({"ended": "2012-11-22"}, 0),
        ({"ended": "2012-11-23"}, 1),
        ({"ended": "2012-11-21"}, 0),
        ({"ended": "2012-11"}, 1),
        ({"ended": "2012-10"}, 0),
        ({"ended": "unknown"}, 1),
        ({}, 1),
    ],
)
def test_an_authority_has_ended_by_then(fields: Document, many: int) -> None:
    found = list(no_authority_after_2012(authority("force:alpha", **fields), LOOK))
    assert [finding.pointer for finding in found] == ["/ended"] * many


def test_other_bodies_need_not_have_ended() -> None:
    assert list(no_authority_after_2012({"id": "board", "kind": "board"}, nowhere)) == []


@pytest.mark.parametrize(
    ("forces", "abolished"),
    [
        ([], True),
        (["force:alpha"], True),
        (["force:wales"], True),
        (["force:unsaid"], True),
        (["force:nowhere"], True),
        (["force:scots"], False),
        (["force:rail"], False),
        (["force:alpha", "force:rail"], False),
        (["governance-body:rail"], True),
        (["joint-unit:scots"], True),
    ],
)
def test_the_act_of_2011_reached_england_and_wales_and_no_special_force(forces: list[str], abolished: bool) -> None:
    assert abolished_in_2012(authority(*forces), LOOK) is abolished
    assert bool(list(no_authority_after_2012(authority(*forces), LOOK))) is abolished


def test_the_day_is_that_of_the_order() -> None:
    """SI 2012/2892."""
    assert iso(COMMISSIONERS_FROM) == "2012-11-22"
