"""The candidates for each query of a batch: found by name, or by properties alone, then scored together."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from app.api.list_parameters import filters
from app.api.list_shapes import selected
from app.api.list_sql import page
from app.api.lists import ask
from app.catalogue import CATALOGUE
from app.reads.answers.records import ServedRecord
from app.reads.snapshots import RecordSnapshot, keys, of_pks
from app.reconciliation.comparison import Resolve, span_of, words_of
from app.reconciliation.properties import SCHEME
from app.reconciliation.requests import GivenProperty, Query
from app.reconciliation.scoring import NameFit, ScoredRecord, ranked, scored
from app.registry.clocks import recorded_at
from app.registry.collection import Collection
from app.registry.dates import iso
from app.registry.documents.references import Ref
from app.registry.folding import fold
from app.registry.problems import Unsupported
from app.registry.serving.statements import Clock
from app.search.index.entries import cut
from app.search.index.tables import SearchEntry, SearchName
from app.search.query.addresses import lead_of
from app.search.query.candidates import SearchScope
from app.search.query.force_names import other_names
from app.search.query.matching import run_search
from app.search.query.ranking import Ranked

FEWEST = 10
"""Candidates that are looked at, however few are wanted: to see whether another is as good."""
WITH_PROPERTIES = 40
"""As many, where properties can bring one forward."""


class Reconciler:
    """Finds the candidates of queries by one pair of clocks; what it looked up once, it keeps for the batch."""

    def __init__(self, connection: Connection, when: Clock) -> None:
        self.connection, self.when = connection, when
        self.resolve: Resolve = cache(self._resolve)

    def candidates(self, queries: Mapping[str, Query]) -> dict[str, list[ScoredRecord]]:
        """The candidates of each query, the best first; more than its limit, where there are."""
        found = {key: self._found(query) for key, query in queries.items()}
        pks = {pk for each in found.values() for pk in each}
        held = (entry for entry in of_pks(self.connection, self.when, pks) if entry.held(self.when))
        entries = {entry.pk: entry.at(self.when) for entry in held}
        return {key: self._scored(queries[key], each, entries) for key, each in found.items()}

    def _scored(
        self, query: Query, found: Mapping[int, Ranked | None], entries: Mapping[int, RecordSnapshot]
    ) -> list[ScoredRecord]:
        made = []
        for pk in found.keys() & entries.keys():
            match, entry = found[pk], entries[pk]
            named = _fit(query.text, match, entry.answer) if match else None
            made.append(scored(entry, named, query.given, self.resolve))
        return ranked(made)

    def _found(self, query: Query) -> dict[int, Ranked | None]:
        """The keys of records that may be meant, each with how its name matches."""
        most = max(query.limit, WITH_PROPERTIES if query.given else FEWEST)
        if not query.types:
            return {}
        if not fold(query.text):
            return dict.fromkeys(self._with(query.types, query.given, most) if query.given else ())
        identified = dict.fromkeys(self._identified(query.types, query.given)[:most])
        result = run_search(self.connection, query.text, SearchScope(self.when, types=tuple(query.types)))
        named = {match.found.record_pk: match for match in result.ranked[:most]}
        return identified | named

    def _resolve(self, text: str, types: tuple[str, ...]) -> frozenset[Ref]:
        """The records of these types that a value means: by id or address, or else by name, as people write it."""
        lead = lead_of(self.connection, self.when, text)
        led = self._found_by(SearchEntry.record_pk.in_(lead.pks), types) if lead else []
        called = led or self._called([text], types)
        if not called and (not types or "force" in types):
            called = self._called(other_names(fold(text)), ("force",))
        by_id = [ref for _, ref in called if ref.id == text.strip().lower()]
        return frozenset(by_id or (ref for _, ref in called))

    def _called(self, texts: Iterable[str], types: Sequence[str]) -> list[tuple[int, Ref]]:
        """Key and reference of every record of these types, or any, with exactly one of these names or ids."""
        names = SearchName.name.in_([cut(fold(text)) for text in texts])
        return self._found_by(SearchEntry.pk.in_(select(SearchName.pk).where(names)), types)

    def _found_by(self, condition: ColumnElement[bool], types: Sequence[str]) -> list[tuple[int, Ref]]:
        asked = (
            select(SearchEntry.record_pk, SearchEntry.collection, SearchEntry.record_id)
            .where(condition, recorded_at(SearchEntry, self.when.revision))
            .order_by(SearchEntry.pk)
        )
        if types:
            asked = asked.where(SearchEntry.collection.in_(types))
        return [(pk, Ref(kind, slug)) for pk, kind, slug in self.connection.execute(asked)]

    def _with(self, types: Sequence[str], given: Sequence[GivenProperty], limit: int) -> list[int]:
        """The keys of records that have all these properties, as far as lists can be asked for them."""
        identified = self._identified(types, given)
        if identified or any(one.pid.startswith(SCHEME) for one in given):
            return identified[:limit]
        collections = [CATALOGUE.by_type[kind] for kind in types]
        return [pk for collection in collections for pk in self._listed(collection, given, limit)][:limit]

    def _identified(self, types: Sequence[str], given: Sequence[GivenProperty]) -> list[int]:
        """The keys of records that have an id which is given as one in another scheme."""
        codes = [text for one in given if one.pid.startswith(SCHEME) for text in one.v]
        return [pk for text in codes for pk, _ in self._called([text], types)]

    def _listed(self, collection: Collection, given: Sequence[GivenProperty], limit: int) -> list[int]:
        parameters = {name: value for one in given for name, value in self._filter(collection, one).items()}
        if not parameters:
            return []
        try:
            question = ask(collection, {**parameters, "limit": str(limit)}, self.when, None)
            rows = page(self.connection, selected(self.connection, question))
        except Unsupported:  # a value that nothing can have
            return []
        refs = [Ref(collection.type, row[3]) for row in rows[:limit]]
        return list(keys(self.connection, refs).values())

    def _filter(self, collection: Collection, given: GivenProperty) -> dict[str, Any]:
        """The filter of the collection's list that a property makes; empty: there is none."""
        by = filters(collection).get(given.pid)
        if by:
            refs = sorted(ref for text in given.v for ref in self.resolve(text, by.types))
            return {given.pid: ",".join(map(str, refs or given.v[:1]))}
        if given.pid in collection.scalars:
            return {given.pid: ",".join(given.v)}
        spans = [span for text in given.v if given.pid in collection.dates and (span := span_of(text))]
        if len(spans) != 1:
            return {}
        ends = {"from": iso(spans[0].earliest), "to": iso(spans[0].latest)}
        return {f"{given.pid}_{end}": day for end, day in ends.items() if day}


def _fit(text: str, match: Ranked, answer: ServedRecord) -> NameFit:
    wanted = words_of(text)
    names = [answer["name"] or "", *(each["name"] for each in answer["other_names"])]
    known = [words_of(name) for name in names] if wanted else []
    return NameFit(match.score, match.exact, wanted in known, any(wanted <= words for words in known), match.by_id)
