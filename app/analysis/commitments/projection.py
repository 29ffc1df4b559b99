"""The projection of commitments: who is in what, made of periods alone, in the order of the answer to s.23HA."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from sqlalchemy import Integer, Select, and_, case, cast, insert, literal, null, or_, select, update
from sqlalchemy.orm import Session, aliased

from app.analysis.commitments.kinds import AGREEMENT_KIND, COMMITMENT_KINDS, CommitmentKind
from app.analysis.commitments.tables import Commitment
from app.catalogue import CATALOGUE
from app.registry.clocks import own_period, recorded_at
from app.registry.projections import Changes, Projection, beginnings_and_ends
from app.registry.records import PeriodRow, Version, rows_of
from app.registry.relations import KEYS, REVISION, pointing

COVERS = f"{AGREEMENT_KIND.type}.covers"
COLUMNS = tuple(rows_of(Commitment).c.keys())


class Commitments(Projection):
    """Who is in which agreement, alliance and unit."""

    name = "commitments"
    follows = ("periods",)
    tables: ClassVar = (Commitment,)

    def affected(self, changes: Changes) -> set[int]:
        """Those written or withdrawn, or of which a period changed, and the agreements that cover any of these."""
        found = changes.touched | changes.outcome["periods"]
        return found | pointing(self.session, found, self.revision, (COVERS,))

    def make(self, record_pks: Sequence[int]) -> set[int]:
        """Close the rows of these records, and write them as of the revision."""
        asked: Mapping[str, Any] = {"keys": list(record_pks), "revision": self.revision}
        self.session.execute(_CLOSE, asked)
        for statement in _WRITE:
            self.session.execute(statement, asked)
        return set(record_pks)

    @classmethod
    def outcomes(cls, session: Session) -> Iterator[tuple[int, int]]:
        """Where rows begin and end."""
        return beginnings_and_ends(session, Commitment)


def _direct(kind: CommitmentKind) -> Select[Any]:
    """The parts in records of a kind that these name."""
    part, own = aliased(PeriodRow), aliased(PeriodRow)
    asked = _joined(kind, part.record_pk, own, through=part.record_pk, part=part, whole_until=own.possible_until)
    return asked.where(part.record_pk.in_(KEYS), part.field == f"{kind.type}.{kind.field}", recorded_at(part, REVISION))


def _covering() -> Select[Any]:
    """The parts in what agreements without recorded parties cover."""
    covers, own, part, whole, party = (aliased(PeriodRow) for _ in range(5))
    fields = [f"{kind.type}.{kind.field}" for kind in COMMITMENT_KINDS]
    signed = select(party.record_pk).where(
        party.record_pk == covers.record_pk, party.field == fields[0], recorded_at(party, REVISION)
    )
    asked = _joined(
        AGREEMENT_KIND, covers.record_pk, own, through=covers.target_pk, part=part, whole_until=whole.possible_until
    )
    asked = asked.join(part, and_(part.record_pk == covers.target_pk, part.field.in_(fields)))
    asked = asked.join(whole, own_period(covers.target_pk, REVISION, whole))
    asked = asked.where(covers.record_pk.in_(KEYS), covers.field == COVERS, ~signed.exists())
    return asked.where(recorded_at(covers, REVISION), recorded_at(part, REVISION)).distinct()


def _joined(
    kind: CommitmentKind, record_pk: Any, own: Any, *, through: Any, part: Any, whole_until: Any
) -> Select[Any]:
    """The columns of a commitment, from what it is made of."""
    table: Any = CATALOGUE.by_type[kind.type].table
    days = (getattr(table, f"{name}_{end}") for name in kind.begins for end in ("earliest", "latest"))
    dated = (
        select(Version.pk)
        .join(table, table.version_pk == Version.pk)
        .where(Version.record_pk == record_pk, recorded_at(Version, REVISION), or_(*(day.is_not(None) for day in days)))
    )
    values = {
        "record_pk": record_pk,
        "through_pk": through,
        "position": part.position,
        "target_pk": part.target_pk,
        "recorded_from": REVISION,
        "recorded_to": cast(null(), Integer),
        "collection": literal(kind.type),
        "record_id": own.record_id,
        "undated": case((dated.exists(), 0), else_=1),
        "begins_earliest": own.begins_earliest,
        "begins_latest": own.begins_latest,
        "possible_until": own.possible_until,
        "part_from": part.begins_earliest,
        "part_until": part.possible_until,
        "whole_until": whole_until,
    }
    asked = select(*(values[name].label(name) for name in COLUMNS))
    return asked.join(own, own_period(record_pk, REVISION, own))


_CLOSE = (
    update(rows_of(Commitment))
    .where(rows_of(Commitment).c.record_pk.in_(KEYS), rows_of(Commitment).c.recorded_to.is_(None))
    .values(recorded_to=REVISION)
)
_WRITE = tuple(
    insert(rows_of(Commitment)).from_select(COLUMNS, asked) for asked in (*map(_direct, COMMITMENT_KINDS), _covering())
)
