"""No two answers contradict each other: list, detail, filter and count of the same thing on the same day are alike."""

import json
import random
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from app.collaborations.schemas import Lifecycle
from app.database import connect, reading
from app.registry.dates import AFTER_ALL, BEFORE_ALL
from app.registry.records import PeriodRow, StateRun
from tests.registry_in_use import serving

SEED = 20261126


@pytest.fixture(scope="module")
def national(national_url: str) -> Iterator[httpx.Client]:
    with serving(national_url) as client:
        yield client


@pytest.fixture(scope="module")
def change_days(national_url: str) -> list[str]:
    """Some of the days on which something changes for a unit, and the days before."""
    engine = connect(national_url)
    with reading(engine) as connection:
        found = set(connection.scalars(select(StateRun.first_day).union(select(PeriodRow.begins_latest))))
    engine.dispose()
    days = sorted(day + step for day in found for step in (-1, 0) if BEFORE_ALL + 1 < day < AFTER_ALL)
    return [date.fromordinal(day).isoformat() for day in random.Random(SEED).sample(days, 12)]


def every(client: httpx.Client, url: str) -> list[Any]:
    """All items of a list, page by page."""
    found, following = [], f"{url}&limit=200"
    while following:
        answer = client.get(following)
        assert answer.status_code == 200, answer.text
        found += answer.json()["data"]
        following = answer.json()["links"]["next"]
    return found


@pytest.mark.parametrize("lapse", ["", "&presumed_for=P5Y"])
def test_the_filter_by_lifecycle_finds_what_has_it(national: httpx.Client, change_days: list[str], lapse: str) -> None:
    for day in (*change_days, "2012-04", "2016"):
        units = every(national, f"/v1/joint-units?as_of={day}{lapse}&fields=id,lifecycle")
        for state in Lifecycle:
            having = {unit["id"] for unit in units if unit["lifecycle"] == state}
            found = every(national, f"/v1/joint-units?as_of={day}{lapse}&lifecycle={state}&fields=id,lifecycle")
            assert {unit["id"] for unit in found} == having, (day, state)
            counted = national.get(f"/v1/statistics/joint-units?as_of={day}{lapse}&lifecycle={state}").json()["data"]
            assert sum(sum(row["count"].values()) for row in counted) == len(having), (day, state)
        assert not [unit["id"] for unit in units if unit["lifecycle"] == "active" and unit["presence"] == "possible"]


@pytest.mark.parametrize("lapse", ["", "&presumed_for=P3Y"])
def test_a_match_is_as_sure_as_its_part(national: httpx.Client, change_days: list[str], lapse: str) -> None:
    for force in ("norfolk", "bedfordshire", "kent"):
        for day in change_days[:6]:
            matched = every(national, f"/v1/joint-units?force={force}&as_of={day}{lapse}")
            for unit in matched:
                parts = [one["presence"] for one in unit["participants"] if one["organisation"]["id"] == force]
                assert unit["presence"] == min(parts, key=["certain", "presumed", "possible"].index)
                one = national.get(f"/v1/joint-units/{unit['id']}?as_of={day}{lapse}").json()["data"]
                assert one["presence"] == unit["presence_of_record"]
                assert one["participants"] == unit["participants"]
            for level in ("certain", "presumed"):
                sure = every(national, f"/v1/joint-units?force={force}&as_of={day}{lapse}&certainty={level}&fields=id")
                weaker = {"certain": ("presumed", "possible"), "presumed": ("possible",)}[level]
                assert [one["id"] for one in sure] == [one["id"] for one in matched if one["presence"] not in weaker]
            count = national.get(f"/v1/statistics/joint-units?force={force}&as_of={day}{lapse}").json()["data"]
            presences = Counter(unit["presence"] for unit in matched)
            assert count[0]["count"] == {level: presences[level] for level in ("certain", "presumed", "possible")}


def test_nothing_undated_is_possible_before_its_members(national: httpx.Client) -> None:
    """All that may be older than any police force has no organisation whose founding is recorded."""
    for path, field in (("joint-units", "participants"), ("alliances", "participants"), ("agreements", "parties")):
        for record in every(national, f"/v1/{path}?as_of=1700"):
            organisations = [part["organisation"] for part in record[field]]
            known = [one for one in organisations if national.get(one["url"]).json()["data"]["started"]]
            assert len(known) < 2 < len(organisations) or not known, record["id"]


def test_a_post_ends_with_the_authority_it_is_in(national: httpx.Client) -> None:
    for day in ("2012-11-22", "2013-01-01"):
        assert every(national, f"/v1/appointments?body=hertfordshire-police-authority&as_of={day}") == []
    before = every(national, "/v1/appointments?body=hertfordshire-police-authority&as_of=2012-11-21&fields=id")
    assert len(before) >= 3


def test_what_was_superseded_is_never_active_again(national: httpx.Client) -> None:
    unit = national.get("/v1/joint-units/cd-dog-unit?as_of=2020-02-01").json()["data"]
    assert (unit["lifecycle"], unit["presence"]) == ("superseded", "absent")


def test_today_is_the_day_of_the_request(national: httpx.Client) -> None:
    answer = national.get("/v1/joint-units?as_of=today&limit=1")
    day = answer.json()["meta"]["as_of"]
    assert abs((date.today() - date.fromisoformat(day)).days) <= 1  # noqa: DTZ011 - UTC may be a day off
    same = national.get(f"/v1/joint-units?as_of={day}&limit=1").json()
    assert answer.json()["data"] == same["data"]
    following = national.get(answer.json()["links"]["next"]).json()
    assert following["meta"]["as_of"] == day
    assert national.get("/v1/joint-units?presumed_for=P5Y").status_code == 422
    assert national.get("/v1/joint-units?as_of=2012&presumed_for=5").status_code == 422
    lapsing = national.get("/v1/joint-units?as_of=2012&presumed_for=5y&limit=1").json()
    assert lapsing["meta"]["presumed_for"] == "5y"


def test_who_was_abolished_is_in_nothing_from_that_day(national: httpx.Client) -> None:
    """Scottish forces ended on 2013-04-01, police authorities in England and Wales on 2012-11-22."""
    centre = "/v1/joint-units/acpos-major-crime-centre"
    for day, parts, units in (("2013-03-31", 8, 4), ("2013-04-01", 0, 0)):
        assert len(national.get(f"{centre}?as_of={day}").json()["data"]["participants"]) == parts
        asked = f"force=strathclyde-police&as_of={day}"
        assert national.get(f"/v1/joint-units?{asked}").json()["meta"]["total"] == units
        counted = national.get(f"/v1/statistics/joint-units?{asked}").json()["data"]
        assert sum(counted[0]["count"].values()) == units
        nodes = {node["id"] for node in national.get(f"/v1/network?as_of={day}").json()["data"]["nodes"]}
        assert ("force:strathclyde-police" in nodes) == bool(units)
    authority = "hertfordshire-police-authority"
    for day, agreements, bodies in (("2012-11-21", 2, 1), ("2012-11-22", 0, 0)):
        found = [
            national.get(f"/v1/{query}={authority}&as_of={day}").json()["meta"]["total"]
            for query in ("agreements?party", "governance-bodies?member")
        ]
        assert found == [agreements, bodies], day


LEVELS = ("certain", "presumed", "possible")


@pytest.mark.parametrize(
    ("lapse", "expected"),
    [
        ("", {"agreements": (0, 8, 16), "alliances": (3, 5, 4), "joint_units": (5, 3, 19)}),
        ("&presumed_for=P1Y", {"agreements": (0, 0, 24), "alliances": (3, 0, 9), "joint_units": (5, 0, 22)}),
        ("&presumed_for=P5Y", {"agreements": (0, 5, 19), "alliances": (3, 1, 8), "joint_units": (5, 0, 22)}),
    ],
)
def test_what_a_force_is_presumed_to_be_party_to(national: httpx.Client, lapse: str, expected: Any) -> None:
    asked = "/v1/forces/kent/collaborations?as_of=2020-01-01"
    found = national.get(asked + lapse).json()["data"]
    counts = {kind: Counter(item["presence"] for item in found[kind]) for kind in expected}
    assert {kind: tuple(count[level] for level in LEVELS) for kind, count in counts.items()} == expected
    ever = national.get(asked).json()["data"]
    for kind in expected:
        for before, item in zip(ever[kind], found[kind], strict=True):
            assert before["id"] == item["id"]
            if before["presence"] != "presumed":
                assert item["presence"] == before["presence"]
            elif item["presence"] == "presumed":
                # the force's own part may have lapsed before, but none lasts longer than what shows the whole
                since = {"": "1900", "P1Y": "2019-01-01", "P5Y": "2015-01-01"}[lapse.partition("=")[2]]
                assert before["last_evidence"]["on"]["latest"] >= since, item["id"]
            else:
                assert item["presence"] == "possible"


LAPSING = (
    "search?q=dog unit&limit=200",
    "coverage",
    "joint-units/bch-dog-unit/history",
    "exports/register.ndjson",
    "joint-units?format=ndjson",
    "statistics/joint-units?group_by=kind",
)


@pytest.mark.parametrize("path", LAPSING)
def test_a_presumption_lapses_wherever_it_is_asked(national: httpx.Client, path: str) -> None:
    def presences(lapse: str) -> Counter[str]:
        mark = "&" if "?" in path else "?"
        answer = national.get(f"/v1/{path}{mark}as_of=2020-01-01{lapse}")
        assert answer.status_code == 200, answer.text
        lines = answer.text.splitlines() if "ndjson" in path else [answer.text]
        return Counter(found for line in lines for found in _presences(json.loads(line)))

    ever, years, year = (presences(lapse) for lapse in ("", "&presumed_for=P5Y", "&presumed_for=P1Y"))
    assert ever["certain"] == years["certain"] == year["certain"]
    assert ever["presumed"] >= years["presumed"] >= year["presumed"]
    assert ever["presumed"] > year["presumed"]
    assert sum(ever.values()) == sum(years.values()) == sum(year.values())


def _presences(found: Any) -> Iterator[str]:
    """Every presence that stands in an answer, once for each that is counted."""
    if isinstance(found, list):
        for each in found:
            yield from _presences(each)
    elif isinstance(found, dict):
        if set(LEVELS) == found.keys():
            yield from Counter(found).elements()
        yield from (found[name] for name in ("presence",) if name in found)
        for each in found.values():
            yield from _presences(each)
