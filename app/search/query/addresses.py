"""Texts that are not names but lead to one record: its id, its address, or its address in another scheme.

They are looked at before any name: `/v1/forces/kent`, the same with a host before it, `force:kent`,
`https://data.police.uk/api/forces/kent`, `https://www.wikidata.org/wiki/Q3195294`, `gss:E23000032`.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import Connection, select

from app.catalogue import CATALOGUE
from app.registry.clocks import recorded_at
from app.registry.documents.canonical import parse_json
from app.registry.documents.references import Ref
from app.registry.documents.values import SLUG
from app.registry.folding import fold
from app.registry.records import Answer, Record
from app.registry.serving.statements import Clock
from app.search.index.entries import cut
from app.search.index.tables import SearchEntry, SearchName

HOSTS = {
    "data.police.uk": "data.police.uk",
    "wikidata.org": "wikidata",
    "statistics.data.gov.uk": "gss",
}
"""Whose addresses end in an id, and in which scheme: `http://www.wikidata.org/entity/Q3195294`."""
SCHEMES = frozenset(HOSTS.values())

_HOST = r"(?:https?://)?[^/\s]+/(?:[^\s?#]*/)?"
_REST = r"/?(?:[?#].*)?"
_OWN = re.compile(rf"(?:{_HOST}v1/|/?(?:v1/)?)([a-z-]+)/([a-z0-9-]+)(?:/(?:history|diff))?{_REST}")
_ENTITY = re.compile(rf"(?:{_HOST}|/)?v1/reconcile/entities/(\S+?){_REST}")
_ELSEWHERE = re.compile(r"(?:https?://)?(?:www\.|m\.)?([a-z0-9.-]+\.[a-z]+)/(?:[^\s?#]*/)?([^\s/?#]+)/?(?:[?#].*)?")
LONGEST = 500
"""A longer text is no address of a record."""


class Lead(NamedTuple):
    """Where a text leads: the name that the records have there, and their keys."""

    name: str
    pks: frozenset[int]


def lead_of(connection: Connection, when: Clock, text: str) -> Lead | None:
    """Where a text leads, if it is an id with its type, or an address; None where it is anything else.

    `https://data.police.uk/api/forces/kent` leads to the name "kent".
    """
    text = text.strip().strip("<>")
    if len(text) > LONGEST or not {*text} & {":", "/"}:
        return None
    if ref := ref_of(text):
        asked = select(Record.pk, Record.merged_into).where(Record.collection == ref.type, Record.id == ref.id)
        return Lead(ref.id, frozenset(pk for row in connection.execute(asked) for pk in row if pk is not None))
    if found := _in_scheme(text):
        return Lead(found.value, frozenset(_identified(connection, when, found)))
    return None


def ref_of(text: str) -> Ref | None:
    """The record that a text names by the registry's own id or address."""
    lower = text.lower()
    if found := _ENTITY.fullmatch(lower):
        lower = found[1].replace("%3a", ":")
    if found := _OWN.fullmatch(lower):
        collection = CATALOGUE.by_path.get(found[1])
        return Ref(collection.type, found[2]) if collection and SLUG.fullmatch(found[2]) else None
    kind, _, slug = (part.strip() for part in lower.partition(":"))
    return Ref(kind, slug) if kind in CATALOGUE.by_type and SLUG.fullmatch(slug) else None


class _Identifier(NamedTuple):
    scheme: str
    value: str


def _in_scheme(text: str) -> _Identifier | None:
    """The id in another scheme that a text names, by its address there or as "scheme:id"."""
    scheme, _, value = text.partition(":")
    if scheme.lower() in SCHEMES and not value.startswith("//"):
        return _Identifier(scheme.lower(), value.strip())
    found = _ELSEWHERE.fullmatch(text.lower())
    return _Identifier(HOSTS[found[1]], found[2]) if found and found[1] in HOSTS else None


def _identified(connection: Connection, when: Clock, sought: _Identifier) -> Iterator[int]:
    """The keys of the records that have this id in this scheme."""
    folded = fold(sought.value)
    asked = (
        select(SearchEntry.record_pk, Answer.body)
        .join(SearchName, SearchName.pk == SearchEntry.pk)
        .join(Answer, Answer.record_pk == SearchEntry.record_pk)
        .where(SearchName.name == cut(folded))
        .where(recorded_at(SearchEntry, when.revision), recorded_at(Answer, when.revision))
    )
    for pk, body in connection.execute(asked):
        known = [one["value"] for one in parse_json(body)["identifiers"] if one["scheme"] == sought.scheme]
        if folded in map(fold, known):
            yield pk
