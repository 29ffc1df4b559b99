"""How the dates of a canonical document are read, stated in EDTF alone or with the source's words."""

from typing import Any

import pytest

from app.registry.documents.fields import edtf_of, keep_date, reader_of, recorded
from app.registry.documents.shapes import Held
from app.registry.documents.values import UncertainDate, served_date

IN_WORDS = {"edtf": "2012", "text": "in the spring of 2012"}


@pytest.mark.parametrize("stated", ["2012", IN_WORDS, {"edtf": "2012", "text": ""}])
def test_a_date_is_its_edtf_text_whatever_stands_beside_it(stated: Any) -> None:
    assert edtf_of(stated) == "2012"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"edtf": "2012-04"}, "2012-04"),
        ({"edtf": "2012-04", "text": "April 2012"}, "2012-04"),
        ({"edtf": "2012-04", "text": "early in April 2012"}, {"edtf": "2012-04", "text": "early in April 2012"}),
        ({"edtf": "unknown"}, "unknown"),
    ],
)
def test_words_are_kept_where_they_are_not_ours(given: Any, kept: Any) -> None:
    assert keep_date(UncertainDate.model_validate(given)) == kept
    assert keep_date(UncertainDate.model_validate(served_date(kept))) == kept


@pytest.mark.parametrize(
    ("document", "stated"),
    [
        ({}, (None, None, ())),
        ({"commences": "2012", "made": "2010"}, ("2012", None, ())),
        ({"made": "2010"}, ("2010", None, ())),
        ({"made": IN_WORDS, "ended": {"edtf": "unknown", "text": "gone"}}, ("2012", "unknown", ())),
        ({"observed": ["2011", IN_WORDS]}, (None, None, ("2011", "2012"))),
    ],
)
def test_the_first_start_that_is_recorded_counts(document: Any, stated: Any) -> None:
    assert reader_of(Held(("commences", "made")))(document) == stated


@pytest.mark.parametrize(
    ("document", "stated"),
    [
        ({}, None),
        ({"stages": [{"stage": "outline"}, {"stage": "full", "reached": IN_WORDS}, {"reached": "2013"}]}, "2012"),
        ({"stages": [{"stage": "outline"}]}, None),
    ],
)
def test_a_start_may_be_that_of_a_part(document: Any, stated: str | None) -> None:
    assert reader_of(Held(("stages/reached",), None, None))(document) == (stated, None, ())


def test_what_has_no_dates_states_none() -> None:
    assert reader_of(None)({"started": "2012"}) == (None, None, ())
    assert recorded({"stages": [{"reached": "2012"}, {}]}, "stages/reached") == ["2012"]
