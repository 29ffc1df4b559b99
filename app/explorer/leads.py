"""The sentence that a record's page begins with: text and references, in the order in which they are read."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from app.explorer.fields import singular, words
from app.registry.documents.canonical import Document

Piece = str | Document
"""Words, or a reference that becomes a link."""


def listed(found: Sequence[Any]) -> Iterator[Piece]:
    """References with commas, and `and` before the last."""
    for place, each in enumerate(found):
        if place:
            yield " and " if place == len(found) - 1 else ", "
        yield each


def _unit(record: Document) -> Iterator[Piece]:
    yield words(record["kind"] or "joint unit").capitalize()
    if record["functions"]:
        yield " for "
        yield from listed(record["functions"])
    if record["participants"]:
        yield ", run by "
        yield from listed([part["organisation"] for part in record["participants"]])
    yield "."


def _alliance(record: Document) -> Iterator[Piece]:
    yield words(record["kind"] or "alliance").capitalize()
    if record["participants"]:
        yield " of "
        yield from listed([part["organisation"] for part in record["participants"]])
    yield "."


def _agreement(record: Document) -> Iterator[Piece]:
    yield f"{words(record['kind'] or 'collaboration').capitalize()} agreement"
    if record["parties"]:
        yield " of "
        yield from listed([part["organisation"] for part in record["parties"]])
    if record["covers"]:
        yield ", about "
        yield from listed(record["covers"])
    yield "."


def _appointment(record: Document) -> Iterator[Piece]:
    yield record["person"]
    yield f", {record['post']} of "
    yield record["body"]
    yield "."


def _decision(record: Document) -> Iterator[Piece]:
    if record["body"]:
        yield record["body"]
        yield f" {words(record['outcome'] or 'decided on')} "
    if record["subject"]:
        yield record["subject"]
    yield "."


def _claim(record: Document) -> Iterator[Piece]:
    standing = f" ({words(record['standing'])})" if record["standing"] else ""
    yield f"What a source says of {words(record['kind'] or 'money')}{standing}"
    if record["subject"]:
        yield " of "
        yield record["subject"]
    yield "."


def _plain(record: Document) -> Iterator[Piece]:
    kind = record.get("kind")
    yield f"{singular(record['type'])}{f', {words(kind)}' if kind else ''}."


_LEADS: dict[str, Callable[[Document], Iterator[Piece]]] = {
    "joint-unit": _unit,
    "alliance": _alliance,
    "agreement": _agreement,
    "appointment": _appointment,
    "decision": _decision,
    "claim": _claim,
}


def lead(record: Document) -> list[Piece]:
    """What a record is, in a sentence."""
    return list(_LEADS.get(record["type"], _plain)(record))
