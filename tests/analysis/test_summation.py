"""When claims may be added up, claim by claim."""

from typing import Any

import pytest

from app.analysis.claims import summation
from app.analysis.claims.summation import ComparedClaim, objections, total
from app.registry.presence import Presence
from tests.stated import day, entry, ref


def claim(slug: str, value: str | None = "10", /, **fields: Any) -> ComparedClaim:
    """A saving of exactly ten pounds once, said of a unit; other fields as given."""
    recorded: dict[str, Any] = {
        "kind": "saving",
        "standing": "forecast",
        "basis": "one_off",
        "bound": "exact",
        "amount": value and {"value": value, "currency": fields.pop("currency", "GBP")},
        "subject": ref(f"joint-unit:{slug}"),
        "scope": [],
        "period": day(fields.pop("period", None)),
    }
    return ComparedClaim(entry("claim", slug, **{**recorded, **fields}), Presence.CERTAIN, made=True, superseded_by=[])


@pytest.mark.parametrize(
    ("bounds", "together"),
    [
        (["exact", "exact"], "exact"),
        (["up_to", "up_to"], "up_to"),
        (["exact", "about"], "about"),
        (["about", "about"], "about"),
    ],
)
def test_a_sum_is_as_sure_as_its_parts(bounds: list[str], together: str) -> None:
    claims = [claim(f"c{place}", "10.05", bound=bound) for place, bound in enumerate(bounds)]
    assert objections(claims) == []
    found = total(claims)
    assert found is not None
    assert (str(found.value), found.currency, found.bound) == ("20.10", "GBP", together)


def test_no_sum_is_rounded_and_of_nothing_there_is_none() -> None:
    found = total([claim("a", "99999999999999999.999999999999"), claim("b", "99999999999999999.999999999999")])
    assert found is not None
    assert format(found.value, "f") == "199999999999999999.999999999998"
    assert total([]) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [("kind", "cost"), ("standing", "actual"), ("basis", "per_year"), ("currency", "EUR"), ("bound", "up_to")],
)
def test_only_like_is_added_to_like(field: str, value: str) -> None:
    (reason,) = objections([claim("a"), claim("b", **{field: value})])
    assert reason.startswith(f"{field} differs: ")


@pytest.mark.parametrize("field", ["kind", "standing", "basis", "bound"])
def test_what_is_not_recorded_is_not_taken_for_alike(field: str) -> None:
    assert objections([claim("a", **{field: None}), claim("b", **{field: None})]) == [f"no {field} is recorded: a, b"]


def test_one_claim_alone_can_always_be_shown() -> None:
    assert objections([claim("a", kind=None)]) == []
    assert objections([]) == []


SAME = {"subject": ref("alliance:bch")}


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ({}, {}, True),
        ({"subject": ref("joint-unit:dogs")}, {"subject": ref("joint-unit:dogs")}, False),
        ({"subject": ref("force:alpha")}, {"subject": ref("force:beta")}, True),
        ({"subject": ref("alliance:bch")}, {"subject": ref("alliance:bh")}, False),
        ({"subject": ref("joint-unit:dogs")}, {"subject": ref("business-case:dogs")}, False),
        ({"subject": None}, {"subject": None}, False),
        ({**SAME, "scope": [ref("force:alpha")]}, {**SAME, "scope": [ref("force:beta")]}, True),
        (
            {**SAME, "scope": [ref("force:alpha"), ref("force:beta")]},
            {**SAME, "scope": [ref("force:beta")]},
            False,
        ),
        ({**SAME, "scope": [ref("force:alpha")]}, SAME, False),
        ({"subject": ref("force:alpha")}, {**SAME, "scope": [ref("force:beta")]}, True),
        ({"subject": ref("force:alpha")}, {**SAME, "scope": [ref("force:alpha")]}, False),
    ],
)
def test_the_same_money_is_not_counted_twice(one: dict[str, Any], other: dict[str, Any], apart: bool) -> None:
    found = objections([claim("a", **one), claim("b", **other)])
    assert found == (
        [] if apart else ["a and b may speak of the same money: neither their subjects nor their forces are apart"]
    )


@pytest.mark.parametrize(
    ("basis", "one", "other", "reason"),
    [
        ("cumulative", "2011", "2012", None),
        ("cumulative", "[2011-01-01..2011-12-31]", "[2012-01-01..2012-12-31]", None),
        ("cumulative", "[2011-01-01..2012-01-01]", "[2012-01-01..2012-12-31]", "same money"),
        ("cumulative", "2012", "2011", None),
        ("cumulative", "2011", "2011", "same money"),
        ("cumulative", "2011", None, "same money"),
        ("per_year", "2011", "2012", "same money"),
    ],
)
def test_of_one_thing_only_times_that_follow_each_other_are_added(
    basis: str, one: str, other: str | None, reason: str | None
) -> None:
    claims = [claim("a", basis=basis, period=one, **SAME), claim("b", basis=basis, period=other, **SAME)]
    found = objections(claims)
    assert len(found) == (reason is not None)
    assert all(str(reason) in each for each in found)


@pytest.mark.parametrize(
    ("basis", "one", "other", "reasons"),
    [
        ("one_off", "2011", "2013", []),
        ("one_off", None, None, []),
        ("per_year", "2011", "2011", []),
        ("per_year", "2011", "2012", ["a and b are for different times: 2011, 2012"]),
        (
            "per_year",
            None,
            None,
            ["a and b are not known to be for the same time: a time not recorded, a time not recorded"],
        ),
        (
            "cumulative",
            "2011",
            "[2011..2013]",
            ["a and b are not known to be for the same time: 2011, between 2011 and 2013"],
        ),
    ],
)
def test_of_different_things_only_the_same_time_is_added(
    basis: str, one: str | None, other: str | None, reasons: list[str]
) -> None:
    assert objections([claim("a", basis=basis, period=one), claim("b", basis=basis, period=other)]) == reasons


def test_no_more_reasons_than_anybody_reads_and_no_more_claims_than_can_be_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert len(objections([claim(f"c{number}", **SAME) for number in range(6)])) == summation.MOST_REASONS
    monkeypatch.setattr(summation, "MOST_COMPARED", 2)
    assert objections([claim("a"), claim("b")]) == []
    assert "too many to compare" in objections([claim("a"), claim("b"), claim("c")])[0]


@pytest.mark.parametrize(
    ("said", "adds"),
    [
        ({}, True),
        ({"made": False}, False),
        ({"superseded_by": [ref("claim:later")]}, False),
    ],
)
def test_only_what_was_made_and_still_stands_is_in_a_total(said: dict[str, Any], adds: bool) -> None:
    one = claim("a")
    assert ComparedClaim(**{**vars(one), **said}).adds is adds
    assert claim("a", None).adds is False
