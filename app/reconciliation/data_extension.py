"""The data extension service: values of properties, fetched for records that were matched."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import orjson
from sqlalchemy import Connection, select

from app.catalogue import CATALOGUE
from app.reads.snapshots import RecordSnapshot, keys, of_pks, of_refs
from app.reconciliation.properties import Property, property_of, values
from app.reconciliation.record_types import TYPES, ref_in, type_of
from app.reconciliation.requests import Extension, WantedProperty
from app.registry.dates import parse_edtf
from app.registry.documents.canonical import Document
from app.registry.documents.plan import Kind
from app.registry.documents.references import Ref
from app.registry.records import Record
from app.registry.serving.statements import Clock

SETTINGS = [
    {
        "name": "limit",
        "label": "Most values",
        "type": "number",
        "default": 0,
        "help_text": "How many values of the property to fetch at most; 0: all of them.",
    }
]


def extended(connection: Connection, when: Clock, extension: Extension) -> Document:
    """The rows: for each id and each property its values, none for ids that name no record; and what they are."""
    refs = {given: ref_in(given) for given in extension.ids}
    entries = _entries(connection, when, [ref for ref in refs.values() if ref])
    found = {given: entries.get(ref) if ref else None for given, ref in refs.items()}
    rows = {given: _row(entry, extension.properties, when) for given, entry in found.items()}
    return {"meta": [_meta(one.id) for one in extension.properties], "rows": rows}


def _entries(connection: Connection, when: Clock, refs: list[Ref]) -> dict[Ref, RecordSnapshot]:
    """The records by the ids asked for; one that was found to be a duplicate is the record that stays."""
    found = {entry.ref: entry for entry in of_refs(connection, when, refs)}
    joined = survivors(connection, [ref for ref in refs if ref not in found])
    stays = {entry.pk: entry for entry in of_pks(connection, when, joined.values())}
    return found | {ref: stays[pk] for ref, pk in joined.items() if pk in stays}


def survivors(connection: Connection, refs: list[Ref]) -> dict[Ref, int]:
    """For duplicates among these records, the keys of the records that stay."""
    known = {pk: ref for ref, pk in keys(connection, refs).items()}
    asked = select(Record.pk, Record.merged_into).where(Record.pk.in_(known))
    return {known[pk]: into for pk, into in connection.execute(asked) if into is not None}


def _row(entry: RecordSnapshot | None, wanted: Iterable[WantedProperty], when: Clock) -> Document:
    if entry is None:
        return {one.id: [] for one in wanted}
    shown = entry.at(when)
    return {one.id: _cells(shown, one) for one in wanted}


def _cells(entry: RecordSnapshot, wanted: WantedProperty) -> list[Document]:
    known = property_of(entry.collection, wanted.id)
    found = values(entry, wanted.id)[: wanted.most] if known else []
    return [_cell(known, value) for value in found if known]


def _cell(known: Property, value: Any) -> Document:
    """A value as the service writes it: an entity, a date where the very day is known, a number, or text."""
    if known.kind is Kind.REFERENCE:
        return {"id": str(Ref.of(value)), "name": value["name"]}
    if known.kind is Kind.DATE:
        return {"date": f"{value['edtf']}T00:00:00Z"} if _is_day(value["edtf"]) else {"str": value["edtf"]}
    if isinstance(value, int) and not isinstance(value, bool):
        return {"int": value}
    if isinstance(value, float | Decimal):
        return {"float": float(value)}
    return {"str": value if isinstance(value, str) else orjson.dumps(value).decode()}


def _is_day(edtf: str) -> bool:
    return len(edtf) == 10 and edtf[-1].isdigit() and len(set(parse_edtf(edtf))) == 1


def _meta(pid: str) -> Document:
    """What the column of a property holds: its name and, where its values are records of one type, the type."""
    known = next(found for kind in TYPES if (found := property_of(CATALOGUE.by_type[kind], pid)))
    of = {"type": type_of(CATALOGUE.by_type[known.types[0]])} if len(known.types) == 1 else {}
    return {"id": pid, "name": known.name, **of}
