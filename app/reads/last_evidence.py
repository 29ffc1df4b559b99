"""When a source last shows a record in being, and which."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, TypedDict

from app.evidence.schemas import SourceKind
from app.reads import citations
from app.reads.answers.evidence import ServedSource
from app.reads.answers.records import ServedCitation, ServedDate
from app.reads.snapshots import RecordSnapshot
from app.registry.dates import BEFORE_ALL, ENDED_UNKNOWN, parse_edtf
from app.registry.documents.references import ReferenceObject

_BASES = ("stated", "one_of", "inferred")
"""On whose word one would rather rely, best first."""


class LastEvidenceRow(TypedDict):
    """The newest day on which a source shows a record in being: the shape `LastShown`."""

    on: ServedDate
    kind: str
    source: ReferenceObject


class _Sighting(NamedTuple):
    day: int
    date: ServedDate
    kind: str
    pointer: str


def last_evidence(entry: RecordSnapshot, sources: Mapping[str, ServedSource]) -> LastEvidenceRow | None:
    """The newest day on which a source shows the record in being; None where no source gives one.

    Of a date that is not known to the day, its first day counts: on no later one is it surely shown. `sources` are
    those that the record cites, by their ids: none shows what was after it came out, and one that tells is rather
    named than a dataset that collects what others tell.
    """
    cited: list[ServedCitation] = entry.answer["citations"]
    for sighting in sorted(_sightings(entry), key=lambda each: -each.day):
        covering = citations.covering(cited, sighting.pointer)
        found = [each for each in covering if _came_out_after(sources.get(each["source"]["id"]), sighting.day)]
        if found:
            best = min(found, key=lambda each: _rank(each, sighting.pointer, sources.get(each["source"]["id"])))
            return {"on": sighting.date, "kind": sighting.kind, "source": best["source"]}
    return None


def _came_out_after(source: ServedSource | None, day: int) -> bool:
    published = source and source["published"]
    return not published or parse_edtf(published["edtf"]).latest >= day


def _rank(citation: ServedCitation, pointer: str, source: ServedSource | None) -> tuple[bool, int, int]:
    """What is named for a field: the lowest first."""
    dataset = source["kind"] == SourceKind.DATASET if source else False
    return dataset, -_nearness(citation, pointer), _BASES.index(citation["basis"])


def _nearness(citation: ServedCitation, pointer: str) -> int:
    """How closely what a citation is about leads to the field."""
    return max((len(about) for about in citation["about"] if f"{pointer}/".startswith(f"{about}/")), default=0)


def _sightings(entry: RecordSnapshot) -> Iterator[_Sighting]:
    """The days on which the record, or a part of it, began or was observed."""
    plan = entry.collection.plan
    if plan.held:
        yield from _dated(entry.answer, plan.held, "", "")
    for name, part in plan.held_parts:
        for place, item in enumerate(entry.answer[name]):
            if part.held:
                yield from _dated(item, part.held, f"/{name}/{place}", "part")


def _dated(answer: Any, held: Any, pointer: str, kind: str) -> Iterator[_Sighting]:
    dates = [(name, answer.get(name), kind or "started") for name in held.starts]
    if held.observed:
        seen = enumerate(answer.get(held.observed) or [])
        dates += [(f"{held.observed}/{place}", date, kind or "observed") for place, date in seen]
    for name, date, sort in dates:
        if date and date["edtf"] != ENDED_UNKNOWN and (day := parse_edtf(date["edtf"]).earliest) > BEFORE_ALL:
            yield _Sighting(day, date, sort, f"{pointer}/{name}")
