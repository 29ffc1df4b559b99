"""What one record tells of: events, when each was, and who was there."""

from typing import Any

import pytest

from app.analysis.timeline.events import Event, events
from app.analysis.timeline.projection import order_of
from app.analysis.timeline.schemas import EventKind
from app.registry.documents.canonical import Document
from tests.stated import day, entry, ref


def told(kind: str, **answer: Any) -> list[tuple[str, Any]]:
    """The kinds and dates of the events of a record."""
    return [(event.kind, event.date and event.date["edtf"]) for event in events(entry(kind, "it", **answer))]


def unit(**fields: Any) -> Document:
    found: Document = {"started": None, "ended": None, "end_reason": None, "participants": [], "predecessors": []}
    return {**found, **{name: day(value) if name in ("started", "ended") else value for name, value in fields.items()}}


def part(who: str, started: str | None = None, ended: str | None = None, **fields: Any) -> Document:
    return {"organisation": ref(who), "role": None, "started": day(started), "ended": day(ended), **fields}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, [("established", None)]),
        ({"started": "2010"}, [("established", "2010")]),
        ({"started": "2010", "ended": "2012"}, [("established", "2010"), ("ended", "2012")]),
        ({"ended": "unknown"}, [("established", None), ("ended", None)]),
    ],
)
def test_that_a_unit_began_is_told_even_if_nobody_says_when(fields: Document, expected: list[Any]) -> None:
    assert told("joint-unit", **unit(**fields)) == expected


def test_that_a_force_began_is_told_only_if_somebody_does() -> None:
    force: Document = {"started": None, "ended": None, "successors": []}
    assert told("force", **force) == []
    assert told("force", **{**force, "started": day("1974")}) == [("established", "1974")]


PARTS = [
    part("force:alpha"),
    part("force:beta", "2010"),
    part("force:gamma", "2011"),
    part("force:delta", "2011", "2013"),
    part("force:epsilon", "2011-05", "2014"),
    part("force:zeta", "2011", role="lead"),
]


def of_unit(**fields: Any) -> list[Event]:
    return list(events(entry("joint-unit", "dogs", **unit(**fields))))


def test_who_was_there_from_the_start_founded_it_and_the_others_came() -> None:
    found = of_unit(started="2010", ended="2014", participants=PARTS)
    told_of = [(event.kind, [each["id"] for each in event.organisations], event.pointers) for event in found]
    everybody = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta"]
    assert told_of == [
        ("established", everybody, ("/started",)),
        ("ended", everybody, ("/ended",)),
        ("joined", ["gamma", "delta"], ("/participants/2/started", "/participants/3/started")),
        ("joined", ["epsilon"], ("/participants/4/started",)),
        ("joined", ["zeta"], ("/participants/5/started",)),
        ("left", ["delta"], ("/participants/3/ended",)),
    ]
    assert found[0].text == "Dogs was established by Alpha and Beta."


def test_where_no_start_is_recorded_who_came_on_a_day_did_not_found_it() -> None:
    (first, *_) = of_unit(participants=PARTS[:3])
    assert first.text == "Dogs was established by Alpha."


def test_what_it_took_the_place_of_is_told_on_the_day_it_began() -> None:
    before = [{"unit": ref("joint-unit:cats"), "relation": "replaces", "basis": "stated"}]
    found = of_unit(started="2010", predecessors=before)[-1]
    assert (found.kind, found.date and found.date["edtf"], found.subject["id"]) == ("superseded", "2010", "cats")
    assert found.pointers == ("/predecessors/0", "/started")


def agreement(**fields: Any) -> Document:
    dates = dict.fromkeys(("made", "commences", "expires", "review_due"))
    return {**dates, "parties": [], "publications": [], **fields}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, [("made", None)]),
        ({"commences": day("2012")}, [("made", None), ("commences", "2012")]),
        ({"made": day("2011"), "expires": day("unknown")}, [("made", "2011"), ("expires", None)]),
        ({"made": day("2011"), "review_due": day("2015")}, [("made", "2011"), ("review_due", "2015")]),
        (
            {"publications": [{"publisher": ref("force:alpha"), "form": "full", "on": day("2013")}]},
            [("made", None), ("published", "2013")],
        ),
        (
            {"made": day("2011"), "parties": [{**part("force:alpha"), "joined": day("2011"), "left": day("2013")}]},
            [("made", "2011"), ("left", "2013")],
        ),
    ],
)
def test_the_days_of_an_agreement(fields: Document, expected: list[Any]) -> None:
    parts = [{"capacity": None, "joined": None, "left": None, **each} for each in fields.get("parties", [])]
    assert told("agreement", **agreement(**{**fields, "parties": parts})) == expected


@pytest.mark.parametrize(("body", "organisations"), [("force:alpha", ["alpha"]), ("joint-unit:dogs", [])])
def test_someone_in_a_post(body: str, organisations: list[str]) -> None:
    record = {"body": ref(body), "person": ref("person:ann"), "post": "Chief", "status": None}
    both = list(events(entry("appointment", "it", **record, started=day("2010"), ended=day("unknown"))))
    assert [(event.kind, event.date and event.date["edtf"]) for event in both] == [
        ("took_post", "2010"),
        ("left_post", None),
    ]
    assert [each["id"] for each in both[0].organisations] == organisations


def happened(edtf: str | None) -> Event:
    return Event(day(edtf), EventKind.MADE, ref("agreement:pact"), str, list, ("/made",))


def test_events_stand_by_their_first_day_then_their_last_and_the_undated_last() -> None:
    dates = ["2012-04-01", "2012", "2011", "[..2011-06-01]", "[2012-04..]", None, "2012-01"]

    def place(date: str | None) -> tuple[int, int, int]:
        undated, first, _, latest, *_ = order_of(happened(date))
        return undated, first, latest

    assert sorted(dates, key=place) == ["2011", "[..2011-06-01]", "2012-01", "2012", "2012-04-01", "[2012-04..]", None]
