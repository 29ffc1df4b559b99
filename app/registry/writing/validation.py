"""From what was sent to what can be kept: shapes checked, references resolved, dates and evidence looked at."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic import ValidationError
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.prepared_statements import PreparedStatement
from app.registry.chunks import chunked
from app.registry.collection import Catalogue, Collection, Finding, Rule
from app.registry.documents.canonical import Document, canonical_json, parse_json, pointer_exists
from app.registry.documents.faults import in_words
from app.registry.documents.plan import Place
from app.registry.documents.values import SLUG
from app.registry.records import Record, Version
from app.registry.rules import rules_of
from app.registry.suggestions import did_you_mean, nearest
from app.registry.writing.rows import Draft

MOST_LOOKED = 2000
"""Of more records than these, what they say is not kept from one rule to the next."""


@dataclass(frozen=True)
class Unreadable:
    """Stands where a document would, on a line that is not one."""

    reason: str


class InspectedDocument(NamedTuple):
    """Stands where a document would that was looked at before, and is good by itself: its text in canonical form."""

    type: str
    id: str
    text: str


PlacedFaults = Iterable[tuple[str, str]]
Report = Callable[[str, PlacedFaults], None]


def identity_of(document: Any, catalogue: Catalogue) -> tuple[str | None, list[tuple[str, str]]]:
    """The "type:id" of a document, or what is wrong with it."""
    if isinstance(document, InspectedDocument):
        return f"{document.type}:{document.id}", []
    if not isinstance(document, dict):
        return None, [("", document.reason if isinstance(document, Unreadable) else "is not an object")]
    kind, slug = document.get("type"), document.get("id")
    if not isinstance(kind, str) or kind not in catalogue.by_type:
        return None, [("/type", f"is not a type of the registry{did_you_mean(kind, catalogue.by_type)}")]
    if not isinstance(slug, str) or not SLUG.fullmatch(slug) or len(slug) > 120:
        return None, [("/id", "is not an id; use a-z, 0-9 and single hyphens, like 'bch-dog-unit'")]
    return f"{kind}:{slug}", []


def draft_of(where: str, document: Any, catalogue: Catalogue, report: Report) -> Draft | None:
    """The draft of a document of a known type; None, and what is wrong reported, where it has not the shape."""
    if isinstance(document, InspectedDocument):
        collection, canonical = catalogue.by_type[document.type], parse_json(document.text)
        return Draft(where, collection, canonical, inspected=True)
    collection = catalogue.by_type[document["type"]]
    try:
        canonical = collection.plan.canonical(collection.schema.model_validate(document))
    except ValidationError as error:
        report(where, [_explain(fault, collection) for fault in error.errors(include_url=False)])
        return None
    return Draft(where, collection, canonical)


def faults_within(draft: Draft) -> list[tuple[str, str]]:
    """What is wrong with a draft, whatever else is recorded; where nothing is, it has its text then."""
    faults = [] if draft.inspected else [*draft.collection.plan.contradictions(draft.document), *_uncited(draft)]
    try:
        # also of what was inspected, for its references may be spelt out now
        draft.text = canonical_json(draft.document).decode()
    except TypeError as error:
        faults.append(("", f"cannot be kept as JSON: {error}"))
    return faults


_RECORDS = PreparedStatement(
    select(Record.pk, Record.collection, Record.id, Record.withdrawn).where(
        Record.collection == bindparam("collection"), Record.id.in_(bindparam("ids", expanding=True))
    )
)
_CURRENT = PreparedStatement(
    select(Version.record_pk, Version.collection, Version.document).where(
        Version.record_pk.in_(bindparam("keys", expanding=True)), Version.recorded_to.is_(None)
    )
)
_CURRENT_ONE = PreparedStatement(
    select(Version.document).where(
        Version.collection == bindparam("collection"),
        Version.record_id == bindparam("id"),
        Version.recorded_to.is_(None),
    )
)


class KnownRecord(NamedTuple):
    """A record that is there, by its key; `withdrawn` is the revision that withdrew it."""

    pk: int
    collection: str
    id: str
    withdrawn: int | None


class Reader:
    """Reads documents against what the database has."""

    def __init__(self, session: Session, catalogue: Catalogue) -> None:
        self.session, self.catalogue = session, catalogue
        self.connection = session.connection()
        self.pks: dict[str, int] = {}
        """The keys of the records that were met, by "type:id"."""
        self.withdrawn: set[str] = set()
        """Those of them that were withdrawn."""
        self._looked: dict[str, Document | None] = {}

    def records(self, targets: Iterable[str]) -> dict[str, "KnownRecord"]:
        """The records among the "type:id"s that exist, withdrawn ones included."""
        wanted: dict[str, list[str]] = {}
        for target in targets:
            kind, _, slug = target.partition(":")
            wanted.setdefault(kind, []).append(slug)
        found: dict[str, KnownRecord] = {}
        for kind, slugs in wanted.items():
            for chunk in chunked(slugs):
                rows = _RECORDS.rows(self.connection, collection=kind, ids=chunk)
                found.update((f"{kind}:{row[2]}", KnownRecord(*row)) for row in rows)
        self.pks.update((target, row.pk) for target, row in found.items())
        self.withdrawn.update(target for target, row in found.items() if row.withdrawn)
        return found

    def read(self, entries: Iterable[tuple[str, Any]], report: Report) -> list[Draft]:
        """Drafts of the documents that can be kept, references resolved; the faults of the others are reported."""
        found = (draft_of(where, document, self.catalogue, report) for where, document in entries)
        drafts = [draft for draft in found if draft]
        open_places = [self._open(draft) for draft in drafts]
        self._meet(drafts, open_places)
        kept = []
        for draft, places in zip(drafts, open_places, strict=True):
            faults = [fault for place in places for fault in self._resolve(place)] or faults_within(draft)
            report(draft.where, faults)
            if not faults:
                draft.record_pk = self.pks[draft.target]
                kept.append(draft)
        return kept

    def _open(self, draft: Draft) -> list[Place]:
        """The references to look at again: to what was not met, or was withdrawn, or is named by its id alone."""
        pks, withdrawn = self.pks, self.withdrawn
        named = ((place, place.container[place.key]) for place in draft.places)
        return [place for place, name in named if name not in pks or name in withdrawn]

    def _meet(self, drafts: list[Draft], open_places: list[list[Place]]) -> None:
        """Ask which of the records exist that the drafts are of, or may refer to."""
        wanted = {draft.target for draft in drafts}
        for places in open_places:
            wanted.update(name for place in places for name in _candidates(place))
        self.records(sorted(wanted - self.pks.keys()))

    def _resolve(self, place: Place) -> Iterator[tuple[str, str]]:
        value = place.container[place.key]
        found = [name for name in _candidates(place) if name in self.pks]
        if len(found) > 1:
            yield place.path, f"fits several records; write one of {', '.join(found)}"
        elif not found:
            yield place.path, f"no record '{value}'{self._near(place)}"
        elif found[0] in self.withdrawn:
            yield place.path, f"{found[0]} was withdrawn; refer to another record"
        else:
            place.container[place.key] = found[0]

    def _near(self, place: Place) -> str:
        slug = place.container[place.key].rpartition(":")[2]
        asked = select(Record.id).where(Record.collection.in_(place.target.types), Record.id.startswith(slug[:3]))
        near = nearest(slug, self.session.scalars(asked.limit(2000)))
        return f"; did you mean '{near}'?" if near else f" of type {' or '.join(place.target.types)}"

    def broken_rules(self, record_pks: list[int]) -> Iterator[tuple[int, Rule, Finding]]:
        """What the collections' own rules find in the current versions of the records."""
        for record_pk, kind, text in _CURRENT.rows(self.connection, keys=record_pks):
            document = parse_json(text)
            for rule in rules_of(self.catalogue.by_type[kind]):
                for finding in rule.check(document, self._look):
                    yield record_pk, rule, finding

    def _look(self, target: str) -> Document | None:
        """What a record says now, for rules: by then all is written. Many records hang on the same few."""
        if len(self._looked) >= MOST_LOOKED:
            self._looked.clear()
        if target not in self._looked:
            self._looked[target] = self._current(target)
        return self._looked[target]

    def _current(self, target: str) -> Document | None:
        kind, _, slug = target.partition(":")
        text = _CURRENT_ONE.scalar(self.connection, collection=kind, id=slug)
        return parse_json(text) if text else None


def _candidates(place: Place) -> list[str]:
    value = place.container[place.key]
    return [value] if ":" in value else [f"{kind}:{value}" for kind in place.target.types]


def _uncited(draft: Draft) -> Iterator[tuple[str, str]]:
    """A record without evidence, or evidence for what the record does not have."""
    citations = draft.document.get("citations", [])
    if not citations and draft.collection.type != "source":
        yield "/citations", "no fact without a source: cite at least one"
    fields = draft.collection.plan.pointers
    for index, citation in enumerate(citations):
        for number, pointer in enumerate(citation.get("about", [])):
            if pointer not in fields and not pointer_exists(draft.document, pointer):
                yield f"/citations/{index}/about/{number}", f"'{pointer}' leads to nothing in this record"


def _explain(fault: Any, collection: Collection) -> tuple[str, str]:
    """A fault as Pydantic has it, as a JSON Pointer and a sentence."""
    path, plan = "", collection.plan
    for step in fault["loc"]:
        path += f"/{step}"
        inner = next((field.part for field in plan.fields if field.name == step), None)
        plan = inner or plan
    if fault["type"] == "extra_forbidden":
        known = [field.name for field in plan.fields if not field.read_only]
        return path, f"is not a field here{did_you_mean(fault['loc'][-1], known)}"
    if fault["type"] == "enum":
        return path, f"is none of {fault['ctx']['expected']}"
    return path, in_words(fault)
