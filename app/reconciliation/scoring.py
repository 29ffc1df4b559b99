"""Candidates: how well each fits a query, and whether one of them can be taken without asking anybody."""

from collections.abc import Sequence
from typing import NamedTuple

from app.reads.snapshots import RecordSnapshot
from app.reconciliation.comparison import Resolve, agreement
from app.reconciliation.properties import SCHEME, property_of, values
from app.reconciliation.requests import GivenProperty
from app.registry.documents.canonical import Document
from app.registry.documents.references import Ref

NAME_WEIGHT = 2
"""A name counts as much as two properties."""
AGREES = 0.85
"""From where on, of 1, a property is taken to agree."""
HIGH, FAR_AHEAD = 90, 20
"""The score of a candidate that properties speak for, and its lead over the next one, to be taken for the one meant."""


class NameFit(NamedTuple):
    """How a record's names fit a text: a score from 0 to 100; whether one is it, has the same words, or all of them.

    `by_id`: the text is the record's id or leads to it, by an address for instance.
    """

    score: float
    exact: bool
    same_words: bool
    all_words: bool
    by_id: bool = False


class ScoredRecord(NamedTuple):
    """A record that a query may mean; the score from 0 to 100. `named` is None where the query has no text."""

    entry: RecordSnapshot
    score: float
    named: NameFit | None
    identified: bool
    agreements: dict[str, float]

    @property
    def by_id(self) -> bool:
        """Whether what was asked for is its id."""
        return bool(self.named and self.named.by_id)

    @property
    def exact(self) -> bool:
        """Whether it has the very name or id that was asked for."""
        return self.identified or bool(self.named and self.named.exact)

    @property
    def same_words(self) -> bool:
        """Whether it has a name of the same words, in any order, with abbreviations written out."""
        return bool(self.named and self.named.same_words)

    @property
    def supported(self) -> bool:
        """Whether a name has every word that was asked for, and a property agrees."""
        return bool(self.named and self.named.all_words and self.agreements) and not self.contradicted

    @property
    def contradicted(self) -> bool:
        """Whether a property says that it is another record."""
        return any(value < AGREES for value in self.agreements.values())

    @property
    def features(self) -> list[Document]:
        """What the score and the decision are made of."""
        named = [{"id": "name", "value": self.named.score}] if self.named else []
        equal = [{"id": "exact", "value": self.exact}, {"id": "same_words", "value": self.same_words}]
        return [*named, *equal, *({"id": f"property:{pid}", "value": each} for pid, each in self.agreements.items())]


def scored(
    entry: RecordSnapshot, named: NameFit | None, given: Sequence[GivenProperty], resolve: Resolve
) -> ScoredRecord:
    """A candidate; its score is the mean of its name's, counted twice, and of each property that can be compared.

    An id in another scheme that agrees is as good as the name.
    """
    agreements: dict[str, float] = {}
    for one in given:
        known = property_of(entry.collection, one.pid)
        found = agreement(known, values(entry, one.pid), one.v, resolve) if known else None
        if found is not None:
            agreements[one.pid] = round(found, 3)
    identified = any(pid.startswith(SCHEME) and value == 1 for pid, value in agreements.items())
    name = 100.0 if identified else named and named.score
    parts = [100 * value for value in agreements.values()] + ([] if name is None else [name] * NAME_WEIGHT)
    return ScoredRecord(entry, round(sum(parts) / max(1, len(parts)), 1), named, identified, agreements)


def ranked(candidates: Sequence[ScoredRecord]) -> list[ScoredRecord]:
    """The best first; equal ones in the order of how their names fit, then of type and id."""
    return sorted(candidates, key=_order)


def _order(one: ScoredRecord) -> tuple[float, bool, bool, bool, Ref]:
    return -one.score, not one.by_id, not one.exact, not one.same_words, one.entry.ref


def certain(candidates: Sequence[ScoredRecord]) -> ScoredRecord | None:
    """The one of these candidates, best first, that is meant; None where a person has to choose.

    It alone has the very id, or if none has, the very name, or else the id in another scheme, or else a name of the
    same words; and nothing contradicts it. Where none of these is there, it is one that properties speak for, far ahead
    of the next.
    """
    equal = [one for one in candidates if one.by_id]
    equal = equal or [one for one in candidates if one.named and one.named.exact]
    equal = equal or [one for one in candidates if one.identified] or [one for one in candidates if one.same_words]
    if not equal:
        return candidates[0] if candidates and _far_ahead(candidates) else None
    fitting = [one for one in equal if not one.contradicted]
    return fitting[0] if len(fitting) == 1 else None


def _far_ahead(candidates: Sequence[ScoredRecord]) -> bool:
    first, *others = candidates
    next_score = others[0].score if others else 0.0
    return first.supported and first.score >= HIGH and first.score - next_score >= FAR_AHEAD
