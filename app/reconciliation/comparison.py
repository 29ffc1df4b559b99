"""How well a value from elsewhere agrees with what is recorded of a property."""

import re
from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from rapidfuzz import fuzz

from app.reconciliation.properties import SCHEME, Property
from app.registry.dates import ENDED_UNKNOWN, Span, UnsupportedDateError, parse_edtf
from app.registry.documents.canonical import Document
from app.registry.documents.plan import Kind
from app.registry.documents.references import Ref, ReferenceObject
from app.registry.folding import MINOR, fold, singular
from app.search.query.abbreviations import MEANINGS
from app.search.query.force_names import one_word

ALIKE = 85
"""How alike, from 0 to 100, two free texts are that may mean the same."""

Resolve = Callable[[str, tuple[str, ...]], frozenset[Ref]]
"""Gives the records of some types that have a text for a name or an id."""

_TIME_OF_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ][0-9:.]+(Z|[+-][0-9:]+)?")


def words_of(text: str) -> frozenset[str]:
    """The words that tell a name apart, in the singular, abbreviations written out: "Beds & Herts Dogs Unit".

    A constabulary, a police force and a police service are police.
    """
    spelt = one_word(" ".join(MEANINGS.get(word, word) for word in fold(text).split()))
    return frozenset(singular(word) for word in spelt.split() if word not in MINOR)


def agreement(one: Property, recorded: list[Any], given: Iterable[str], resolve: Resolve) -> float | None:
    """From 0 to 1, the best agreement of any value given with any recorded.

    None: they cannot be compared, or nothing is recorded, which is never taken for a difference.
    """
    found = [_agreement(one, value, text, resolve) for value in recorded for text in given]
    comparable = [value for value in found if value is not None]
    return max(comparable, default=None)


def _agreement(one: Property, value: Any, text: str, resolve: Resolve) -> float | None:
    if one.kind is Kind.REFERENCE:
        return float(_is_meant(value, text, resolve(text, one.types)))
    if one.kind is Kind.DATE:
        return _dates_meet(value, text)
    return _plain(value, text, exactly=one.id.startswith(SCHEME))


def _is_meant(reference: ReferenceObject, text: str, resolved: frozenset[Ref]) -> bool:
    """Whether a text means the record of a reference: by its id, by its name, or by another name that it has."""
    ref = Ref.of(reference)
    named = fold(text) in (fold(reference["name"]), fold(reference["id"]))
    return ref in resolved or text.strip() == str(ref) or named


def _dates_meet(value: Document, text: str) -> float | None:
    """Whether two dates, each as uncertain as it is, can be the same day."""
    given, known = span_of(text), span_of(value["edtf"])
    if given is None or known is None:
        return None
    return float(given.earliest <= known.latest and known.earliest <= given.latest)


def span_of(text: str) -> Span | None:
    """The days that a date can be, also one written with a time of day; None for what is no date."""
    timed = _TIME_OF_DAY.fullmatch(text.strip())
    try:
        return None if text == ENDED_UNKNOWN else parse_edtf(timed[1] if timed else text.strip())
    except UnsupportedDateError:
        return None


def _plain(value: Any, text: str, *, exactly: bool) -> float:
    ours = str(value).lower() if isinstance(value, bool) else str(value)
    if fold(ours) == fold(text) or _same_number(ours, text):
        return 1.0
    likeness = 0.0 if exactly else fuzz.ratio(fold(ours), fold(text))
    return likeness / 100 if likeness >= ALIKE else 0.0


def _same_number(one: str, other: str) -> bool:
    try:
        return Decimal(one) == Decimal(other.replace(",", "").strip())
    except InvalidOperation:
        return False
