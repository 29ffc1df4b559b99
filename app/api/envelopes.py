"""What every answer is wrapped in, as the OpenAPI document describes it.

No answer is made of these: stored documents are sent as they are. They are not `response_model`s either, because making
those costs every start of the service 200 ms (docs/decisions/0006-what-fastapi-describes.md).
"""

from typing import Any, Generic, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, create_model

from app.api.view import View
from app.registry.collection import Collection
from app.registry.documents.values import Reference

T = TypeVar("T")


class Described(BaseModel):
    """A part of an answer, for the description alone."""

    model_config = ConfigDict(use_attribute_docstrings=True, defer_build=True)


class KnownAt(Described):
    """A revision."""

    revision: int
    """Its number."""
    recorded: AwareDatetime
    """When it was recorded."""


class Meta(Described):
    """The clocks that applied."""

    as_of: str | None
    """The `as_of` asked for; null: none."""
    presumed_for: str = ""
    """How long a presumption was taken to last; only where that was asked."""
    known_at: KnownAt | None
    """The revision that answered; null while the registry is empty."""


class ListMeta(Meta):
    """The clocks that applied, and the total."""

    total: int
    """Records in all, on every page together."""


class FacetCount(Described):
    """How many of the listed records have a value; each is counted once, by its strongest presence."""

    certain: int
    """Certain."""
    presumed: int
    """Not certain, but nothing says that it had stopped."""
    possible: int
    """Neither: the dates leave it open."""


class PageMeta(Meta):
    """The clocks that applied, the total, and the facets, if they were asked for."""

    total: int = 0
    """Records in all, on every page together; left out with `total=false`."""
    facets: dict[str, list[dict[str, FacetCount | Reference | str]]] = {}
    """By the name of each facet its values, those of most records first: the value under that name, a reference or a
    text, and under `count` how many records have it, as the list would count them with that filter besides."""


class DiffMeta(Meta):
    """The clocks that applied, and the ends."""

    from_: KnownAt | None = Field(alias="from")
    """The earlier revision."""
    to: KnownAt | None
    """The later revision."""


class Links(Described):
    """Addresses that go with the answer."""

    self: str
    """This answer."""
    next: str | None = None
    """The next page; null: this is the last."""
    page: str = ""
    """The page for people that shows the same."""
    permalink: str = ""
    """The record as it is shown here, for good: at this revision and, with `as_of`, on these days."""
    history: str = ""
    """The record's versions."""
    record: str = ""
    """The record."""


class PatchOperation(Described):
    """One operation."""

    op: Literal["add", "remove", "replace", "move", "copy", "test"]
    """What to do."""
    path: str
    """Where (RFC 6901)."""
    from_: str = Field("", alias="from")
    """From where, for move and copy."""
    value: Any = None
    """The value, for add and replace."""


class Diff(Described):
    """An answer."""

    data: list[PatchOperation]
    """The patch (RFC 6902)."""
    meta: DiffMeta
    links: Links


class ProblemFault(Described):
    """One thing that is wrong."""

    location: str
    """Where: `query/as_of`."""
    message: str
    """What to do about it."""
    rule: str = ""
    """The rule that it breaks, where that has a name."""


class ProblemDetails(Described):
    """What went wrong (RFC 9457)."""

    type: str
    """The address of a page about this type of problem."""
    title: str
    """The type in words."""
    status: int
    """The HTTP status."""
    detail: str
    """What happened this time."""
    instance: str
    """The path asked for."""
    request_id: str
    """Names this request in the service's log."""
    errors: list[ProblemFault]
    """Each thing that is wrong."""
    errors_total: int | None = None
    """How many there are, where more are wrong than are named."""


class Page(Described, Generic[T]):
    """A page of a list."""

    data: list[T]
    """The records."""
    meta: PageMeta
    links: Links


class Detail(Described, Generic[T]):
    """One record."""

    data: T
    meta: Meta
    links: Links


class RecordedVersion(Described, Generic[T]):
    """A version of the record."""

    revision: int
    """The revision that wrote it."""
    recorded: AwareDatetime
    """When."""
    actor: str
    """Who wrote it."""
    reason: str
    """Why."""
    changed: list[str] | None
    """The fields recorded otherwise than in the version before, by name; null: it is the first, or the one before
    is redacted. What is derived from other records changes without a version, and is not among them."""
    data: T


class RedactedEntry(Described):
    """A version of which nothing is left but that it was there."""

    revision: int
    """The revision that wrote it."""
    recorded: AwareDatetime
    """When."""
    actor: str
    """Who wrote it."""
    reason: str
    """Why."""
    redacted: int
    """The revision that redacted it: `/v1/revisions/{n}` says when and why."""


class HistoryMeta(ListMeta):
    """What is said of a history."""

    redacted: list[RedactedEntry]
    """The versions that are redacted, newest first; they are not in the list, nor in its total."""


class History(Described, Generic[T]):
    """Every version of a record."""

    data: list[T]
    """Newest first."""
    meta: HistoryMeta
    links: Links


def of_collection(collection: Collection) -> list[type[BaseModel]]:
    """The answers that a collection's records are in, by the names that clients have made types of."""
    shape: Any = collection.schema
    version: Any = _named(f"{shape.__name__}Version", RecordedVersion[shape])
    return [
        _named(f"{shape.__name__}List", Page[shape]),
        _named(f"{shape.__name__}Detail", Detail[shape]),
        _named(f"{shape.__name__}History", History[version]),
    ]


def _named(name: str, answer: type[BaseModel]) -> type[BaseModel]:
    return create_model(name, __base__=answer, __doc__=answer.__base__.__doc__)


def of_view(view: View) -> type[BaseModel]:
    """The answer of a view."""
    item: Any = view.item
    meta: type[BaseModel] = ListMeta if view.paged else Meta
    if view.meta:
        meta = create_model(view.meta.__name__, __base__=(view.meta, meta), __doc__=view.meta.__doc__)
    data = (list[item], Field(description=view.description)) if view.many else (item, ...)
    return create_model(view.schema_name, __base__=Described, __doc__="An answer.", data=data, meta=meta, links=Links)
