"""What is derived from versions and kept: made by `save()` with every revision, and anew when the software changes.

A projection is a table, or a few, that anyone could make again from the versions. Each stands in a format, a number
that is raised whenever what it makes changes: a new field, a mended rule, another index. The table `projection` says
in which format and until which revision each one was made. One that is not in this software's format, or lags behind
the newest revision, is stale: nothing is served and nothing is written before `rebuild` has made it anew.
"""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

from sqlalchemy import BindParameter, Connection, and_, bindparam, delete, func, insert, select, union, update
from sqlalchemy.orm import Session, aliased

from app.database import Base, empty
from app.prepared_statements import LongStatement, PreparedStatement
from app.registry.chunks import chunked
from app.registry.collection import Catalogue
from app.registry.documents.canonical import parse_json
from app.registry.problems import Stale
from app.registry.records import ProjectionState, Record, Revision, Version, rows_of
from app.registry.redactions import gaps_at
from app.registry.writing.outcome import Say, silent

FORMATS = {"periods": 1, "answers": 4, "search": 1, "commitments": 1, "events": 1, "units": 1, "facts": 1}
"""Every projection, and the format in which this software makes it. Raise the number when what it makes changes."""


@dataclass
class Changes:
    """What a revision changed, as far as projections ask: records by their keys."""

    revision: int
    written: set[int] = field(default_factory=set)
    renamed: set[int] = field(default_factory=set)
    """Those written whose name was another before."""
    redated: set[int] = field(default_factory=set)
    """Those written whose own dates were others before, and those withdrawn."""
    reweighed: set[int] = field(default_factory=set)
    """Those of which a field was another before by which they count as evidence, and those withdrawn."""
    withdrawn: dict[int, int | None] = field(default_factory=dict)
    """Those withdrawn, each with the record that a duplicate was joined into."""
    outcome: dict[str, set[int]] = field(default_factory=dict)
    """For each projection that was made already and that others follow, the records of which it holds something else
    than before."""

    @property
    def touched(self) -> set[int]:
        """Those written or withdrawn."""
        return self.written | self.withdrawn.keys()


class Projection(ABC):
    """What is derived, as of one revision. It sees what the projections before it made, never what comes later."""

    name: ClassVar[str]
    tables: ClassVar[tuple[type[Base], ...]]
    """Its own tables, in the order in which they can be emptied."""
    follows: ClassVar[tuple[str, ...]] = ()
    """Those whose outcome says which records it is made anew for: of all others it is not kept."""
    beside_temporary: ClassVar[Mapping[str, str]] = {}
    """By the name of the database, what is made beside its tables when these are made anew as temporary ones."""

    def __init__(self, session: Session, catalogue: Catalogue, revision: int) -> None:
        self.session, self.catalogue, self.revision = session, catalogue, revision
        self.connection = session.connection()

    @abstractmethod
    def affected(self, changes: Changes) -> set[int]:
        """The records whose rows the revision may change."""

    @abstractmethod
    def make(self, record_pks: Sequence[int]) -> set[int]:
        """Make the rows of these records as of the revision, closing those that no longer hold.

        Gives the records of which something else is held than before.
        """

    @classmethod
    @abstractmethod
    def outcomes(cls, session: Session) -> Iterator[tuple[int, int]]:
        """Every revision, with each record of which something else was held from then on."""

    @classmethod
    def clear(cls, session: Session) -> None:
        """Take away everything that was made."""
        empty(session, [table.__tablename__ for table in cls.tables])

    @classmethod
    def index_differences(cls, session: Session) -> Iterator[int]:  # noqa: ARG003 - most have no such index
        """The records of which an index that is not a table's own holds something else than the temporary tables."""
        yield from ()

    @classmethod
    def owner(cls, row: Any) -> int | str:
        """The record that a row of its tables is of; else what the row is of."""
        pk: int = row.record_pk
        return pk


def beginnings_and_ends(session: Session, table: Any) -> Iterator[tuple[int, int]]:
    """The revisions at which rows of the table begin or are closed, each with the record that they are of."""
    began = select(table.recorded_from, table.record_pk)
    closed = select(table.recorded_to, table.record_pk).where(table.recorded_to.is_not(None))
    rows: Iterable[Any] = session.execute(union(began, closed))
    yield from ((number, pk) for number, pk in rows)


class Register(NamedTuple):
    """What a register is made of: its collections, and what is derived from them in the order in which it is made."""

    catalogue: Catalogue
    projections: tuple[type[Projection], ...]


def stale(connection: Connection | Session) -> list[str]:
    """The names of the projections that must be made anew before anything is served; an empty register has none."""
    newest = connection.execute(select(func.max(Revision.number))).scalar()
    return [] if newest is None else _stale_at(connection, newest)


def _stale_at(connection: Connection | Session, newest: int) -> list[str]:
    if isinstance(connection, Session):
        connection = connection.connection()
    made = {name: (form, revision) for name, form, revision in _MADE.rows(connection)}
    return [name for name, form in FORMATS.items() if made.get(name) != (form, newest)]


def refuse_stale(connection: Connection | Session, newest: int | None = None) -> None:
    """Raise Stale if anything that is derived must be made anew; `newest` is the newest revision, if it is known."""
    if names := stale(connection) if newest is None else _stale_at(connection, newest):
        raise Stale(f"{', '.join(names)} must be made anew: run `registry rebuild`")


def project(session: Session, register: Register, revision: int, say: Say = silent) -> None:
    """Make every projection of the revision that is being written."""
    changes = changes_of(session, register.catalogue, revision)
    _make(session, register, register.projections, changes, say)
    _mark(session, register.projections, revision)


def _make(session: Session, register: Register, kinds: Iterable[type[Projection]], changes: Changes, say: Say) -> None:
    """Make these projections of a revision, one after the other."""
    followed = {name for kind in register.projections for name in kind.follows}
    for kind in kinds:
        projection, done = kind(session, register.catalogue, changes.revision), 0
        affected = sorted(projection.affected(changes))
        if kind.name in followed:
            changes.outcome[kind.name] = set()
        for chunk in chunked(affected):
            found = projection.make(chunk)
            if kind.name in followed:
                changes.outcome[kind.name] |= found
            done += len(chunk)
            say(f"{kind.name} made", done, len(affected))


def rebuild(session: Session, register: Register, names: Iterable[str], say: Say = silent) -> list[str]:
    """Make these projections anew for every revision, and those that come after them, for they are made of them.

    Gives the names of what was made.
    """
    wanted, (catalogue, projections) = set(names), register
    first = next((place for place, kind in enumerate(projections) if kind.name in wanted), len(projections))
    kept, anew = projections[:first], projections[first:]
    for kind in reversed(anew):
        kind.clear(session)
    outcomes = {kind.name: _by_revision(kind.outcomes(session)) for kind in kept} if anew else {}
    revisions = list(session.scalars(select(Revision.number).order_by(Revision.number)))
    for number in revisions:
        changes = changes_of(session, catalogue, number)
        changes.outcome |= {name: found.get(number, set()) for name, found in outcomes.items()}
        _make(session, register, anew, changes, silent)
        say(f"revision {number} of {revisions[-1]}", len(changes.touched), None)
    if revisions:
        _mark(session, anew, revisions[-1])
    return [kind.name for kind in anew]


def _by_revision(outcomes: Iterable[tuple[int, int]]) -> Mapping[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for revision, record_pk in outcomes:
        found[revision].add(record_pk)
    return found


def _mark(session: Session, projections: Iterable[type[Projection]], revision: int) -> None:
    """Say that these are made until the revision, in this software's format."""
    connection, names = session.connection(), [kind.name for kind in projections]
    if sum(_MARK.run(connection, kind=name, form=FORMATS[name], made_until=revision) for name in names) == len(names):
        return
    connection.execute(delete(ProjectionState).where(ProjectionState.name.in_(names)))
    rows = [{"name": name, "format": FORMATS[name], "revision": revision} for name in names]
    connection.execute(insert(ProjectionState), rows)


def changes_of(session: Session, catalogue: Catalogue, revision: int) -> Changes:
    """What the revision changed, from the versions alone."""
    connection, asked = session.connection(), {"revision": revision}
    found = Changes(revision, withdrawn=dict(_WITHDRAWN.rows(connection, **asked)))
    found.redated |= found.withdrawn.keys()
    found.reweighed |= found.withdrawn.keys()
    found.written.update(_WRITTEN.scalars(connection, **asked))
    gaps = gaps_at(session, revision)
    for each in (found.written, found.renamed, found.redated, found.reweighed):
        each.update(gaps)
    weighing = {name for names in catalogue.weighed_fields.values() for name in names}
    for record_pk, kind, name, text, name_before, text_before in _AMENDED.each(connection, **asked):
        stated = catalogue.by_type[kind].plan.stated
        if name != name_before:
            found.renamed.add(record_pk)
        now, before = parse_json(text), parse_json(text_before)
        if stated(now) != stated(before):
            found.redated.add(record_pk)
        if any(now.get(field) != before.get(field) for field in weighing):
            found.reweighed.add(record_pk)
    return found


_MADE = PreparedStatement(select(ProjectionState.name, ProjectionState.format, ProjectionState.revision))
_MARK = PreparedStatement(
    update(rows_of(ProjectionState))
    .where(ProjectionState.name == bindparam("kind"), ProjectionState.format == bindparam("form"))
    .values(revision=bindparam("made_until"))
)
"""Moves on one that is in this software's format."""
_REVISION: BindParameter[int] = bindparam("revision")
_WITHDRAWN = PreparedStatement(select(Record.pk, Record.merged_into).where(Record.withdrawn == _REVISION))
_WRITTEN = PreparedStatement(select(Version.record_pk).where(Version.recorded_from == _REVISION))
_NOW, _BEFORE = aliased(Version), aliased(Version)
_AMENDED = LongStatement(
    select(_NOW.record_pk, _NOW.collection, _NOW.name, _NOW.document, _BEFORE.name, _BEFORE.document)
    .join(_BEFORE, and_(_BEFORE.record_pk == _NOW.record_pk, _BEFORE.recorded_to == _REVISION))
    .where(_NOW.recorded_from == _REVISION)
)
"""The versions that the revision wrote in the place of others, with those."""
