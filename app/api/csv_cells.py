r"""Cells of text that can be read back: values, and lists of values. docs/formats.md says the rule.

A list stands in one cell, its entries with `; ` between. In an entry, a backslash stands before each backslash and each
semicolon; an entry that is a list itself is written first, and then this is done to all of it: `[["a", "b"], ["c;d"]]`
is `a\; b; c\\\;d`. So a semicolon without a backslash always separates.
"""

import re
from collections.abc import Iterable
from typing import Any

import orjson

BETWEEN = "; "
_SPECIAL = re.compile(r"[\\;]")
_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def text_of(value: Any) -> str:
    """The cell of a value, or of a list of values, or of lists; empty where nothing is recorded in any of them."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return listed(map(text_of, value)) if isinstance(value, list) else orjson.dumps(value).decode()


def listed(entries: Iterable[str]) -> str:
    """The cell of a list of entries; empty where all of them are."""
    found = list(entries)
    return BETWEEN.join(map(_escaped, found)) if any(found) else ""


def _escaped(entry: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", entry) if _SPECIAL.search(entry) else entry


def json_text(value: Any) -> str | None:
    """Any JSON as text: a text as it is, unless it could be read as other JSON, then with quotes as in JSON."""
    if value is None or (isinstance(value, str) and not _reads_as_json(value)):
        return value
    return orjson.dumps(value).decode()


def _reads_as_json(text: str) -> bool:
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return True


def defused(cell: str) -> str:
    """The cell as text that no spreadsheet takes for a formula (OWASP, CSV injection): with an apostrophe in front.

    A cell that begins like one that was defused gets one more, so that the apostrophe can be taken away again.
    """
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell
