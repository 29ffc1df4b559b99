"""Reads from standbys of a PostgreSQL server, which are never older than what the primary has, nor than what was read.

The newest revision is always asked of the primary. The data of it are read from a standby that has this revision, and
as of it, for a standby can be ahead of what its primary shows: it has a revision before the write is acknowledged.
Where no primary lets anybody in, reads go on at the newest revision of a standby, unless this process has given a newer
one. docs/decisions/0023 has why.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from threading import Lock, Thread
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from app.api.response_cache.editions import Edition
from app.api.response_cache.postgres_editions import PostgresEditions
from app.database import REGISTER, reading
from app.registry.serving.newest_revision import PINNED, NewestRevision, ReplicaStanding, standing_at
from app.registry.serving.replica_lag import is_standby

PATIENCE = 1.0
"""Seconds that a standby is given to say where it stands; and until one that was left out is tried again."""
CONNECT = 2
"""Seconds that a connection to a standby may take; libpq knows no shorter time."""
PRIMARY, REPLICA = "primary", "replica"


@dataclass
class ReadPlace:
    """Where one request reads: `edition` is the newest, as the primary says, or a standby where no primary answers."""

    edition: Edition | None
    away: bool
    """Whether no primary answers."""
    failed: bool = False
    """Whether a standby failed while it was read."""


class ReplicatedEditions:
    """The newest edition: that of the primary, or while none answers that of a standby, if it is not older."""

    def __init__(self, primary: PostgresEditions, replica: PostgresEditions) -> None:
        self.primary, self.replica = primary, replica
        self.highest = 0
        """The newest revision that this process has given."""

    async def newest(self) -> Edition | None:
        """The newest; None where that cannot be told at once, or where the register is not to be served."""
        return (await self.place()).edition

    async def place(self) -> ReadPlace:
        """The newest, and whether a primary says so."""
        found = await self.primary.newest()
        away = found is None and await self.primary.away()
        if found is None:
            found = await (self._of_replica() if away else self.primary.newest())
        if found is not None:
            self.highest = max(self.highest, found.revision)
        return ReadPlace(found, away)

    def close(self) -> None:
        """Let go of both."""
        self.primary.close()
        self.replica.close()

    async def _of_replica(self) -> Edition | None:
        found = await self.replica.newest()
        if found is None and not await self.replica.away():
            found = await self.replica.newest()
        return found if found and found.revision >= self.highest else None


class Replicas:
    """The standbys of a register, as one engine; one that fails is left out until it is found to be there again."""

    def __init__(self, primary: Engine, engine: Engine) -> None:
        self.primary, self.engine = primary, engine
        self.editions = ReplicatedEditions(PostgresEditions(primary), PostgresEditions(engine))
        self.read_from: Callable[[str], None] = lambda _: None
        """Hears of each read where it was made."""
        self.used: Callable[[bool], None] = lambda _: None
        """Hears whether a standby is in use, whenever that changes."""
        self._standby: bool | None = None
        """Whether what was last reached is a standby; None: nothing is reached."""
        self._next_try, self._trying = 0.0, Lock()

    @contextmanager
    def reading(self, place: ReadPlace) -> Iterator[Connection]:
        """A connection for reads of the edition: to a standby that has it, else to the primary."""
        with ExitStack() as stack:
            connection = self._standing(stack, place)
            self.read_from(PRIMARY if connection is None else REPLICA)
            if connection is None:
                yield stack.enter_context(reading(self.primary))
                return
            try:
                yield connection
            except DBAPIError:
                place.failed = True
                _try(connection)
                self._leave_out()
                raise

    def _standing(self, stack: ExitStack, place: ReadPlace) -> Connection | None:
        """A connection to a standby that has the edition, pinned to it; None where there is none."""
        if place.edition is None or not self._usable(place):
            return None
        with ExitStack() as own:
            try:
                connection = own.enter_context(reading(self.engine))
                found = _standing(connection, place.edition.revision)
            except SQLAlchemyError:
                self._leave_out()
                return None
            if found.revision is None or found.revision.recorded != place.edition.recorded:
                return None  # behind, or of another history
            if not (found.standby or place.away):
                self._leave_out(standby=False)  # promoted: what it writes by now may be another history
                return None
            stack.enter_context(own.pop_all())
            return self._pinned(connection, found.revision)

    def _pinned(self, connection: Connection, newest: NewestRevision) -> Connection:
        return connection.execution_options(**{PINNED: newest, REGISTER: self.primary})

    def _usable(self, place: ReadPlace) -> bool:
        """Whether a standby is there; one that is left out is tried again in a thread, so that nobody waits for it."""
        if self._standby:
            return True
        if time.monotonic() >= self._next_try and self._trying.acquire(blocking=False):
            Thread(target=self._try_again, daemon=True).start()
        return place.away and self._standby is not None

    def _leave_out(self, *, standby: bool | None = None) -> None:
        """Leave it out for a while."""
        self._next_try = time.monotonic() + PATIENCE
        self._tell(standby)

    def _try_again(self) -> None:
        found = None
        try:
            self._drop_idle()  # by its address another may be found by now
            with reading(self.engine) as connection:
                found = is_standby(connection)
        except SQLAlchemyError:
            pass
        finally:
            self._next_try = time.monotonic() + PATIENCE
            self._tell(found)
            self._trying.release()

    def _drop_idle(self) -> None:
        pool: Any = self.engine.pool
        with ExitStack() as stack:
            for each in [stack.enter_context(self.engine.connect()) for _ in range(pool.checkedin())]:
                each.invalidate()

    def _tell(self, standby: bool | None) -> None:
        self._standby = standby
        self.used(bool(standby))


def _standing(connection: Connection, number: int) -> ReplicaStanding:
    """Where a server stands, asked impatiently. Raises DBAPIError."""
    driver: Any = connection.connection.driver_connection
    driver.longest = min(PATIENCE, driver.longest)
    try:
        return standing_at(connection, number)
    except DBAPIError:
        _try(connection)
        raise
    finally:
        del driver.longest


def _try(connection: Connection) -> None:
    """Let SQLAlchemy hear that a connection is lost: then it hands out none that is as old."""
    with suppress(SQLAlchemyError):
        connection.exec_driver_sql("SELECT 1")
