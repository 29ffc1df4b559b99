"""What the registry needs to know of a view: an answer that is worked out from many records, said once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Any, NamedTuple

from pydantic import Field, WithJsonSchema, create_model
from sqlalchemy import Connection

from app.api import tables
from app.api.formats import MEDIA_TYPES
from app.api.parameters import DEFAULT_LIMIT, Parameters
from app.api.query_models import ClockQuery, Limit, ListQuery, NamesDays, Obligatory, PagedQuery
from app.registry.documents.canonical import Document
from app.registry.documents.compilation import plan_of
from app.registry.documents.shapes import Shape
from app.registry.serving.statements import Clock


class Parameter(NamedTuple):
    """A query parameter of a view: what it asks, its JSON Schema, and, if it must be given, what is said without it."""

    text: str | None
    schema: Document = {"type": "string"}
    missing: str | None = None
    instead: str | None = None
    """Another parameter that will do in its place."""
    names_days: bool = False
    """Whether it says which days are asked for, in the place of `as_of`."""


class Rendering(NamedTuple):
    """Another form of a view's answer than JSON: its media type, and how data and meta are written in it."""

    media_type: str
    write: Callable[[Any, Document], bytes]


Item = type[Shape]


class Many(NamedTuple):
    """Objects that are made when they are shown: how many there are, what makes a page of them, and more `meta`."""

    total: int
    make: Callable[[slice], list[Document]]
    meta: Document


class PageWanted(NamedTuple):
    """A page of a list: so many items behind a place; None: from the first on."""

    after: list[Any] | None
    most: int


class PageMade(NamedTuple):
    """The items of a page, and the place of the last, where there are more behind it."""

    items: list[Document]
    following: list[Any] | None


class Walked(NamedTuple):
    """Objects that are found and made page by page, each page from a place on: how many there are, and what makes one.

    A place is what an object is sorted by, so that a page behind many others costs no more than the first.
    """

    total: int
    make: Callable[[PageWanted], PageMade]


class Parted(NamedTuple):
    """An object with several lists that are made page by page: what else is in it, and how many each list has in all.

    `make` gets the pages that are wanted by the names of their lists.
    """

    whole: Document
    totals: Mapping[str, int]
    make: Callable[[Mapping[str, PageWanted]], Mapping[str, PageMade]]


class Shown(NamedTuple):
    """What a view shows: an object, or the objects of a page; how many there are in all; and more `meta`."""

    data: Any
    total: int
    meta: Document


@dataclass(frozen=True, eq=False)
class View:
    """One view. `answer` gets the parameters as text (with `id`, where the path has one) and both clocks.

    It gives the `data`: one object, or with `many` an iterable of objects of the shape `item`. A `paged` view takes
    `limit`, without which it shows `page` items, and `cursor`; its answers are put in the same order every time.
    `renderings` are its other forms, by the names that `format` gives them; a client may also name the media type in
    `Accept`. `meta` is the shape of what `Many` says besides; `group`, where the documentation shows it. `rows` are the
    lists of an object that are its rows in a table, such as the edges of a network; without them the object is one row.
    """

    path: str
    operation_id: str
    summary: str
    description: str
    item: Item
    answer: Callable[[Connection, Parameters, Clock], Document | Iterable[Document] | Many | Walked | Parted]
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    many: bool = False
    paged: bool = False
    page: int = DEFAULT_LIMIT
    renderings: Mapping[str, Rendering] = field(default_factory=dict)
    parts: tuple[str, ...] = ()
    """The lists of what is `Parted`, shown page by page, each by itself; all of them without `limit`."""
    meta: Item | None = None
    group: str = "answers"
    rows: tuple[str, ...] = ()
    of_revision: bool = True
    """Whether its answers are made of the register at a revision alone, and so may be kept."""

    @property
    def of_record(self) -> bool:
        """Whether it is asked of one record, by the `id` in its path."""
        return "{id}" in self.path

    @cached_property
    def query(self) -> type[ClockQuery]:
        """The model of its query string: the clocks, the page and the form that all views know, and its own."""
        form = Parameter(_text("format"), {"type": "string", "enum": ["json", *self.forms]})
        fields = {name: _field(parameter) for name, parameter in {"format": form, **self.parameters}.items()}
        if self.paged:
            fields["limit"] = (Limit, Field(self.page, description=_text("limit")))
        if self.parts:
            fields["limit"] = (Limit | None, Field(None, description="Items on a page of each part; without it, all."))
            fields["part"] = _field(Parameter("This part alone.", {"type": "string", "enum": list(self.parts)}))
        base = PagedQuery if self.paged or self.parts else ClockQuery
        return create_model(f"{self.schema_name}Query", __base__=base, **fields)

    @property
    def forms(self) -> dict[str, str]:
        """The media types of all its forms but JSON: those that every list has too, and its own."""
        shared = {name: media_type for name, media_type in MEDIA_TYPES.items() if name != "json"}
        return shared | {name: rendering.media_type for name, rendering in self.renderings.items()}

    def table(self, data: Any) -> tables.AnswerTable:
        """Its data as a table: a row for each object, or for each entry of the lists that `rows` names."""
        plan = plan_of(self.item)
        if self.rows:
            return tables.of_parts(plan, self.rows, data)
        return tables.spelt_out(tables.AnswerTable(plan, data if self.many else [data]))

    @property
    def title(self) -> str:
        """What its table is called: `statistics-joint-units`."""
        return (self.path.replace("/{id}", "").strip("/").replace("/", "-")) or "index"

    @property
    def schema_name(self) -> str:
        """The name of its envelope in the OpenAPI document."""
        return "".join(word.title() for word in self.operation_id.removeprefix("get_").split("_")) + "Answer"


def _text(name: str) -> str | None:
    """What a parameter that lists have too is for."""
    return ListQuery.model_fields[name].description


def _field(parameter: Parameter) -> Any:
    """A parameter as Pydantic is told of a field: its type, and what else there is to say."""
    kind: Any = Annotated[str | None, WithJsonSchema(parameter.schema)]
    if parameter.names_days:
        kind = Annotated[kind, NamesDays()]
    if parameter.missing is None:
        return kind, Field(parameter.schema.get("default"), description=parameter.text)
    return Annotated[kind, Obligatory(parameter.missing, parameter.instead)], Field(None, description=parameter.text)


def answered(view: View, connection: Connection, parameters: Parameters, when: Clock, page: slice) -> Shown:
    """What a view shows; of many objects, those of the page. What is `Walked` or `Parted` stays as it is."""
    data = view.answer(connection, parameters, when)
    if isinstance(data, Many):
        return Shown(data.make(page), data.total, data.meta)
    if isinstance(data, Walked):
        return Shown(data, data.total, {})
    if not view.many:
        return Shown(data, 1, {})
    every = list(data)
    return Shown(every[page], len(every), {})
