"""How well a value from elsewhere agrees with what is recorded."""

from typing import Any

import pytest

from app.catalogue import CATALOGUE
from app.reconciliation.comparison import agreement, span_of, words_of
from app.reconciliation.properties import property_of
from app.registry.dates import Span, parse_edtf
from app.registry.documents.references import Ref
from tests.stated import day, ref

NOTHING = frozenset[Ref]()


def compared(kind: str, pid: str, recorded: list[Any], *given: str, meant: frozenset[Ref] = NOTHING) -> float | None:
    """How well they agree, where each text given is the name of what is `meant`."""

    def resolve(text: str, types: tuple[str, ...]) -> frozenset[Ref]:
        return meant

    one = property_of(CATALOGUE.by_type[kind], pid)
    assert one is not None
    return agreement(one, recorded, given, resolve)


@pytest.mark.parametrize(
    ("recorded", "given", "agrees"),
    [
        ("2012-04-30", "2012-04-30", 1.0),
        ("2012-04-30", "2012-05-01", 0.0),
        ("2012-04", "2012-04-30", 1.0),
        ("2012-04", "2012-04-01", 1.0),
        ("2012-04", "2012-05-01", 0.0),
        ("2012-04", "2012-03-31", 0.0),
        ("2012-04-01", "2012-04-01T00:00:00Z", 1.0),
        ("2012", "spring", None),
        ("unknown", "2012", None),
    ],
)
def test_dates_agree_where_they_can_be_the_same_day(recorded: str, given: str, agrees: float | None) -> None:
    assert compared("joint-unit", "started", [day(recorded)], given) == agrees


def test_what_is_not_recorded_is_no_difference() -> None:
    assert compared("joint-unit", "started", [], "2012") is None
    assert compared("joint-unit", "started", [day("2012"), day("2014")], "2013", "2014") == 1.0


@pytest.mark.parametrize(
    ("given", "meant", "agrees"),
    [
        ("Bch", NOTHING, 1.0),
        ("BCH", NOTHING, 1.0),
        ("alliance:bch", NOTHING, 1.0),
        ("the three", frozenset([Ref("alliance", "bch")]), 1.0),
        ("the three", frozenset([Ref("alliance", "other")]), 0.0),
        ("bhc", NOTHING, 0.0),
    ],
)
def test_a_reference_agrees_by_name_or_id_or_by_what_is_meant(given: str, meant: frozenset[Ref], agrees: float) -> None:
    assert compared("joint-unit", "alliance", [ref("alliance:bch")], given, meant=meant) == agrees


@pytest.mark.parametrize(
    ("given", "agrees"),
    [("Biggleswade", 1.0), ("biggleswade", 1.0), ("Bigleswade", 0.952), ("Harpenden", 0.0), ("Biggles", 0.0)],
)
def test_free_text_agrees_where_it_is_much_alike(given: str, agrees: float) -> None:
    found = compared("joint-unit", "location", ["Biggleswade"], given)
    assert found == pytest.approx(agrees, abs=0.001)


def test_words_that_tell_a_name_apart() -> None:
    assert words_of("Beds & Herts Dogs Unit") == words_of("Dog unit of Bedfordshire and Hertfordshire")
    assert words_of("the and of") == frozenset()


@pytest.mark.parametrize(
    ("text", "span"),
    [("2012", parse_edtf("2012")), (" 2012 ", parse_edtf("2012")), ("unknown", None), ("soon", None), ("", None)],
)
def test_days_that_a_date_can_be(text: str, span: Span | None) -> None:
    assert span_of(text) == span
