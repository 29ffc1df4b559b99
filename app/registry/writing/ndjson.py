"""NDJSON: a document a line, read a line at a time, whatever stands there."""

import json
import re
from collections.abc import Iterator
from typing import IO, Any

import orjson

from app.registry.writing.outcome import Entry
from app.registry.writing.validation import Unreadable

LONGEST_LINE = 5_000_000
"""Bytes of a line that are read; of a document the same is taken by every other way in."""
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def read_lines(lines: IO[bytes], place: str = "line") -> Iterator[Entry]:
    """The documents of a file, each with its line ("forces.ndjson line 3"); empty lines are passed over."""
    number = 0
    while line := lines.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            _pass_over(lines, line)
            yield Entry(f"{place} {number}", Unreadable(f"is longer than {LONGEST_LINE} bytes"))
        elif line.strip():
            yield Entry(f"{place} {number}", parse_line(line))


def _pass_over(lines: IO[bytes], line: bytes) -> None:
    """Read to the end of a line that is too long to be held."""
    while line and not line.endswith(b"\n"):
        line = lines.readline(LONGEST_LINE)


def parse_line(line: bytes) -> Any:
    """The document of one line, or Unreadable."""
    try:
        text = line.decode("utf-8-sig")
        if _SURROGATE.search(text):
            orjson.loads(text)  # half of a pair is taken by `json`, and no answer could be written with it
        return json.loads(text, object_pairs_hook=unique, parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        return Unreadable("is not UTF-8")
    except RecursionError:
        return Unreadable("is nested too deeply")
    except ValueError as error:
        return Unreadable(f"is not JSON: {error}")


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object with these fields. Raises ValueError for one that stands twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the field '{twice}' stands twice in one object")
    return found


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number")
