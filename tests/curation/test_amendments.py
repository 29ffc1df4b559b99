"""Patches of documents, on both sides of each edge: after the examples of RFC 7396 and RFC 6902."""

from typing import Any

import pytest

from app.curation.amendments import MOST_OPERATIONS, merged, patched, without_old_words
from app.registry.problems import Refused, Unsupported


@pytest.mark.parametrize(
    ("target", "patch", "after"),
    [
        # RFC 7396, appendix A
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        ({"a": "foo"}, None, None),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
        # a date or a reference that names another is replaced whole; one that does not is merged
        ({"d": {"edtf": "2012", "text": "in 2012"}}, {"d": {"edtf": "2013"}}, {"d": {"edtf": "2013"}}),
        ({"d": {"edtf": "2012", "text": "in 2012"}}, {"d": {"text": "x"}}, {"d": {"edtf": "2012", "text": "x"}}),
        ({"r": {"id": "a", "type": "force"}}, {"r": {"id": "b"}}, {"r": {"id": "b"}}),
        # the record itself is none: its id is named, and the rest stays
        ({"id": "a", "name": "A"}, {"id": "a", "note": "n"}, {"id": "a", "name": "A", "note": "n"}),
    ],
)
def test_a_merge_patch(target: Any, patch: Any, after: Any) -> None:
    assert merged(target, patch) == after


def test_a_merge_patch_leaves_what_it_is_given() -> None:
    target = {"a": {"b": 1}}
    assert merged(target, {"a": {"b": 2}}) == {"a": {"b": 2}}
    assert target == {"a": {"b": 1}}


def test_a_json_patch() -> None:
    target = {"a": [1, 2], "b": "x"}
    operations = [
        {"op": "test", "path": "/b", "value": "x"},
        {"op": "remove", "path": "/a/0"},
        {"op": "add", "path": "/a/-", "value": 3},
        {"op": "copy", "from": "/b", "path": "/c"},
    ]
    assert patched(target, operations, "body") == {"a": [2, 3], "b": "x", "c": "x"}
    assert target == {"a": [1, 2], "b": "x"}


@pytest.mark.parametrize(
    ("operations", "kind"),
    [
        ([{"op": "test", "path": "/a", "value": 2}], Refused),
        ([{"op": "remove", "path": "/b"}], Refused),
        ([{"op": "replace", "path": "/b/c", "value": 1}], Refused),
        ([{"op": "fly", "path": "/a"}], Unsupported),
        ([{"path": "/a"}], Unsupported),
        (["add"], Unsupported),
        ({"a": 1}, Unsupported),
        ([{"op": "remove", "path": "/a"}] * (MOST_OPERATIONS + 1), Unsupported),
    ],
)
def test_a_json_patch_that_is_refused(operations: Any, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        patched({"a": 1}, operations, "body")


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        ({"d": {"edtf": "2012", "text": "T"}}, {"d": {"edtf": "2013", "text": "T"}}, {"d": {"edtf": "2013"}}),
        (
            {"d": {"edtf": "2012", "text": "T"}},
            {"d": {"edtf": "2012", "text": "T"}},
            {"d": {"edtf": "2012", "text": "T"}},
        ),
        (
            {"d": {"edtf": "2012", "text": "T"}},
            {"d": {"edtf": "2013", "text": "U"}},
            {"d": {"edtf": "2013", "text": "U"}},
        ),
        ({"d": None}, {"d": {"edtf": "2013", "text": "T"}}, {"d": {"edtf": "2013", "text": "T"}}),
        (
            {"l": [{"edtf": "1", "text": "T"}]},
            {"l": [{"edtf": "2", "text": "T"}, {"edtf": "3"}]},
            {"l": [{"edtf": "2"}, {"edtf": "3"}]},
        ),
    ],
)
def test_words_of_a_date_go_with_it(before: Any, after: Any, kept: Any) -> None:
    assert without_old_words(before, after) == kept
