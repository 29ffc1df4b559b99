"""Query strings, read strictly: nothing unknown, nothing ignored, nothing that only looks like text."""

import re
from collections.abc import Collection, Iterable
from urllib.parse import unquote_to_bytes, urlencode

from app.registry.problems import Fault, MissingRecord, Unsupported
from app.registry.suggestions import did_you_mean

LONGEST_QUERY = 16_384
MOST_VALUES = 200
DEFAULT_LIMIT, MOST_ITEMS = 50, 200
"""Items on a page, without `limit` and with the highest."""
_BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

Parameters = dict[str, str]
"""Each parameter once, its values joined with commas."""

SINGLE = frozenset({"as_of", "presumed_for", "known_at", "certainty", "limit", "cursor", "format", "from", "to", "q"})
"""Parameters that take one value; every other one given twice takes both."""


def invalid(
    name: str, message: str, slug: str = "invalid-parameter", *, missing: MissingRecord | None = None
) -> Unsupported:
    """The problem with one parameter; `missing` is the record that it should name."""
    return Unsupported(slug, f"{name}: {message}", (Fault(f"query/{name}", message),), missing)


def parse(query: bytes, known: Collection[str]) -> Parameters:
    """The parameters of a query string. Raises Unsupported, naming every one that is unknown, blank or broken."""
    found: dict[str, list[str]] = {}
    for pair in filter(None, query.split(b"&")):
        raw, _, value = pair.partition(b"=")
        name = _text(raw, "?")
        found.setdefault(name, []).append(_text(value, name))
    _refuse_unknown(found, known)
    for name, values in found.items():
        if name in SINGLE and len(values) > 1:
            raise invalid(name, "is given twice; give it once")
        if not all(value.strip() for value in values):
            raise invalid(name, "is empty; give a value or leave it out")
    return {name: ",".join(values) for name, values in found.items()}


def _text(raw: bytes, name: str) -> str:
    try:
        text = unquote_to_bytes(raw.replace(b"+", b" ")).decode()
    except UnicodeDecodeError:
        text = "\x00"
    if _BROKEN_ESCAPE.search(raw) or _CONTROL.search(text):
        shown = name if not _CONTROL.search(name) else "?"
        raise invalid(shown, "is not percent-encoded UTF-8 text without control characters")
    return text


def _refuse_unknown(found: Iterable[str], known: Collection[str]) -> None:
    faults = [
        Fault(f"query/{name[:100]}", f"is not a parameter here{did_you_mean(name, known)}")
        for name in found
        if name not in known
    ]
    if faults:
        names = ", ".join(fault.location.removeprefix("query/") for fault in faults[:5])
        raise Unsupported("unknown-parameter", f"not known here: {names}", tuple(faults[:50]))


def split(name: str, value: str) -> list[str]:
    """The values of a comma-separated parameter, each once. Raises Unsupported for blanks and too many."""
    values = list(dict.fromkeys(item.strip() for item in value.split(",")))
    if len(values) > MOST_VALUES:
        raise invalid(name, f"has {len(values)} values; at most {MOST_VALUES} are taken")
    if not all(values):
        raise invalid(name, "has an empty value between its commas")
    return values


def choose(name: str, value: str, known: Iterable[str]) -> str:
    """The value, if it is one of those known. Raises Unsupported with a suggestion."""
    choice = sorted(known)
    if value not in choice:
        raise invalid(name, f"'{value[:100]}' is not known here{did_you_mean(value, choice)}")
    return value


def limit_of(parameters: Parameters, default: int = DEFAULT_LIMIT) -> int:
    """How many items a page holds. Raises Unsupported."""
    return whole_limit(parameters["limit"]) if "limit" in parameters else default


def whole_limit(text: str) -> int:
    """How many items a page shall hold. Raises Unsupported."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MOST_ITEMS):
        raise invalid("limit", f"is not a whole number from 1 to {MOST_ITEMS}")
    return int(text)


def query_of(parameters: Parameters) -> str:
    """The query string for the parameters, with the question mark; empty for none."""
    return "?" + urlencode(parameters, safe=",:") if parameters else ""
