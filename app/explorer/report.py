"""The page of the list to consider before an agreement is made (Police Act 1996 s.23HA)."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection

from app.explorer import drawing
from app.explorer.evidence import Bibliography, CitedSource
from app.explorer.shown_answers import PageContext, ShownAnswer
from app.reads import snapshots
from app.registry.documents.canonical import Document
from app.registry.documents.references import Ref
from app.registry.presence import SHOWN
from app.registry.serving.statements import Clock, today


class ReportRow(NamedTuple):
    """A collaboration in the list to consider."""

    item: Document
    bar: drawing.Bar | None
    sources: Sequence[CitedSource]


class ReportPart(NamedTuple):
    """One of the three lists: its rows by presence, the surest first."""

    title: str
    total: int
    counts: Document | None
    """None where there are more than are shown."""
    groups: Sequence[tuple[str, Sequence[ReportRow]]]
    shown: int
    following: str | None


MOST_OF_PART = 70
"""Entries of each list that a page has; the rest follows."""
PARTS = (("agreements", "Agreements"), ("alliances", "Alliances and programmes"), ("joint_units", "Joint units"))


def report(asked: ShownAnswer) -> PageContext:
    """What an organisation is party to, to be considered (Police Act 1996 s.23HA)."""
    data, when = asked.reading.found.data, asked.when
    items = [item for key, _ in PARTS for item in data[key]]
    periods = _periods(asked.connection, items, when)
    now = date.fromisoformat(today()).toordinal()
    scale = drawing.axis((each.begins_earliest for each in periods.values()), now)
    found = Bibliography()
    parts = []
    for key, title in PARTS:
        rows = [
            ReportRow(item, drawing.bar(periods[_ref(item)], scale, days=when.days), found.numbered(item["citations"]))
            for item in data[key]
        ]
        held = asked.reading.meta["parts"][key]
        counts = {str(name): sum(row.item["presence"] == name for row in rows) for name in SHOWN}
        grouped = [(str(name), [row for row in rows if row.item["presence"] == name]) for name in SHOWN]
        groups = [each for each in grouped if each[1]]
        whole = counts if held["total"] == len(rows) else None
        parts.append(ReportPart(title, held["total"], whole, groups, len(rows), held["next"]))
    functions = {each["id"]: each["name"] for item in data["joint_units"] for each in item["functions"]}
    return {
        "organisations": data["organisations"],
        "parts": parts,
        "sources": found.sources,
        "functions": sorted(functions.items(), key=lambda each: each[1]),
        "lacking": _lacking(data),
        "slug": asked.slugs["id"],
    }


def _ref(item: Document) -> Ref:
    return Ref(item["type"], item["id"])


def _periods(connection: Connection, items: Sequence[Document], when: Clock) -> dict[Ref, Any]:
    """The days of each record, presumptions lapsing as they are asked to."""
    entries = snapshots.of_refs(connection, when, map(_ref, items))
    return {entry.ref: entry.period.lapsed(when.lapse) for entry in entries}


def _lacking(data: Document) -> Document:
    """How much of what the list holds is not recorded."""
    undated = sum(not item["started"] for key, _ in PARTS for item in data[key])
    nameless = sum(not item["with"] for item in data["agreements"])
    shown = [item["last_evidence"]["on"] for key, _ in PARTS for item in data[key] if item["last_evidence"]]
    newest = max(shown, key=lambda each: each["latest"] or "", default=None)
    return {"undated": undated, "nameless": nameless, "newest": newest}
