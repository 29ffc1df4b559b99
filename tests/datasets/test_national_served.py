"""The built-in dataset `national` as it is served, beside `bch`."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from app import datasets
from app.catalogue import CATALOGUE
from app.database import connect, writing
from app.register import REGISTER
from app.registry.writing import store
from tests.databases import Databases
from tests.datasets.national import ALL, BCH, NATIONAL, ROWS, rows
from tests.registry_in_use import serving


def load_as_a_dataset(url: str, name: str) -> store.Saved:
    """Load it as the command does, which takes back nothing."""
    engine = connect(url)
    try:
        with writing(engine) as session:
            documents = datasets.find(name)
            return store.save(session, REGISTER, documents, actor="tests", reason="again", restore=False)
    finally:
        engine.dispose()


def test_loading_both_again_changes_nothing(databases: Databases, both_loaded: tuple[str, store.Saved]) -> None:
    template, first = both_loaded
    assert (first.revision, first.changed, first.unchanged) == (2, len(NATIONAL), 0)
    assert first.warnings == []
    url = databases.copy(template)
    for name, unchanged, amended in (("bch", len(set(BCH) - set(NATIONAL)), 50), ("national", len(NATIONAL), 0)):
        again = load_as_a_dataset(url, name)
        assert (again.revision, again.unchanged, again.amended) == (None, unchanged, amended)
    databases.drop(url)


@pytest.fixture(scope="module")
def national(national_url: str) -> Iterator[httpx.Client]:
    with serving(national_url) as client:
        yield client


def ask(client: httpx.Client, path: str, **query: str) -> Any:
    answer = client.get(f"/v1/{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


CONFLICTS = {
    ("force:devon-and-cornwall", "/started"): {"1967-06-01", "1967-04-01", "1966"},
    ("force:south-yorkshire", "/website"): {"https://www.southyorkshire.police.uk", "www.southyorks.police.uk"},
    ("force:west-midlands", "/website"): {"https://www.west-midlands.police.uk", "www.westmidlands.police.uk"},
    ("force:btp", "/started"): {"1949", "1948"},
    ("alliance:bch-strategic-alliance", "/started"): {"[2010-09..2011-06-02]", "2011", "autumn 2010", "by June 2011"},
    ("alliance:wwm-strategic-alliance", "/ended"): {"2020-04", "2019-10-08", "2019-10-09"},
    ("joint-unit:tri-force-specialist-operations", "/end_reason"): {
        "Avon and Somerset says that it withdrew.",
        "Gloucestershire left.",
    },
    ("joint-unit:emsou", "/started"): {"2001", "2002"},
    ("joint-unit:emopss", "/started"): {"2015-05-05", "2013-12"},
}
"""By hand from the notes that say CONFLICT."""


def test_every_conflict_of_the_notes_shows_both_sides(national: httpx.Client) -> None:
    marked = {row.get("slug") or row["id"] for _, row in ROWS if "CONFLICT" in row["note"]}
    assert {target.split(":")[1] for target, _ in CONFLICTS} == marked
    for (target, field), values in CONFLICTS.items():
        [found] = [one for one in ask(national, "conflicts", subject=target, limit="200") if one["field"] == field]
        said = found["recorded"]
        recorded_value = said["edtf"] if isinstance(said, dict) else said
        assert {recorded_value, *(one["value"] for one in found["competing"])} == values


def test_emsou_started_in_2002_says_the_press_and_a_commissioner(national: httpx.Client) -> None:
    [found] = [one for one in ask(national, "conflicts", subject="joint-unit:emsou") if one["field"] == "/started"]
    hosts = sorted(one["source"]["id"].split("-")[0] for one in found["competing"])
    assert hosts == ["hucknalldispatch", "lincolnshire"]


@pytest.mark.parametrize(
    ("unit", "certain", "presumed"),
    [
        ("ch-nw-armed-alliance", "2014-07", "2014-08-01"),
        ("nersou", "2016-09", "2016-10-01"),
        ("npas", "2024", "2025-01-01"),
        ("ersou", "2023-05", "2023-06-01"),
        ("bch-armed-policing-unit", "2017-06", "2017-07-01"),
        ("sw-forensics", "2021-03", "2021-04-01"),
    ],
)
def test_presence_is_certain_when_last_seen_and_presumed_afterwards(
    national: httpx.Client, unit: str, certain: str, presumed: str
) -> None:
    row = next(row for row in rows("collaborations") if row["id"] == unit)
    assert (row["last_seen"], row["status"]) == (certain, "active_when_last_seen")
    for day, presence in ((certain, "certain"), (presumed, "presumed"), ("2026-01-01", "presumed")):
        shown = ask(national, f"joint-units/{unit}", as_of=day)
        assert shown["presence"] == presence, day
        assert presence in {part["presence"] for part in shown["participants"]}


def test_a_unit_without_a_start_is_certain_on_no_day_of_the_month_in_which_it_was_seen(national: httpx.Client) -> None:
    for day, presence in (("2024-05-31", "possible"), ("2024-06-15", "possible"), ("2024-06-30", "presumed")):
        assert ask(national, "joint-units/ch-nw-dogs", as_of=day)["presence"] == presence


def test_units_without_evidence_after_a_proposal_are_proposed(national: httpx.Client) -> None:
    for slug in ("bch-custody", "bch-criminal-justice", "bch-information-management"):
        assert ask(national, f"joint-units/{slug}")["lifecycle"] == "proposed"


CHAINS = {
    "greater-manchester": {
        "2012-11-21": {"greater-manchester-police-authority": "possible"},
        "2012-11-22": {"greater-manchester-pcc": "certain"},
        "2017-06-01": {"greater-manchester-mayor": "presumed"},
        "2017-05-08": {"greater-manchester-pcc": "possible", "greater-manchester-mayor": "possible"},
    },
    "west-yorkshire": {
        "2021-04-30": {"west-yorkshire-pcc": "certain"},
        "2021-06-01": {"west-yorkshire-mayor": "presumed"},
    },
    "south-yorkshire": {
        "2024-05-06": {"south-yorkshire-pcc": "certain"},
        "2024-05-07": {"south-yorkshire-mayor": "certain"},
        "2024-05-08": {"south-yorkshire-mayor": "presumed"},
    },
    "north-yorkshire": {
        "2017-12-31": {"north-yorkshire-pcc": "certain"},
        "2018-12-01": {"north-yorkshire-pcc": "possible", "north-yorkshire-pfcc": "possible"},
        "2019-02-18": {"north-yorkshire-pfcc": "certain"},
        "2024-06-01": {"north-yorkshire-mayor": "presumed"},
    },
    "metropolitan": {
        "2012-01-15": {"mpa": "possible"},
        "2012-01-16": {"mopac": "certain"},
        "2012-01-17": {"mopac": "presumed"},
    },
    "city-of-london": {"2009-01-01": {"common-council-city-of-london": "possible"}},
    "northumbria": {
        "2012-11-21": {"northumbria-police-authority": "possible"},
        "2020-01-01": {"northumbria-pcc": "presumed"},
    },
    "essex": {
        "2017-09-30": {"essex-pcc": "certain"},
        "2017-10-01": {"essex-pfcc": "certain"},
        "2017-10-02": {"essex-pfcc": "presumed"},
    },
    "bedfordshire": {"2012-07-13": {"bedfordshire-police-authority": "certain"}},
}
"""Who governed a force: an authority without a start and without evidence is never more than possible."""


@pytest.mark.parametrize("force", CHAINS)
def test_who_governed_a_force_on_a_day(national: httpx.Client, force: str) -> None:
    for day, expected in CHAINS[force].items():
        found = ask(national, f"forces/{force}", as_of=day)["governed_by"]
        policing = [one for one in found if one["body"]["id"] != "bch-strategic-alliance-summit"]
        assert {one["body"]["id"]: one["presence"] for one in policing} == expected, day


def first(day: str) -> str:
    return (day + "-01-01")[:10] if len(day) == 4 else (day + "-01")[:10]


def last(day: str) -> str:
    return day if len(day) == 10 else f"{day}-12-31" if len(day) == 4 else f"{day}-31"


def party_to(force: str, day: str) -> dict[str, set[str]]:
    """By hand from the rows: what can have held on that day, for a force that no change of membership names."""
    found: dict[str, set[str]] = {"agreements": set(), "alliances": set(), "joint_units": set()}
    for row in rows("collaborations"):
        if force not in row["participating_forces"].split(";"):
            continue
        start = row["date_agreed"] if row["kind"] == "agreement" else row["date_started"]
        begun = not start or first(start) <= day
        over = row["date_ended"] and last(row["date_ended"]) <= day
        kind = {"agreement": "agreements", "programme": "alliances", "alliance": "alliances"}.get(
            row["kind"], "joint_units"
        )
        kind = "alliances" if row["kind"] == "consortium" and row["id"] != "chiltern-air-support" else kind
        if begun and not over and row["kind"] != "governance_group":
            found[kind].add(row["id"])
    signed = {
        "seerpic": "2021-01-01",
        "minerva": "2023-10-01",
    }  # rows that name the parties of an agreement beside them
    for slug, made in signed.items():
        row = next(row for row in rows("collaborations") if row["id"] == slug)
        if force in row["participating_forces"].split(";") and made <= day:
            found["agreements"].add(f"{slug}-agreement")
    return found


@pytest.mark.parametrize("force", ["gwent", "surrey", "suffolk"])
@pytest.mark.parametrize("day", ["2011-01-01", "2014-06-30", "2019-06-01", "2024-01-01"])
def test_what_a_force_is_party_to_is_what_the_rows_say(national: httpx.Client, force: str, day: str) -> None:
    answer = ask(national, f"forces/{force}/collaborations", as_of=day)
    sorts = ("agreements", "alliances", "joint_units")
    shown = {sort: {one["id"] for one in answer[sort] if not one.get("through")} for sort in sorts}
    assert shown == party_to(force, day)
    for one in answer["agreements"]:
        assert bool(one["through"]) != bool(one["as"])
        assert all(each["id"] in shown["alliances"] | shown["joint_units"] for each in one["through"])
    assert sum(map(len, shown.values())) >= 5


def test_every_record_is_served(national: httpx.Client) -> None:
    for collection in CATALOGUE:
        answer = national.get(f"/v1/{collection.path}", params={"limit": "1"}).json()
        assert answer["meta"]["total"] == sum(target.startswith(f"{collection.type}:") for target in ALL)
