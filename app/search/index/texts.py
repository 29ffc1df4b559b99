"""The texts of an answer by which its record is found, and how much each says of which record it is."""

from collections.abc import Iterator, Mapping
from enum import IntEnum
from typing import Any, NamedTuple

from app.reads.answers.records import ServedRecord

LABELS = {"force": "police force"}
"""What a type is called in words, where its name does not say it."""
KEYS = ("id", "code", "reference")
SHARED = frozenset({"gss-region"})
"""Schemes whose identifiers are of what a record lies in, and so of many."""
LINKING = frozenset({"kind", "post", "publisher", "region", "country", "outcome", "stage"})
DESCRIBING = frozenset(
    {"note", "location", "text", "end_reason", "conditions", "decided_by", "legal_basis_as_stated", "website"}
)
PASSED_OVER = frozenset(
    {
        "citations",
        "identifiers",
        "other_names",
        "missing_parties",
        "approval",
        "started",
        "ended",
        "observed",
        "last_evidence",
    }
)


class Level(IntEnum):
    """How much a text says of which record it is."""

    NAME = 0
    KEY = 1
    LINK = 2
    OTHER = 3


_SAYING = dict.fromkeys(LINKING, Level.LINK) | dict.fromkeys(DESCRIBING, Level.OTHER)


class Said(NamedTuple):
    """A text of an answer: its JSON Pointer, and of a reference the "type:id"."""

    level: Level
    pointer: str
    text: str
    target: str = ""


def said(body: ServedRecord) -> Iterator[Said]:
    """The texts of an answer by which its record is found, the most telling first."""
    yield from called(body)
    kind = body["type"]
    yield Said(Level.LINK, "/type", LABELS.get(kind, kind))
    yield from _identified(body, Level.LINK)
    found: list[Said] = []
    _collect(body, "", found)
    yield from sorted(found, key=lambda each: each.level)


def called(body: ServedRecord) -> Iterator[Said]:
    """Its names and ids."""
    if body["name"]:
        yield Said(Level.NAME, "/name", body["name"])
    for index, other in enumerate(body["other_names"]):
        yield Said(Level.NAME, f"/other_names/{index}/name", other["name"])
    fields: Mapping[str, Any] = body
    yield from (Said(Level.KEY, f"/{name}", fields[name]) for name in KEYS if fields.get(name))
    yield from _identified(body, Level.KEY)
    if body["type"] == "source" and body["url"]:
        yield Said(Level.KEY, "/url", body["url"])


def _identified(body: ServedRecord, level: Level) -> Iterator[Said]:
    """Its identifiers: by those of shared schemes it is not told from others."""
    for index, identifier in enumerate(body["identifiers"]):
        if (level is Level.LINK) == (identifier["scheme"] in SHARED):
            yield Said(level, f"/identifiers/{index}/value", identifier["value"])


def _collect(part: Mapping[str, Any], pointer: str, found: list[Said]) -> None:
    """The texts and references in an answer, or a part of it."""
    for name, value in part.items():
        if not value or name in PASSED_OVER:
            continue
        if isinstance(value, str):
            if name in _SAYING:
                found.append(Said(_SAYING[name], f"{pointer}/{name}", value))
        elif type(value) is dict:
            _look(value, f"{pointer}/{name}", found)
        elif type(value) is list:
            for index, item in enumerate(value):
                if type(item) is dict:
                    _look(item, f"{pointer}/{name}/{index}", found)
                elif name in _SAYING:
                    found.append(Said(_SAYING[name], f"{pointer}/{name}/{index}", item))


def _look(part: Mapping[str, Any], pointer: str, found: list[Said]) -> None:
    if "url" in part and "type" in part:
        found.append(Said(Level.LINK, f"{pointer}/name", part["name"], f"{part['type']}:{part['id']}"))
    elif "edtf" not in part:
        _collect(part, pointer, found)
