"""What a change makes of a record, in words: each field as it is recorded and as it is proposed, side by side."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection

from app.curation.changes import NEEDS_NO_EVIDENCE
from app.explorer import fields
from app.explorer.curation.resolution import referring
from app.registry.collection import Catalogue, Collection
from app.registry.documents.canonical import Document
from app.registry.documents.fields import Refer
from app.registry.documents.references import Ref

APART = frozenset({"id", "type", "url", "revision", "not_recorded", "presence", "presence_of_record", "last_evidence"})


class FieldDifference(NamedTuple):
    """A field in both versions. Of a list, what is taken out stands before, what is new after; `kept` stay."""

    name: str
    label: str
    before: Any
    after: Any
    kept: int
    notes: Sequence[str]


class RecordDifference(NamedTuple):
    """A record in both versions."""

    record: Document
    change: str
    moved: bool
    merged_into: Document | None
    changed: Sequence[FieldDifference]
    same: Sequence[FieldDifference]


def of_changes(
    connection: Connection, catalogue: Catalogue, changes: Iterable[Document], warnings: Iterable[Document]
) -> list[RecordDifference]:
    """The changes of a proposal, as its answer has them; warnings stand with the fields that they are about."""
    found, said = list(changes), list(warnings)
    documents = [
        (catalogue.by_type[each["record"]["type"]], document)
        for each in found
        for document in (each["recorded"], each["document"])
        if document
    ]
    refer = referring(connection, documents)
    return [_difference(catalogue.by_type[each["record"]["type"]], each, refer, said) for each in found]


def apart(found: Iterable[RecordDifference], warnings: Iterable[Document]) -> list[Document]:
    """The warnings that stand beside no field that is changed."""
    beside = {f"{each.record['type']}:{each.record['id']}/{row.name}" for each in found for row in each.changed}
    return [each for each in warnings if "/".join(each["location"].split("/")[:2]) not in beside]


def _difference(collection: Collection, change: Document, refer: Refer, warnings: list[Document]) -> RecordDifference:
    before, after = (_served(collection, change[name], refer) for name in ("recorded", "document"))
    target = str(Ref(change["record"]["type"], change["record"]["id"]))
    rows = [_with_standing(row, before, after) for row in _rows(before, after, _by_field(target, warnings))]
    return RecordDifference(
        change["record"],
        change["change"],
        change["moved"],
        change["merged_into"],
        [row for row in rows if row.before != row.after],
        [row for row in rows if row.before == row.after],
    )


def _with_standing(row: FieldDifference, before: Document, after: Document) -> FieldDifference:
    """A changed fact with a word on the documents that go on to be cited for it: they may say what stood there."""
    if row.before == row.after or row.before in (None, []) or row.name in NEEDS_NO_EVIDENCE:
        return row
    stood = [
        each for each in after.get("citations", []) if each in before["citations"] and f"/{row.name}" in each["about"]
    ]
    names = ", ".join(dict.fromkeys(each["source"]["name"] for each in stood))
    said = f"still cited for this: {names}; where that says what stood there, set it right in the evidence"
    return row._replace(notes=[*row.notes, said]) if names else row


def _served(collection: Collection, document: Document | None, refer: Refer) -> Document:
    return collection.plan.served(document, refer) if document else {}


def _by_field(target: str, warnings: list[Document]) -> Mapping[str, list[str]]:
    """The warnings about a record, by its fields."""
    found: dict[str, list[str]] = {}
    for warning in [each for each in warnings if each["location"].startswith(f"{target}/")]:
        found.setdefault(warning["location"][len(target) + 1 :].partition("/")[0], []).append(warning["message"])
    return found


def _rows(before: Document, after: Document, notes: Mapping[str, list[str]]) -> Iterator[FieldDifference]:
    for name in dict.fromkeys([*after, *before]):
        old, new = before.get(name), after.get(name)
        if name in APART or (old in (None, []) and new in (None, [])):
            continue
        kept = 0
        if old != new and isinstance(old, list) and isinstance(new, list):
            kept = sum(each in new for each in old)
            old, new = [each for each in old if each not in new], [each for each in new if each not in old]
        yield FieldDifference(name, fields.label(name), old, new, kept, notes.get(name, ()))
