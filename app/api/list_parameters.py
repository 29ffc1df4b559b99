"""What the list of a collection takes: a query model made of what the collection says of itself."""

from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from typing import Annotated, Any

from pydantic import Field, WithJsonSchema, create_model

from app.api.field_choice import STRETCHES
from app.api.parameters import choose, split
from app.api.query_models import DAY, WITH_COMMAS, ListQuery, several
from app.registry.collection import By, Collection
from app.registry.documents.canonical import Document
from app.registry.documents.plan import Kind

CITED = By(("citations",), ("source",), "Records that cite this source.")
_ITEM: Document = {"type": "string", "minLength": 1, "pattern": "^[^,]*[^, ][^,]*$"}


def filters(collection: Collection) -> dict[str, By]:
    """The reference filters of a collection."""
    return {**collection.by, "source": CITED}


def choices(collection: Collection, name: str) -> list[str] | None:
    """The values that a field can have, None where it is free text."""
    annotation = collection.plan.field(name).annotation
    listed = isinstance(annotation, type) and issubclass(annotation, StrEnum)
    return [item.value for item in annotation] if listed else None


@cache
def list_query(collection: Collection) -> type[ListQuery]:
    """The query model of the collection's list: `JointUnitListQuery` takes `force`, `kind`, `started_from`."""
    return create_model(f"{collection.schema.__name__}ListQuery", __base__=ListQuery, **_filters(collection))


def _filters(collection: Collection) -> dict[str, Any]:
    """The filters as Pydantic is told of fields: a type and what else there is to say, by name."""
    found: dict[str, Any] = {}
    for name, by in filters(collection).items():
        found[name] = _with_commas(several(by.text, each=True))
    for name in collection.scalars:
        text = collection.schema.model_fields[name].description or ""
        found[name] = _with_commas(several(text), choices(collection, name))
    for name, state in collection.states.items():
        found[name] = _with_commas(several(state.text), choices(collection, name) or list(state.values))
    for name in collection.dates:
        found[f"{name}_from"] = _day(f"Records whose `{name}` can lie on or after this date.")
        found[f"{name}_to"] = _day(f"Records whose `{name}` can lie on or before this date.")
    found["evidence_from"] = _day("Records that a source shows in being on or after this date: by `last_evidence`.")
    return found


def _with_commas(text: str, values: list[str] | None = None) -> Any:
    item: Document = {"type": "string", "enum": values} if values else _ITEM
    schema = {"type": "array", "items": item, **WITH_COMMAS}
    return Annotated[str | None, WithJsonSchema(schema)], Field(None, description=text)


def _day(text: str) -> Any:
    return Annotated[str | None, WithJsonSchema({"type": "string", "pattern": DAY})], Field(None, description=text)


@cache
def texts(collection: Collection) -> tuple[str, ...]:
    """The recorded fields of one text each that have no column: lists are sorted by them, not filtered."""
    kept = {"id", "name", *collection.scalars}
    plain = (field for field in collection.plan.fields if field.kind is Kind.PLAIN and field.annotation is str)
    return tuple(field.name for field in plain if not field.many and not field.read_only and field.name not in kept)


def sortable(collection: Collection) -> tuple[str, ...]:
    """What a list can be sorted by: every recorded field of one value, states, and the day of the last evidence."""
    own = (*collection.scalars, *collection.dates, *collection.states)
    return ("id", "name", "revision", *own, *texts(collection), "last_evidence")


def sort_keys(collection: Collection, text: str | None) -> Iterator[tuple[str, bool]]:
    """What the list is sorted by, and whether downwards: `-started,name` is (started, True), (name, False)."""
    for name in split("sort", text) if text else ():
        yield choose("sort", name.removeprefix("-"), sortable(collection)), name.startswith("-")


def chosen_fields(collection: Collection, text: str | None) -> list[str] | None:
    """The fields to show, None for all. Raises Unsupported."""
    if text is None:
        return None
    known = [*(field.name for field in collection.plan.fields), STRETCHES]
    return [choose("fields", name, known) for name in split("fields", text)]
