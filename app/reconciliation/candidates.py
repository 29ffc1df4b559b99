"""The candidates for each query of a batch: found by name, or by properties alone, then scored together."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, select

from app.api.list_parameters import filters
from app.api.list_sql import page, selected
from app.api.lists import ask
from app.catalogue import CATALOGUE
from app.reads.snapshots import RecordSnapshot, keys, of_pks
from app.reconciliation.comparison import Resolve, span_of, words_of
from app.reconciliation.properties import SCHEME
from app.reconciliation.record_types import ref_in
from app.reconciliation.requests import GivenProperty, Query
from app.reconciliation.scoring import NameFit, ScoredRecord, ranked, scored
from app.registry.collection import Collection
from app.registry.dates import iso
from app.registry.documents.canonical import Document
from app.registry.documents.references import Ref
from app.registry.folding import fold
from app.registry.problems import Unsupported
from app.registry.serving.statements import Clock, recorded_at
from app.search.index.entries import cut
from app.search.index.tables import SearchEntry, SearchName
from app.search.query.matching import Match, matches

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
        entries = {entry.pk: entry for entry in of_pks(self.connection, self.when, pks) if entry.held(self.when)}
        answers = {pk: entry.shown(self.when) for pk, entry in entries.items()}
        return {key: self._scored(queries[key], each, entries, answers) for key, each in found.items()}

    def _scored(
        self,
        query: Query,
        found: Mapping[int, Match | None],
        entries: Mapping[int, RecordSnapshot],
        answers: Mapping[int, Document],
    ) -> list[ScoredRecord]:
        made = []
        for pk in found.keys() & entries.keys():
            match, answer = found[pk], answers[pk]
            named = _fit(query.text, match, answer) if match else None
            made.append(scored(entries[pk], answer, named, query.properties, self.resolve))
        return ranked(made)

    def _found(self, query: Query) -> dict[int, Match | None]:
        """The keys of records that may be meant, each with how its name matches."""
        most = max(query.limit, WITH_PROPERTIES if query.properties else FEWEST)
        if not query.types:
            return {}
        if query.query is None:
            return dict.fromkeys(self._with(query.types, query.properties, most))
        identified = dict.fromkeys(self._identified(query.types, query.properties)[:most])
        named = {match.record_pk: match for match in self._named(query.text, query.types, most)}
        return identified | named

    def _named(self, text: str, types: Sequence[str], limit: int) -> list[Match]:
        ref = ref_in(text, types)
        if ref and (pk := keys(self.connection, [ref]).get(ref)):
            return matches(self.connection, self.when, ref.id, types=(ref.type,), pks={pk}, limit=1)
        return matches(self.connection, self.when, text, types=types, limit=limit)

    def _resolve(self, text: str, types: tuple[str, ...]) -> frozenset[Ref]:
        return frozenset(ref for _, ref in self._called(text, types))

    def _called(self, text: str, types: Sequence[str]) -> list[tuple[int, Ref]]:
        """Key and reference of every record of these types, or any, with exactly this name or id."""
        asked = (
            select(SearchEntry.record_pk, SearchEntry.collection, SearchEntry.record_id)
            .join(SearchName, SearchName.pk == SearchEntry.pk)
            .where(SearchName.name == cut(fold(text)), recorded_at(SearchEntry, self.when.revision))
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
        return [pk for text in codes for pk, _ in self._called(text, types)]

    def _listed(self, collection: Collection, given: Sequence[GivenProperty], limit: int) -> list[int]:
        parameters = {name: value for one in given for name, value in self._filter(collection, one).items()}
        if not parameters:
            return []
        try:
            question = ask(collection, {**parameters, "limit": str(limit)}, self.when, None)
            rows = page(self.connection, question, selected(self.connection, question))
        except Unsupported:  # a value that nothing can have
            return []
        refs = [Ref(collection.type, row[2]) for row in rows[:limit]]
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


def _fit(text: str, match: Match, answer: Document) -> NameFit:
    wanted = words_of(text)
    names = [answer["name"] or "", *(each["name"] for each in answer["other_names"])]
    known = [words_of(name) for name in names] if wanted else []
    return NameFit(match.score, match.exact, wanted in known, any(wanted <= words for words in known))
