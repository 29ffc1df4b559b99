"""Parameters of lists, and what a client likes best, without a database."""

import pytest

from app.api.negotiation import preferred
from app.api.parameters import MOST_ITEMS, limit_of
from app.registry.problems import Unsupported


@pytest.mark.parametrize("text", ["1", "50", str(MOST_ITEMS), "0001"])
def test_limits(text: str) -> None:
    assert limit_of({"limit": text}) == int(text)


@pytest.mark.parametrize("text", ["0", str(MOST_ITEMS + 1), "-1", "", "1.0", "1e1", "٣", "1" * 400])
def test_limits_that_are_refused(text: str) -> None:
    with pytest.raises(Unsupported):
        limit_of({"limit": text})


def test_a_page_has_fifty_items_unless_more_or_fewer_are_asked_for() -> None:
    assert limit_of({}) == 50
    assert limit_of({}, 20) == 20


OFFERED = ("application/json", "text/csv", "application/x-ndjson")


@pytest.mark.parametrize(
    ("accept", "best"),
    [
        (None, "application/json"),
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/csv", "text/csv"),
        ("TEXT/CSV ; charset=utf-8", "text/csv"),
        ("text/*", "text/csv"),
        ("text/csv;q=0.5, application/x-ndjson", "application/x-ndjson"),
        ("application/json;q=0, */*", "text/csv"),
        ("application/json;q=0, application/*;q=0.5", "application/x-ndjson"),
        ("text/csv;q=0.9, */*;q=0.8", "text/csv"),
        ("text/csv;q=0.7, */*;q=0.8", "application/json"),
        ("text/csv;q=0.1, text/csv;q=0.9, application/json;q=0.5", "text/csv"),
        ("text/csv;q=much, application/x-ndjson;q=0.1", "application/x-ndjson"),
        ("image/png", "application/json"),
    ],
)
def test_what_a_client_likes_best(accept: str | None, best: str) -> None:
    assert preferred(accept, OFFERED) == best
