"""What the registry needs to know of a collection, said once; five common verbs serve all of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple

from app.registry.dates import Span
from app.registry.documents.canonical import Document
from app.registry.documents.compilation import plan_of
from app.registry.documents.plan import Plan
from app.registry.documents.references import Ref, ReferenceObject
from app.registry.documents.shapes import RecordShape
from app.registry.presence import Period
from app.registry.typed_columns import VERSION_KEYS, Typed


class Detour(NamedTuple):
    """A way to a target round a third record: by what `first` ("covers") points to, and what that points to in `then`.

    `then` names fields of several collections: "joint-unit.participants". With `unless`, the way is open only to
    records of which nothing is recorded in that field: who is named as a party is not guessed from what is covered.
    """

    first: str
    then: tuple[str, ...]
    unless: str | None = None


class By(NamedTuple):
    """A filter on a reference: pointers in any of `fields` to a record of one of `types`.

    With `narrower`, the pointer field by which targets are sorted into wider ones, records that point to a narrower
    target are found too; with `detour`, those as well that come to the target by way of another record.
    """

    fields: tuple[str, ...]
    types: tuple[str, ...]
    text: str
    narrower: str | None = None
    detour: Detour | None = None


class Incoming(NamedTuple):
    """A derived list, made of the records whose `field` ("joint-unit.predecessors") points to this one.

    `key` is the entry's field that names the pointing record; its other fields come from the pointing part or record.
    """

    field: str
    key: str


class Phase(NamedTuple):
    """Where the day asked for lies: not before it can have begun; without `as_of` so too."""

    begun: bool = True


class Severity(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Finding(NamedTuple):
    """What a rule found wrong: a JSON Pointer into the document, and what is the matter there."""

    pointer: str
    message: str


Look = Callable[[str], Document | None]
"""Gives the canonical document of another record by its "type:id"."""

Pointing = Callable[[str, str], list[tuple[Document, Period]]]
"""Gives the canonical documents that point to "type:id" in a field, with the periods of the pointing parts."""

Run = tuple[int, int, str]
"""(733407, 734593, "active"): a derived value from a day until, not including, another; 0, 0: without `as_of`."""


class State(NamedTuple):
    """A derived value that has runs of days, so that it is a field and a filter, and both are the same.

    Of the days asked for it has the first of `values` that it has on any. `runs` makes them of a record's answer and of
    the days of that and its parts, by the names of their fields ("" for the record's).
    """

    values: tuple[str, ...]
    runs: Callable[[Document, Mapping[str, Any]], list[Run]]
    text: str
    presumed: tuple[str, ...] = ()
    """The values that are had only while the record is presumed to be there: they lapse with the presumption."""

    def on(self, runs: Iterable[Run], days: Span | None) -> str | None:
        """The value on the days asked for, or by all that is recorded."""
        if days is None:
            return next((value for first, until, value in runs if first == until == 0), None)
        met = {value for first, until, value in runs if first <= days.latest and until > days.earliest}
        return next((value for value in self.values if value in met), None)


class LookedUp(NamedTuple):
    """A derived field `looked_up` (Pointing) or `judged` (Look) of what `via` ("agreement.parties") points to.

    Made anew when that changes, or what is derived from it; `weighing`: only when one of these fields of it does.
    """

    via: str
    make: Callable[[Document, Any], Any]
    weighing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """A rule that a document must keep; the docstring of `check` says which.

    What breaks it is refused. A rule with a `remedy` only warns: what it finds is told when a document is written, and
    is shown for as long as it stands by `/v1/quality`, with that weight and what to do about it.
    """

    id: str
    check: Callable[[Document, Look], Iterable[Finding]]
    remedy: str | None = None
    severity: Severity = Severity.WARNING

    @property
    def warning(self) -> bool:
        """Whether it refuses nothing."""
        return self.remedy is not None


ShapeClass = type[RecordShape]
TypedClass = type[Typed]


@dataclass(frozen=True, eq=False)
class Collection:
    """One collection of the registry."""

    type: str
    path: str
    summary: str
    schema: ShapeClass
    table: TypedClass
    by: Mapping[str, By] = field(default_factory=dict)
    incoming: Mapping[str, Incoming] = field(default_factory=dict)
    computed: Mapping[str, Callable[[Document, Phase], Any]] = field(default_factory=dict)
    looked_up: Mapping[str, LookedUp] = field(default_factory=dict)
    judged: Mapping[str, LookedUp] = field(default_factory=dict)
    states: Mapping[str, State] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    bounded_by: tuple[str, ...] = ()
    """Fields of which no relation outlives what it points to; a single reference bounds the record itself."""
    members: str | None = None
    """The field of the organisations that run it: it is not older than they are."""
    succession: str | None = None
    """The field of what it follows, and so superseded."""

    @cached_property
    def hanging_fields(self) -> frozenset[str]:
        """The single references ("appointment.body") that bound the record itself."""
        return frozenset(f"{self.type}.{name}" for name in self.bounded_by if not self.plan.field(name).many)

    @cached_property
    def plan(self) -> Plan:
        """What its documents are made of."""
        return plan_of(self.schema)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns of its fields."""
        names = (column.name for column in self.table.__table__.columns)  # type: ignore[attr-defined]
        return tuple(name for name in names if name not in VERSION_KEYS)

    @cached_property
    def dates(self) -> tuple[str, ...]:
        """The date fields that have columns."""
        return tuple(name.removesuffix("_earliest") for name in self.columns if name.endswith("_earliest"))

    @cached_property
    def openings(self) -> tuple[str, ...]:
        """The texts of which the beginning has a column."""
        return tuple(name.removesuffix("_opening") for name in self.columns if name.endswith("_opening"))

    @cached_property
    def scalars(self) -> tuple[str, ...]:
        """The fields other than dates that have a column of their own."""
        others = ("_earliest", "_latest", "_opening")
        return tuple(name for name in self.columns if not name.endswith(others))

    @cached_property
    def table_name(self) -> str:
        """The name of the table of its typed columns."""
        return str(self.table.__table__.name)  # type: ignore[attr-defined]

    @cached_property
    def written(self) -> tuple[str, ...]:
        """The columns of its table in the order in which rows are written: keys, scalars, texts, dates."""
        openings = (f"{name}_opening" for name in self.openings)
        bounds = (f"{name}_{bound}" for name in self.dates for bound in ("earliest", "latest"))
        return (*VERSION_KEYS, *self.scalars, *openings, *bounds)


class Catalogue:
    """All collections, in the order in which a dataset loads."""

    def __init__(self, *collections: Collection) -> None:
        self.by_type = {collection.type: collection for collection in collections}
        self.by_path = {collection.path: collection for collection in collections}
        self.incoming_fields = {spec.field for collection in collections for spec in collection.incoming.values()}
        self.bounded_fields = {f"{each.type}.{name}" for each in collections for name in each.bounded_by}
        self.succession_fields = {f"{each.type}.{each.succession}" for each in collections if each.succession}
        looks = [spec for each in collections for spec in (*each.looked_up.values(), *each.judged.values())]
        self.watched_fields = {spec.via for spec in looks if not spec.weighing}
        self.weighed_fields = {spec.via: spec.weighing for spec in looks if spec.weighing}

    def __iter__(self) -> Iterator[Collection]:
        return iter(self.by_type.values())

    def url(self, target: Ref | str) -> str:
        """The address of a record, also by its "type:id"."""
        kind, slug = target if isinstance(target, Ref) else Ref.parse(target)
        return f"/v1/{self.by_type[kind].path}/{slug}"

    def reference(self, ref: Ref, name: str | None) -> ReferenceObject:
        """The reference object that answers have for a record; one without a name is called by its id."""
        return {"id": ref.id, "type": ref.type, "name": name or ref.id, "url": self.url(ref)}
