"""The page of a record: its facts with their evidence, its parts, what points to it, its history."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from app.catalogue import CATALOGUE
from app.explorer import drawing, fields
from app.explorer.evidence import Bibliography, FactEvidence
from app.reads.snapshots import RecordSnapshot
from app.reads.typed_values import typed
from app.registry.dates import AFTER_ALL, BEFORE_ALL, Span
from app.registry.documents.canonical import Document
from app.registry.documents.plan import FieldPlan, Kind, Plan
from app.registry.documents.references import Ref, ReferenceObject
from app.registry.presence import Period, Presence, presence_of
from app.registry.serving.statements import Clock


class Fact(NamedTuple):
    """One thing that is recorded, or said by a source though the record does not hold it."""

    label: str
    value: Any
    evidence: FactEvidence
    derived: bool


class PartRow(NamedTuple):
    """A line of a table of parts; parts that are alike in all but whom they name share one."""

    named: Sequence[Document]
    cells: Sequence[Any]
    started: Document | None
    ended: Any
    presence: str | None
    bar: drawing.Bar | None
    evidence: FactEvidence


class Section(NamedTuple):
    """A list of parts."""

    title: str
    columns: Sequence[str]
    dated: bool
    derived: bool
    rows: Sequence[PartRow]


def _refer(name: str) -> ReferenceObject:
    """A reference to a record by "type:id", called by its id."""
    return CATALOGUE.reference(Ref.parse(name), None)


class RecordPage:
    """Makes what the page of one record shows; sources are numbered as the page names them."""

    def __init__(self, entry: RecordSnapshot, when: Clock, today: str) -> None:
        self.entry, self.when = entry, when
        self.record: Document = entry.shown(when)
        self.sources = Bibliography(lambda pointer, value: typed(entry.collection.plan, pointer, value, _refer))
        self.today = date.fromisoformat(today).toordinal()
        self.days = when.days or Span(self.today, self.today)
        self.scale = drawing.axis(_real_days(entry.periods), self.today)

    @property
    def presence(self) -> str:
        """How sure it is that the record held on the days asked for; without any, today."""
        return str(self._lapsed(self.entry.periods[""]).presence(self.days))

    @property
    def bar(self) -> drawing.Bar | None:
        """The life of the record, by all that is recorded; None for what has no dates at all."""
        if self.entry.collection.plan.held is None:
            return None
        period = self._lapsed(self.entry.periods[""])
        later = self.entry.periods.get("successors") or []
        replaced = min((each[0] for each in later if each[0] > BEFORE_ALL), default=None)
        shown = self.record.get("observed") or ()
        return drawing.bar(period, self.scale, observed=shown, replaced=replaced, days=self.when.days)

    def _lapsed(self, bounds: Iterable[int]) -> Period:
        return Period(*bounds).lapsed(self.when.lapse)

    def facts(self) -> list[Fact]:
        """The facts, in the order of the fields; those of which nothing is said are left out."""
        return list(self._facts())

    def _facts(self) -> Iterator[Fact]:
        yield self._fact("Name", self.record["name"], ("/name",), derived=False)
        for field in filter(_is_fact, self.entry.collection.plan.fields):
            value = self.record.get(field.name)
            pointer, label = f"/{field.name}", fields.label(field.name, self.record["type"])
            if field.kind is Kind.DATE and field.many:
                for place, each in enumerate(value or ()):
                    yield self._fact(label, each, (f"{pointer}/{place}",), derived=field.read_only)
                continue
            fact = self._fact(label, value, (pointer,), derived=field.read_only)
            if value not in (None, []) or fact.evidence.competing:
                yield fact

    def _fact(self, label: str, value: Any, pointers: Sequence[str], *, derived: bool) -> Fact:
        found = FactEvidence() if derived else self.sources.of(self.record["citations"], *pointers)
        return Fact(label, value, found, derived)

    def sections(self) -> list[Section]:
        """The lists of parts that have any, in the order of the fields."""
        parted = (field for field in self.entry.collection.plan.fields if _is_list_of_parts(field))
        shown = (field for field in parted if field.name not in fields.APART | fields.INLINE)
        return [self._section(field) for field in shown if self.record.get(field.name)]

    def _section(self, field: FieldPlan) -> Section:
        parts, plan = self.record[field.name], field.part
        columns = [name for name in _columns(plan) if any(part.get(name) not in (None, []) for part in parts)]
        rows = list(_merged(self._row(field, place, part, columns) for place, part in self._placed(field, parts)))
        titles = [fields.label(name) for name in columns]
        dated = any(row.started or row.ended or row.bar for row in rows)
        return Section(fields.label(field.name), titles, dated, field.read_only, rows)

    def _placed(self, field: FieldPlan, parts: Sequence[Document]) -> Iterator[tuple[int, Document]]:
        """The parts with the places that they have in the whole list, which citations name."""
        bounds = self.entry.periods.get(field.name)
        if bounds is None or self.when.days is None:
            yield from enumerate(parts)
            return
        kept = [place for place, each in enumerate(bounds) if presence_of(each, self.when.days) is not Presence.ABSENT]
        yield from zip(kept, parts, strict=True)

    def _row(self, field: FieldPlan, place: int, part: Document, columns: Sequence[str]) -> PartRow:
        bounds = self.entry.periods.get(field.name)
        period = self._lapsed(bounds[place]) if bounds else None
        seen = part.get("observed") or ()
        evidence = FactEvidence()
        if not field.read_only:
            evidence = self.sources.of(self.record["citations"], f"/{field.name}/{place}")
        return PartRow(
            [value for value in part.values() if isinstance(value, dict) and "url" in value],
            [part.get(name) for name in columns],
            part.get("started"),
            part.get("ended"),
            str(period.presence(self.days)) if period else None,
            drawing.bar(period, self.scale, observed=seen, days=self.when.days) if period else None,
            evidence,
        )


def _merged(rows: Iterable[PartRow]) -> Iterator[PartRow]:
    """Rows that are alike but for whom they name, as one."""
    found: list[PartRow] = []
    for row in rows:
        like = next((each for each in found if row.cells == each.cells and row[2:] == each[2:]), None)
        if like is None or len(row.named) != 1:
            found.append(row)
        else:
            found[found.index(like)] = like._replace(named=[*like.named, *row.named])
    yield from found


def _is_fact(field: FieldPlan) -> bool:
    """Whether a field stands among the facts; `url` does where it is recorded, of a source."""
    if field.name == "url":
        return not field.read_only
    return field.name not in fields.APART and (field.name in fields.INLINE or not _is_list_of_parts(field))


def _is_list_of_parts(field: FieldPlan) -> bool:
    return field.kind is Kind.PART and field.many


def _columns(plan: Plan | None) -> Iterator[str]:
    """The fields of a part that are no references, dates of its own, or presence."""
    for field in plan.fields if plan else ():
        lone = field.kind is Kind.REFERENCE or "Reference" in str(field.annotation)
        if not (lone and not field.many) and field.name not in ("started", "ended", "observed", "presence"):
            yield field.name


def _real_days(periods: Any) -> Iterator[int]:
    """The first days of the record and its parts; what nothing bounds has none."""
    for bounds in (periods[""], *(each for name in ("participants", "posts") for each in periods.get(name, ()))):
        yield from (day for day in bounds[:2] if BEFORE_ALL < day < AFTER_ALL)
