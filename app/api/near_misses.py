"""What a client may have meant by a record that there is not: an id nearly so, or what search finds by that text.

Search lies above this package, so `main` hands it over, as a `FindNear`.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, select

from app.registry.documents.references import Ref
from app.registry.problems import MissingRecord
from app.registry.records import Record
from app.registry.suggestions import nearest


class NearMiss(NamedTuple):
    """A record that a text may mean; `exact`: the text is one of its names, or leads to it."""

    ref: Ref
    exact: bool


FindNear = Callable[[Connection, str, Sequence[str]], NearMiss | None]
"""Finds the record of these types, or of any, that a text means most likely, if it means one."""


def find_nothing(connection: Connection, text: str, types: Sequence[str]) -> None:
    """For an application without search."""


def said_of(connection: Connection, missing: MissingRecord, find_near: FindNear) -> str:
    """What to add to a message about a record that there is not: "; did you mean 'bedfordshire'?", or nothing.

    A name that is exactly so comes first, then an id that is spelt nearly so, then what search finds.
    """
    if not missing.text.isprintable():
        return ""  # no name has such characters, and no database takes all of them
    near = find_near(connection, missing.text, missing.types)
    if near is None or not near.exact:
        slug = _nearly_spelt(connection, missing)
        near_id = slug or (near.ref.id if near else None)
    else:
        near_id = near.ref.id
    if near_id:
        return f"; did you mean '{near_id}'?"
    elsewhere = find_near(connection, missing.text, ())
    return f"; did you mean the {elsewhere.ref.type} '{elsewhere.ref.id}'?" if elsewhere and elsewhere.exact else ""


def _nearly_spelt(connection: Connection, missing: MissingRecord) -> str | None:
    slug = missing.text.lower()
    asked = select(Record.id).where(
        Record.collection.in_(missing.types), Record.id.startswith(slug[:2], autoescape=True)
    )
    return nearest(slug, connection.scalars(asked.order_by(Record.id).limit(2000)))
