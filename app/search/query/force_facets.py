"""The forces that a record concerns: those it is or names, and those that a body it is or names oversees."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import Connection, Integer, and_, bindparam, select
from sqlalchemy.orm import aliased

from app.api.list_values import named
from app.api.parameters import Parameters, split
from app.catalogue import CATALOGUE, FORCES, ORGANISATIONS
from app.reads.snapshots import days_asked
from app.registry.clocks import BoundDays, day_parameters, held_on, recorded_at
from app.registry.documents.canonical import Document
from app.registry.documents.plan import Plan
from app.registry.documents.references import Ref
from app.registry.presence import Presence
from app.registry.records import PeriodRow, Record
from app.registry.serving.references import references
from app.registry.serving.statements import Clock
from app.search.index.entries import mark
from app.search.query.candidates import FoundEntry

OVERSIGHT = "governance-body.oversees"


def _naming(plan: Plan) -> Iterator[str]:
    """The fields of a shape in which organisations can be named, by themselves or in parts."""
    for each in plan.fields:
        own = bool(each.target and {*each.target.types} & {*ORGANISATIONS})
        if not each.read_only and each.name != "citations" and (own or (each.part and any(_naming(each.part)))):
            yield each.name


NAMING = tuple(f"{collection.type}.{name}" for collection in CATALOGUE for name in _naming(collection.plan))
_NAMED = select(PeriodRow.record_pk, PeriodRow.target_pk).where(
    PeriodRow.record_pk.in_(bindparam("pks", expanding=True, literal_execute=True)), PeriodRow.field.in_(NAMING)
)


class ForceLink(NamedTuple):
    """An organisation that links records to a force: the force itself, or a body that oversees it.

    `force` and `pk` are the keys of both, `ref` names the organisation.
    """

    force: int
    pk: int
    ref: Ref


@cache
def _overseen(dated: bool, weakest: Presence) -> Any:
    oversight = aliased(PeriodRow)
    days = BoundDays
    held = [held_on(oversight, days, weakest)] if dated else []
    asked = select(Record.pk, Record.id, oversight.record_pk, oversight.record_id).outerjoin(
        oversight,
        and_(
            oversight.target_pk == Record.pk,
            oversight.field == OVERSIGHT,
            recorded_at(oversight, bindparam("revision", type_=Integer)),
            *held,
        ),
    )
    return asked.where(Record.collection == "force")


class ForceLinks:
    """What links records to forces on the days asked for, at least as surely as `weakest`; asked once, if at all."""

    def __init__(self, connection: Connection, when: Clock, weakest: Presence) -> None:
        self.connection, self.when, self.weakest = connection, when, weakest

    @cached_property
    def _links(self) -> list[ForceLink]:
        """Every force, and every body that oversees one."""
        days = day_parameters(days_asked(self.when))
        asked = _overseen(bool(self.when.days), self.weakest)
        found = dict[ForceLink, None]()
        for force, slug, body, name in self.connection.execute(asked, {"revision": self.when.revision, **days}).all():
            found[ForceLink(force, force, Ref("force", slug))] = None
            if body is not None:
                found[ForceLink(force, body, Ref("governance-body", name))] = None
        return list(found)

    def targets(self, parameters: Parameters) -> tuple[Mapping[Ref, int], ...]:
        """What records of the forces that `force` names must be, or name: one set for any, or with `all:` one each.

        Raises Unsupported for a force unknown.
        """
        if "force" not in parameters:
            return ()
        text = parameters["force"]
        values = split("force", text.removeprefix("all:"))
        asked = [set(named(self.connection, "force", FORCES, each)) for each in values]
        groups = asked if text.startswith("all:") else [set().union(*asked)]
        return tuple({each.ref: each.pk for each in self._links if each.force in group} for group in groups)

    def counts(self, found: Sequence[FoundEntry]) -> list[Document]:
        """How many of these records concern each force, most first; a record of several forces counts for each."""
        if not found:
            return []
        forces: dict[Any, set[int]] = defaultdict(set)
        for each in self._links:
            forces[each.pk if self.when.days else mark(str(each.ref))].add(each.force)
        named = self._named_then(found) if self.when.days else (each.marks.split() for each in found)
        each_once = ({force for name in names for force in forces.get(name, ())} for names in named)
        counts = Counter(chain.from_iterable(each_once))
        shown = references(self.connection, CATALOGUE, counts, self.when.revision)
        counted = [{"force": shown[force], "count": count} for force, count in counts.items()]
        return sorted(counted, key=lambda each: (-each["count"], each["force"]["id"]))

    def _named_then(self, found: Sequence[FoundEntry]) -> Iterable[list[Any]]:
        """For each record, itself and the records that it names on the days asked for."""
        named = {each.record_pk: [each.record_pk] for each in found}
        days = held_on(PeriodRow, days_asked(self.when), self.weakest)
        asked = _NAMED.where(recorded_at(PeriodRow, self.when.revision), days)
        for pk, target in self.connection.execute(asked, {"pks": sorted(named)}).all():
            named[pk].append(target)
        return named.values()
