"""Two changes of one record, brought together."""

from typing import Any

import pytest

from app.registry.writing.merging import Clash, fields_changed, three_way


@pytest.mark.parametrize(
    ("base", "now", "wanted", "after"),
    [
        ({"a": 1}, {"a": 1}, {"a": 2}, {"a": 2}),
        ({"a": 1}, {"a": 1, "b": 2}, {"a": 2}, {"a": 2, "b": 2}),
        ({"a": 1}, {"a": 2}, {"a": 2}, {"a": 2}),
        ({"a": 1, "b": 1}, {"a": 1, "b": 1}, {"b": 1}, {"b": 1}),
        ({"a": 1}, {}, {}, {}),
        ({"l": [1, 2]}, {"l": [1, 2, 3]}, {"l": [2]}, {"l": [2, 3]}),
        ({"l": [1]}, {"l": [1, 2]}, {"l": [1, 3]}, {"l": [1, 2, 3]}),
        ({"l": [1]}, {"l": [1, 2]}, {"l": [1, 2]}, {"l": [1, 2]}),
        ({"l": [1]}, {"l": [1]}, {}, {}),
        ({}, {"l": [1]}, {"l": [2]}, {"l": [1, 2]}),
    ],
)
def test_both_changes_hold(base: Any, now: Any, wanted: Any, after: Any) -> None:
    assert three_way(base, now, wanted) == (after, [])


@pytest.mark.parametrize(
    ("base", "now", "wanted", "clash"),
    [
        ({"a": 1}, {"a": 2}, {"a": 3}, Clash("a", 1, 2, 3)),
        ({"a": 1}, {}, {"a": 3}, Clash("a", 1, None, 3)),
        ({"a": 1}, {"a": 2}, {}, Clash("a", 1, 2, None)),
        ({"l": [1, 2]}, {"l": [2]}, {"l": [2, 3], "b": 1}, Clash("l", [1, 2], [2], [2, 3])),
    ],
)
def test_what_both_changed_is_named(base: Any, now: Any, wanted: Any, clash: Clash) -> None:
    assert three_way(base, now, wanted)[1] == [clash]


def test_the_fields_that_differ() -> None:
    assert fields_changed({"a": 1, "b": 2, "c": 3}, {"b": 2, "c": 4, "d": 5}) == ["a", "c", "d"]
