"""When a candidate is taken without asking anybody."""

from typing import Any

import pytest

from app.reconciliation.scoring import NameFit, ScoredRecord, certain, ranked
from tests.stated import entry


def candidate(slug: str, score: float, **said: Any) -> ScoredRecord:
    """A candidate whose name fits as `exact`, `same_words` and `all_words` say."""
    name = NameFit(score, *(said.get(how, False) for how in ("exact", "same_words", "all_words", "by_id")))
    return ScoredRecord(entry("force", slug), score, name, said.get("identified", False), said.get("agreements", {}))


def taken(*candidates: ScoredRecord) -> str | None:
    found = certain(candidates)
    return found and str(found.entry.answer["id"])


AGREES: dict[str, Any] = {"all_words": True, "agreements": {"country": 1.0}}


@pytest.mark.parametrize(
    ("first", "second", "meant"),
    [
        (90, None, True),
        (89.9, None, False),
        (95, 75, True),
        (95, 75.1, False),
        (100, 80, True),
        (100, 85, False),
        (90, 70, True),
    ],
)
def test_properties_must_bring_one_twenty_ahead_and_to_ninety(first: float, second: float | None, meant: bool) -> None:
    others = [] if second is None else [candidate("other", second)]
    assert taken(candidate("one", first, **AGREES), *others) == ("one" if meant else None)


@pytest.mark.parametrize(
    "said",
    [
        {"all_words": True},
        {"agreements": {"country": 1.0}},
        {"all_words": True, "agreements": {"country": 0.84}},
        {"all_words": True, "agreements": {"country": 1.0, "kind": 0.0}},
    ],
)
def test_a_high_score_alone_is_not_enough(said: dict[str, Any]) -> None:
    assert taken(candidate("one", 100, **said)) is None


def test_what_agrees_just_well_enough_agrees() -> None:
    assert taken(candidate("one", 95, all_words=True, agreements={"country": 0.85})) == "one"


@pytest.mark.parametrize("how", ["by_id", "exact", "same_words", "identified"])
def test_the_only_one_that_is_equal_is_taken(how: str) -> None:
    assert taken(candidate("other", 99), candidate("one", 60, **{how: True})) == "one"


@pytest.mark.parametrize("how", ["by_id", "exact", "same_words", "identified"])
def test_of_two_that_are_equal_neither_is(how: str) -> None:
    assert taken(candidate("one", 100, **{how: True}), candidate("other", 100, **{how: True})) is None


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("by_id", "exact"),
        ("by_id", "same_words"),
        ("exact", "identified"),
        ("identified", "same_words"),
        ("exact", "same_words"),
    ],
)
def test_an_id_goes_before_a_name_that_before_an_identifier_and_that_before_the_same_words(
    better: str, worse: str
) -> None:
    assert taken(candidate("other", 90, **{worse: True}), candidate("one", 80, **{better: True})) == "one"


def test_what_a_property_contradicts_is_not_meant() -> None:
    wrong = candidate("wrong", 80, exact=True, agreements={"country": 0.0})
    assert taken(wrong) is None
    assert taken(wrong, candidate("one", 80, exact=True)) == "one"


def test_nothing_is_taken_of_nothing() -> None:
    assert taken() is None


def test_equal_scores_stand_in_the_order_of_how_well_names_fit_then_of_ids() -> None:
    found = ranked(
        [
            candidate("d", 90),
            candidate("c", 90),
            candidate("b", 90, same_words=True),
            candidate("z", 90, exact=True),
            candidate("a", 89.9, exact=True),
        ]
    )
    assert [each.entry.answer["id"] for each in found] == ["z", "b", "c", "d", "a"]
