"""Reads tables back by the rule in docs/formats.md alone, and says what ought to stand in them."""

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

from tests.registry_in_use import Document

_DEFUSED = re.compile(r"'+[=+\-@\t\r\n]")
_ENTRY = re.compile(r"(?:\\.|[^\\;])*", re.DOTALL)


def rows(text: str) -> list[dict[str, str]]:
    """The rows of a CSV, the apostrophes that keep spreadsheets from running a cell taken away."""
    found = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    return [{name: cell[1:] if _DEFUSED.match(cell) else cell for name, cell in row.items()} for row in found]


def entries(cell: str) -> list[str]:
    """The entries of a list, each as the cell that it would be by itself."""
    found, place = [], 0
    while True:
        entry = _ENTRY.match(cell, place)
        assert entry is not None
        found.append(re.sub(r"\\(.)", r"\1", entry[0], flags=re.DOTALL))
        if entry.end() == len(cell):
            return found
        assert cell[entry.end() : entry.end() + 2] == "; "
        place = entry.end() + 2


ANY_JSON = ("citations.value", "competing.value", "recorded")
"""Columns that can hold any JSON."""


def recorded(value: Any, column: str) -> Any:
    """What an answer holds in a column: "participants.started_latest" of a unit is a list of days."""
    found = _found(value, column.split("."))
    return found if column in ANY_JSON else _shown(found)


def _found(value: Any, path: list[str]) -> Any:
    if isinstance(value, list):
        return [_found(item, path) for item in value]
    if not path or value is None:
        return value
    name, *rest = path
    if name in value:
        return _found(value[name], rest)
    base, _, part = name.rpartition("_")
    found = value.get(base)
    return [item and item[part] for item in found] if isinstance(found, list) else found and found[part]


def _shown(value: Any) -> Any:
    """The first column of a date or a reference has its text or its id."""
    if isinstance(value, list):
        return list(map(_shown, value))
    if isinstance(value, dict) and ("edtf" in value or {"id", "type", "name", "url"} == value.keys()):
        return value["edtf"] if "edtf" in value else value["id"]
    return value


def agrees(cell: str, value: Any, lists: int, *, any_json: bool = False) -> bool:
    """Whether a cell, read back, is that value; `any_json`: in a column that can hold any JSON."""
    if lists:
        if not cell:
            return not any(leaf is not None and leaf != "" for leaf in _leaves(value, lists))
        found = entries(cell)
        return len(found) == len(value) and all(
            agrees(one, item, lists - 1, any_json=any_json) for one, item in zip(found, value, strict=True)
        )
    if value is None:
        return cell == ""
    if isinstance(value, str) and not any_json:
        return cell == value
    try:
        return bool(json.loads(cell) == value)
    except json.JSONDecodeError:
        return any_json and cell == value


def _leaves(value: Any, lists: int) -> Iterator[Any]:
    if not lists:
        yield value
        return
    for item in value or ():
        yield from _leaves(item, lists - 1)


def paged(client: Any, path: str) -> Iterator[Document]:
    """Everything that a list has, page by page."""
    following: str | None = path
    while following:
        answer = client.get(following).json()
        yield from answer["data"]
        following = answer["links"]["next"]
