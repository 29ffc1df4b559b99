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
from tests.datasets.national import ALL, BCH, COLLABORATIONS, NATIONAL, READINGS, RECORD, ROWS, of_row, rows
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
    incomplete = [warning.message for warning in first.warnings]
    assert incomplete.count("names fewer than two organisations, so it is not complete") == len(incomplete) - 2
    assert "make 41.98 percent, not 100" in incomplete
    url, both = databases.copy(template), len(set(BCH) & set(NATIONAL))
    for name, unchanged, amended in (("bch", len(set(BCH) - set(NATIONAL)), both), ("national", len(NATIONAL), 0)):
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
    ("alliance:bch-strategic-alliance", "/started"): {
        "[2010-09..2011-06-02]",
        "2011",
        "[2010-09..2010-11]",
        "[..2011-06]",
    },
    ("alliance:wwm-strategic-alliance", "/ended"): {"2020-04-01", "2019-10-08", "2019-10-09"},
    ("joint-unit:tri-force-specialist-operations", "/end_reason"): {
        "Avon and Somerset says that it withdrew.",
        "Gloucestershire left.",
    },
    ("joint-unit:emsou", "/started"): {"2001", "2002"},
    ("joint-unit:emopss", "/started"): {"2015-05-05", "2013-12", "2014-01", "2015"},
    ("joint-unit:nabis", "/started"): {"2008-04", "2008-11"},
    ("agreement:nabis-agreement", "/made"): {"2017-03", "2017-04-01"},
    ("joint-unit:tarian", "/started"): {"2002", "2002-08", "2003"},
    ("agreement:seven-force-procurement-agreement", "/made"): {"2019-01-28", "2019-03-15"},
    ("claim:wwm-strategic-alliance-settlement", "/amount"): {"10500000", "10700000", "10770000", "10800000"},
    ("claim:tvh-contact-management-cost-39000000", "/amount"): {"27000000", "30600000", "32100000", "39000000"},
}
"""By hand from the notes that say CONFLICT: of the first files all, of the later ones some."""

SIDE_BY_SIDE = {
    *("se-integration-partnership", "national-management-centre"),  # two names
    *("essex-escp", "ns-savings", "bch-contact-facts", "athena-facts", "ecis-facts"),  # two claims
    *("ne-regional-crime-prevention-centre", "ss-major-crime-approval-2011"),
    *("serocu-kent", "sw-forensics-approval", "mfss-costs", "sw-special-branch-four", "cnc-temperer"),  # who takes part
    *("lincs-blue-light", "norfolk-police-fire-control", "tri-force-partial-exit"),  # what has no field: in the note
    *("mdp-protocol-2008", "dcpcu-mopac-pcd766"),
}
"""Rows of the later files whose disagreement is no competing value of one field."""


def test_every_conflict_of_the_notes_shows_both_sides(national: httpx.Client) -> None:
    marked = {row.get("slug") or row["id"] for table, row in ROWS if "CONFLICT" in row["note"] and table in EARLIER}
    assert {target.split(":")[1] for target, _ in CONFLICTS} >= marked
    for (target, field), values in CONFLICTS.items():
        [found] = [one for one in ask(national, "conflicts", subject=target, limit="200") if one["field"] == field]
        said = found["recorded"]
        assert {plainly(said), *(plainly(one["value"]) for one in found["competing"])} == values


EARLIER = ("forces", "policing_bodies", "collaborations", "people")


def plainly(value: Any) -> str:
    return str(value.get("edtf") or value["value"]) if isinstance(value, dict) else str(value)


def test_every_conflict_of_the_later_files_stands_beside_the_record() -> None:
    for table, row in ROWS:
        if "CONFLICT" in row["note"] and table in COLLABORATIONS[1:] and row["id"] not in SIDE_BY_SIDE:
            cited = [one for document in of_row(table, row) for one in document["citations"]]
            assert any(one.get("value") is not None for one in cited), row["id"]


def test_emsou_started_in_2002_says_the_press_and_a_commissioner(national: httpx.Client) -> None:
    [found] = [one for one in ask(national, "conflicts", subject="joint-unit:emsou") if one["field"] == "/started"]
    hosts = sorted(one["source"]["id"].split("-")[0] for one in found["competing"])
    assert {"hucknalldispatch", "lincolnshire", "hmicfrs"} <= set(hosts)


@pytest.mark.parametrize(
    ("unit", "certain", "presumed"),
    [
        ("ch-nw-armed-alliance", "2021-11-12", "2021-11-13"),
        ("nersou", "2025", "2026-01-01"),
        ("npas", "2024", "2025-01-01"),
        ("ersou", "2023-05", "2023-06-01"),
        ("bch-armed-policing-unit", "2017-06", "2017-07-01"),
        ("sw-forensics", "2022-07", "2022-08-01"),
    ],
)
def test_presence_is_certain_when_last_seen_and_presumed_afterwards(
    national: httpx.Client, unit: str, certain: str, presumed: str
) -> None:
    assert max(row["last_seen"] for row in facts_on(unit)) == certain
    for day, presence in ((certain, "certain"), (presumed, "presumed"), ("2026-01-01", "presumed")):
        shown = ask(national, f"joint-units/{unit}", as_of=day)
        assert shown["presence"] == presence, day
        assert presence in {part["presence"] for part in shown["participants"]}


def test_a_unit_without_a_start_is_certain_on_no_day_of_the_month_in_which_it_was_seen(national: httpx.Client) -> None:
    for day, presence in (("2024-05-31", "possible"), ("2024-06-15", "possible"), ("2024-06-30", "presumed")):
        assert ask(national, "joint-units/ch-nw-dogs", as_of=day)["presence"] == presence


def test_what_was_only_proposed_is_not_active_and_what_was_seen_is(national: httpx.Client) -> None:
    for slug in ("ss-fleet", "national-police-service-proposal", "ke-business-centre"):
        assert ask(national, f"joint-units/{slug}")["lifecycle"] is None
    for slug, seen in (("bch-custody", "2017-08"), ("bch-criminal-justice", "2017-12")):
        assert ask(national, f"joint-units/{slug}", as_of=seen)["lifecycle"] == "active"


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


OTHERWISE = {
    one["row"]: one["collection"] for table in COLLABORATIONS for one in READINGS[table] if "collection" in one
}
SORTS = {
    **dict.fromkeys(("alliance", "programme", "consortium"), "alliances"),
    "agreement": "agreements",
    "joint-unit": "joint_units",
    "governance_group": "none",
}


def facts_on(slug: str) -> list[dict[str, str]]:
    """The row of that id, and those that add facts to it."""
    found = [row for table in COLLABORATIONS for row in rows(table) if slug in (row["id"], row.get("checked_against"))]
    return sorted(found, key=lambda row: row["id"] != slug)


SUPERSEDED = {"sew-air-support": "2012-10-01"}
"""Units without a recorded end of which a source states what took their place, and when that began."""


def party_to(force: str, day: str) -> dict[str, set[str]]:
    """By hand from the rows: what can have held on that day, for a force that no change of membership names."""
    found: dict[str, set[str]] = {"agreements": set(), "alliances": set(), "joint_units": set(), "none": set()}
    for slug in sorted(set(RECORD.values())):
        own, *_ = facts = facts_on(slug)
        kind = SORTS.get(OTHERWISE.get(slug, own["kind"]), "joint_units")
        columns = ("date_started", "date_agreed") if kind == "agreements" else ("date_started",)
        start = next((row[column] for column in columns for row in facts if row[column]), "")
        end = next((row["date_ended"] for row in facts if row["date_ended"]), "")
        end = end or SUPERSEDED.get(slug, "")
        takes_part = any(force in row["participating_forces"].split(";") for row in facts)
        if takes_part and (not start or first(start) <= day) and not (end and last(end) <= day):
            found[kind].add(slug)
    signed = {"seerpic": "2021-01-01", "minerva": "2023-10-01"}  # rows that name parties of an agreement beside them
    for slug, made in signed.items():
        if force in facts_on(slug)[0]["participating_forces"].split(";") and made <= day:
            found["agreements"].add(f"{slug}-agreement")
    del found["none"]
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
