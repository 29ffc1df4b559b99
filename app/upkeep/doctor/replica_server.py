"""The standbys that are read: whether they are there, and keep up."""

from collections.abc import Callable, Iterator

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from app.database import connect, reading
from app.registry.serving.replica_lag import is_standby, lag_of
from app.upkeep.doctor.diagnosis import Diagnosis

MOST_SECONDS = 60.0
"""A standby that is further behind is of no use."""


def replica_faults(
    url: str, primary: Connection, explain: Callable[[SQLAlchemyError, str], str]
) -> Iterator[Diagnosis]:
    """What is wrong with what REGISTRY_REPLICA_URL names."""
    engine = connect(url, pool_size=1)
    try:
        with reading(engine) as replica:
            if not is_standby(replica):
                yield Diagnosis(
                    "REGISTRY_REPLICA_URL leads to no standby, and all is read from the primary",
                    "name one, or leave it out",
                )
                return
            lag = lag_of(replica, primary)
    except SQLAlchemyError as error:
        yield Diagnosis("the replica cannot be used, and all is read from the primary", explain(error, url))
        return
    finally:
        engine.dispose()
    if lag.seconds > MOST_SECONDS:
        yield Diagnosis(
            f"the replica is {lag.revisions} revisions behind, for {lag.seconds:.0f} seconds",
            "see pg_stat_replication on the primary, and the standby's log",
        )
    yield from _unwaited(primary)


def _unwaited(primary: Connection) -> Iterator[Diagnosis]:
    if not primary.execute(text("SELECT current_setting('synchronous_standby_names')")).scalar_one():
        yield Diagnosis(
            "writes wait for no standby",
            "set synchronous_standby_names, or the last writes are lost with the primary (docs/runbook.md)",
            note=True,
        )
