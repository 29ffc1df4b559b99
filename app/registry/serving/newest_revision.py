"""The newest revision, and whether all that is derived is made until it: asked before every read."""

from typing import NamedTuple

from sqlalchemy import Connection, Select, and_, bindparam, column, func, or_, select, table

from app.database import schema_head
from app.prepared_statements import PreparedStatement
from app.registry.problems import Stale
from app.registry.projections import FORMATS, refuse_stale
from app.registry.records import ProjectionState, Revision
from app.registry.redactions import NEWEST_REDACTION

_MADE = (
    select(func.count())
    .select_from(ProjectionState)
    .where(
        ProjectionState.revision == select(func.max(Revision.number)).scalar_subquery(),
        or_(*(and_(ProjectionState.name == name, ProjectionState.format == form) for name, form in FORMATS.items())),
    )
    .scalar_subquery()
)
"""How many projections are made until the newest revision, as this software makes them."""
_SCHEMA: Select[tuple[str]] = select(column("version_num")).select_from(table("alembic_version")).limit(1)
NEWEST = (
    select(Revision.number, Revision.recorded, _MADE.label("made"), _SCHEMA.scalar_subquery().label("schema"))
    .add_columns(NEWEST_REDACTION.label("redacted"))
    .order_by(Revision.number.desc())
    .limit(1)
)
_ROW = PreparedStatement(NEWEST)
_STANDING = PreparedStatement(
    NEWEST.where(Revision.number == bindparam("number")).add_columns(func.pg_is_in_recovery())
)
PINNED = "newest_revision"
"""The option of a connection for which a revision is the newest, whatever its database has by now."""


class NewestRevision(NamedTuple):
    """The newest revision, how many projections are made until it, the schema, and what redacted last."""

    number: int
    recorded: str
    made: int
    schema: str
    redacted: int


UNCHANGED = "unchanged"
"""In `Connection.info`: what was read since anybody committed anything, where the connection knows when that is."""


def newest_revision(connection: Connection) -> NewestRevision | None:
    """The newest revision, None while there is none. Raises Stale."""
    if pinned := connection.get_execution_options().get(PINNED):
        found: NewestRevision = pinned
        return found
    unchanged: dict[str, NewestRevision | None] | None = connection.info.get(UNCHANGED)
    if unchanged is None:
        return _read(connection)
    if "newest" not in unchanged:
        unchanged["newest"] = _read(connection)
    return unchanged["newest"]


def _read(connection: Connection) -> NewestRevision | None:
    newest = next((NewestRevision(*row) for row in _ROW.rows(connection)), None)
    schema = newest.schema if newest else connection.execute(_SCHEMA).scalar()
    if schema != schema_head():
        raise Stale(
            f"the database is at schema {schema}, and this version's is {schema_head()}: run `registry migrate`"
        )
    if newest and newest.made < len(FORMATS):
        refuse_stale(connection)
    return newest


class ReplicaStanding(NamedTuple):
    """Where a PostgreSQL server stands that is asked for a revision."""

    revision: NewestRevision | None
    """The revision as it has it; None where it has not got it, or is not to be served at it."""
    standby: bool
    """Whether it follows another server; False too where it has not got the revision."""


def standing_at(connection: Connection, number: int) -> ReplicaStanding:
    """Where a PostgreSQL server stands. Raises DBAPIError."""
    for *row, standby in _STANDING.rows(connection, number=number):
        found = NewestRevision(*row)
        served = found.schema == schema_head() and found.made >= len(FORMATS)
        return ReplicaStanding(found if served else None, standby)
    return ReplicaStanding(None, standby=False)
