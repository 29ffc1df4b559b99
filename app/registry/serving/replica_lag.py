"""How far a standby is behind its primary, in revisions and in time."""

from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from app.registry.records import Revision


class ReplicaLag(NamedTuple):
    """What a standby has not got yet."""

    revisions: int
    seconds: float
    """Since the first of them was recorded; 0 where there is none."""


def is_standby(connection: Connection) -> bool:
    """Whether a PostgreSQL server follows another. Raises DBAPIError."""
    return bool(connection.execute(select(func.pg_is_in_recovery())).scalar())


def lag_of(replica: Connection, primary: Connection) -> ReplicaLag:
    """How far the one is behind the other. Raises DBAPIError."""
    reached = replica.execute(select(func.coalesce(func.max(Revision.number), 0))).scalar_one()
    asked = select(func.count(), func.min(Revision.recorded)).where(Revision.number > reached)
    lacking, first = primary.execute(asked).one()
    since = datetime.now(UTC) - datetime.fromisoformat(first) if first else None
    return ReplicaLag(lacking, max(0.0, since.total_seconds()) if since else 0.0)
