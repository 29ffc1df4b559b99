"""How long a database is waited for: to connect, for a lock, for a statement, and for a server that says nothing."""

import time
from typing import Any, NamedTuple

import psycopg
from sqlalchemy import Engine, event

SPARE = 2
"""Seconds that the server is given to end a statement by itself, before its connection is closed on this side."""


class TimeLimits(NamedTuple):
    """Seconds, each a setting of the service."""

    connect: int = 5
    statement: int = 15
    lock: int = 5

    @property
    def options(self) -> str:
        """What PostgreSQL is told to keep: the settings of a session."""
        return f"-c statement_timeout={self.statement}s -c lock_timeout={self.lock}s"


class PatientConnection(psycopg.Connection[Any]):
    """A connection that is closed when its server says nothing for too long.

    A server that hangs, or a machine that is gone, does not keep its own time limits; and to cancel a statement there
    would mean to ask the same server.
    """

    longest: float = TimeLimits().statement + SPARE

    def wait(self, gen: Any, *arguments: Any, **named: Any) -> Any:
        """What the server answers. Raises OperationalError, and closes the connection, when it does not."""
        began = time.monotonic()
        named.setdefault("timeout", self.longest)
        try:
            return super().wait(gen, *arguments, **named)
        except psycopg.OperationalError:
            if time.monotonic() - began >= self.longest:
                self.pgconn.finish()
            raise


def keep_limits(engine: Engine, limits: TimeLimits) -> Engine:
    """The engine, to PostgreSQL, every connection of which keeps the limits."""

    class LimitedConnection(PatientConnection):
        longest = limits.statement + SPARE

    def open_connection(_dialect: object, _record: object, arguments: Any, named: Any) -> Any:
        own = named.get("options", "")
        given = {"connect_timeout": limits.connect, **named, "options": f"{limits.options} {own}".strip()}
        return LimitedConnection.connect(*arguments, **given)

    event.listen(engine, "do_connect", open_connection)
    return engine
