"""Both clocks go along with every link, and JSON and its page name each other."""

import httpx
import pytest

from app.explorer.links import PageLinks, lapse_in_words, lapse_of

DATED = PageLinks("/police", "/joint-units", {"as_of": "2012", "known_at": "2", "kind": "unit", "cursor": "abc"})


def test_a_link_carries_both_clocks() -> None:
    assert DATED.page("/v1/forces/kent") == "/police/forces/kent?as_of=2012&known_at=2"
    assert DATED.page("/search", q="dogs & more") == "/police/search?as_of=2012&known_at=2&q=dogs+%26+more"


def test_a_cursor_keeps_its_question_and_a_change_leaves_it() -> None:
    assert DATED.page("/v1/joint-units?cursor=xyz") == "/police/joint-units?cursor=xyz"
    assert DATED.here(kind=None) == "/police/joint-units?as_of=2012&known_at=2"
    assert DATED.here(as_of="2013") == "/police/joint-units?as_of=2013&known_at=2&kind=unit"


def test_data_are_asked_with_the_presumption_of_the_page() -> None:
    dated = PageLinks("", "/joint-units", {"as_of": "2012"})
    assert dated.data(format="csv") == "/v1/joint-units?as_of=2012&presumed_for=P5Y&format=csv"
    assert PageLinks("", "/", {}).data() == "/v1"


@pytest.mark.parametrize(
    ("given", "dated", "expected"),
    [
        ({}, False, {}),
        ({"as_of": "2012"}, False, {"presumed_for": "P5Y"}),
        ({"as_of": "2012", "presumed_for": "P1Y"}, False, {"presumed_for": "P1Y"}),
        ({"from": "2012"}, True, {"presumed_for": "P5Y"}),
        ({"cursor": "abc"}, True, {}),
    ],
)
def test_a_presumption_lapses_where_days_are_asked_for(
    given: dict[str, str], dated: bool, expected: dict[str, str]
) -> None:
    assert lapse_of(given, dated=dated) == expected


def test_a_presumption_of_no_day_goes_along_with_no_link() -> None:
    assert PageLinks("", "/network", {"presumed_for": "P1Y"}).page("/forces") == "/forces"


def test_how_long_in_words() -> None:
    assert [lapse_in_words(each) for each in (None, "P9999Y", "P5Y", "P18M")] == [
        "for ever",
        "for ever",
        "for five years",
        "for P18M",
    ]


@pytest.mark.parametrize(
    ("asked", "page"),
    [
        ("/v1", "/"),
        ("/v1/joint-units?force=bedfordshire&format=json", "/joint-units?force=bedfordshire"),
        ("/v1/joint-units/bh-major-crime-unit", "/joint-units/bh-major-crime-unit"),
        (
            "/v1/joint-units/bh-major-crime-unit?as_of=2012&fields=name",
            "/joint-units/bh-major-crime-unit?as_of=2012&presumed_for=P9999Y",
        ),
        ("/v1/joint-units?as_of=2012&presumed_for=P1Y", "/joint-units?as_of=2012&presumed_for=P1Y"),
        ("/v1/joint-units/bh-major-crime-unit/history", "/joint-units/bh-major-crime-unit/history"),
    ],
)
def test_json_names_its_page(client: httpx.Client, asked: str, page: str) -> None:
    assert client.get(asked).json()["links"]["page"] == page
    assert client.get(page).status_code == 200
