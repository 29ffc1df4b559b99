"""`If-Match`: every spelling of a revision is one token."""

import pytest

from app.curation.preconditions import Precondition, precondition
from app.registry.problems import Unsupported


@pytest.mark.parametrize(
    ("header", "revisions"),
    [
        ('"17"', {17}),
        ("17", {17}),
        ('W/"17"', {17}),
        ('"17-5f3a9c"', {17}),
        ('W/"17-5f3a9c-gzip"', {17}),
        ('"17-5f3a9c;br"', {17}),
        ('"17", W/"18-ab"', {17, 18}),
    ],
)
def test_a_revision(header: str, revisions: set[int]) -> None:
    assert precondition(header) == Precondition(frozenset(revisions))


@pytest.mark.parametrize("header", ["", '""', "0", "-1", "017", '"abc"', "1e3", '"17" "18"', "17,", "9" * 12])
def test_no_revision(header: str) -> None:
    with pytest.raises(Unsupported):
        precondition(header)


def test_any_and_none() -> None:
    assert precondition(None) == Precondition()
    assert precondition(" * ") == Precondition(any=True)
    assert precondition('"17"', "*") == Precondition(absent=True)
    with pytest.raises(Unsupported):
        precondition(None, '"17"')
