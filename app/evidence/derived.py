"""What is worked out of the records of evidence."""

from collections.abc import Iterator
from operator import itemgetter
from typing import Any, NamedTuple

from app.evidence.citations import CitationRow, covering
from app.evidence.schemas import SourceKind
from app.registry.collection import Look, Phase
from app.registry.dates import BEFORE_ALL, ENDED_UNKNOWN, parse_edtf
from app.registry.documents.canonical import Document
from app.registry.documents.plan import Plan
from app.registry.documents.shapes import CitationBasis, Held, Sighted


def citation(source: Document, phase: Phase) -> str:
    """A source as a line to cite: whose it is, what it is called, when it was published and where it was read.

    "Cleveland commissioner: Collaboration agreements, June 2018 (copy on docslib.org), https://…, read November 2026"
    """
    title = f"{source['publisher']}: {source['name']}" if source["publisher"] else source["name"]
    copy = f" (copy on {source['copy_on']})" if source["copy_on"] else ""
    parts = [f"{title}{copy}", source["published"]["text"] if source["published"] else "undated"]
    if source["url"] and source["url"] != source["name"]:
        parts.append(source["url"])
    if source["retrieved"]:
        parts.append(f"read {source['retrieved']['text']}")
    return ", ".join(parts)


WEIGHED = ("published", "kind")
"""The fields of a source by which it counts as evidence."""
_BASES = (CitationBasis.STATED, CitationBasis.ONE_OF, CitationBasis.INFERRED)
"""On whose word one would rather rely, best first."""


_DAY = itemgetter(0)


class _Sighting(NamedTuple):
    day: int
    date: Document
    kind: Sighted
    pointer: str


def last_evidence(plan: Plan, answer: Document, look: Look) -> Document | None:
    """The newest day on which a source shows the record in being; None where no source gives one.

    Of a date that is not known to the day, its first day counts: on no later one is it surely shown. No source shows
    what was after it came out, and one that tells is rather named than a dataset that collects what others tell.
    """
    cited: list[CitationRow] = answer["citations"]
    if not cited:
        return None
    for sighting in sorted(_sightings(plan, answer), key=_DAY, reverse=True):
        found = [
            (_rank(each, sighting.pointer, source), each["source"])
            for each in covering(cited, sighting.pointer)
            if _came_out_after(source := look(f"source:{each['source']['id']}"), sighting.day)
        ]
        if found:
            _, best = min(found, key=lambda each: each[0])
            return {"on": sighting.date, "kind": sighting.kind.value, "source": best}
    return None


def _came_out_after(source: Document | None, day: int) -> bool:
    published = source and source.get("published")
    return not published or parse_edtf(published).latest >= day


def _rank(citation: CitationRow, pointer: str, source: Document | None) -> tuple[bool, int, int]:
    """What is named for a field: the lowest first."""
    dataset = source is not None and source.get("kind") == SourceKind.DATASET
    return dataset, -_nearness(citation, pointer), _BASES.index(CitationBasis(citation["basis"]))


def _nearness(citation: CitationRow, pointer: str) -> int:
    """How closely what a citation is about leads to the field."""
    return max((len(about) for about in citation["about"] if f"{pointer}/".startswith(f"{about}/")), default=0)


def _sightings(plan: Plan, answer: Document) -> Iterator[_Sighting]:
    """The days on which the record, or a part of it, began or was observed."""
    if plan.held:
        yield from _dated(answer, plan.held, "", None)
    for name, part in plan.held_parts:
        for place, item in enumerate(answer[name]):
            if part.held:
                yield from _dated(item, part.held, f"/{name}/{place}", Sighted.PART)


def _dated(answer: Any, held: Held, pointer: str, kind: Sighted | None) -> Iterator[_Sighting]:
    for name in held.starts:
        if (date := answer.get(name)) and (day := _first_day(date)) > BEFORE_ALL:
            yield _Sighting(day, date, kind or Sighted.STARTED, f"{pointer}/{name}")
    for place, date in enumerate((held.observed and answer.get(held.observed)) or ()):
        if (day := _first_day(date)) > BEFORE_ALL:
            yield _Sighting(day, date, kind or Sighted.OBSERVED, f"{pointer}/{held.observed}/{place}")


def _first_day(date: Document) -> int:
    return BEFORE_ALL if date["edtf"] == ENDED_UNKNOWN else parse_edtf(date["edtf"]).earliest
