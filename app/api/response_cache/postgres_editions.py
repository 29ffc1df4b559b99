"""The newest edition in a PostgreSQL database: one SELECT for all requests that wait in a pass of the event loop.

It is sent by libpq, without waiting, over a connection of its own: a driver's asynchronous connection takes several
times as long, and so does a thread (docs/decisions/0015). A server that says nothing is not waited for: after a second
requests go on without the cache, and keep the limits that they have anyway.
"""

import asyncio
import time
from typing import Any

import psycopg
from psycopg import pq
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from app.api.response_cache.editions import Edition, edition_of, newest_statement

PATIENCE = 1.0
"""Seconds that the answer is waited for, and until another connection is tried."""
NAME = b"registry_newest"
Waiting = list["asyncio.Future[Edition | None]"]


class PostgresEditions:
    """The newest edition, asked for by all who wait together."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.statement = engine, newest_statement(engine)
        self._connection: psycopg.Connection[Any] | None = None
        self._socket = -1
        self._tried = -PATIENCE
        self._opening: asyncio.Future[Any] | None = None
        self._waiting: Waiting = []
        self._asked: Waiting = []
        self._timer: asyncio.TimerHandle | None = None
        self._edition: Edition | None = None
        self._seen: tuple[Any, ...] | None = None
        self._made: psycopg.Connection[Any] | None = None
        """The last connection that was made: of one that comes too late, the loop hears nothing."""
        self._ended = False
        self._refused = False
        """Whether the last attempt at a connection failed, or takes too long."""
        self._failed = False

    async def away(self) -> bool:
        """Whether the server lets nobody in; waits until that can be told."""
        if self._connection is None and not self._refused:
            self._open()
            if self._opening is not None:
                _, late = await asyncio.wait([self._opening], timeout=PATIENCE)
                if late:
                    self._refused = True
        return self._refused

    async def newest(self) -> Edition | None:
        """The newest, as of a statement that is sent after this was asked."""
        if self._connection is None:
            self._open()
            return None
        loop = asyncio.get_running_loop()
        if not self._waiting and not self._asked:
            loop.call_soon(self._send)
        future: asyncio.Future[Edition | None] = loop.create_future()
        self._waiting.append(future)
        return await future

    def close(self) -> None:
        """Close the connection for good."""
        self._ended = True
        self._let_go()
        if self._made is not None:
            self._made.close()

    def _let_go(self) -> None:
        """Close the connection; whoever waits goes on without."""
        connection, self._connection = self._connection, None
        if connection is not None:
            # a connection that is lost does not say any more which socket it had
            asyncio.get_running_loop().remove_reader(self._socket)
            connection.close()
        if self._timer:
            self._timer.cancel()
        waiting, self._waiting, self._asked, self._timer = self._asked + self._waiting, [], [], None
        _tell(waiting, None)

    def _open(self) -> None:
        """Have a connection opened in a thread, unless that was just tried."""
        if self._opening is None and time.monotonic() - self._tried >= PATIENCE:
            self._tried = time.monotonic()
            self._opening = asyncio.get_running_loop().run_in_executor(None, self._connected)
            self._opening.add_done_callback(self._opened)

    def _connected(self) -> psycopg.Connection[Any] | None:
        """A connection as all others are, with the statement prepared; None where there is none to be had."""
        try:
            pooled = self.engine.raw_connection()
        except (SQLAlchemyError, psycopg.Error) as error:
            self._failed = isinstance(error, psycopg.OperationalError)
            return None
        connection: Any = pooled.driver_connection
        pooled.detach()
        try:
            connection.autocommit = True
            connection.execute(f"PREPARE {NAME.decode()} AS {self.statement}")
            connection.pgconn.nonblocking = 1
        except psycopg.Error as error:
            # a pooler that keeps no prepared statements says something else
            self._failed = isinstance(error, psycopg.OperationalError)
            connection.close()
            return None
        self._made, self._failed = connection, False
        if self._ended:
            connection.close()
        return self._made

    def _opened(self, opening: "asyncio.Future[psycopg.Connection[Any] | None]") -> None:
        self._opening, self._refused = None, self._failed
        connection = None if opening.cancelled() or opening.exception() else opening.result()
        if connection is not None and not self._ended:
            self._connection, self._socket = connection, connection.pgconn.socket
            asyncio.get_running_loop().add_reader(self._socket, self._receive)

    def _send(self) -> None:
        """Ask for all who wait."""
        if self._connection is None or not self._waiting:
            return
        self._asked, self._waiting = self._waiting, []
        self._timer = asyncio.get_running_loop().call_later(PATIENCE, self._let_go)
        try:
            self._connection.pgconn.send_query_prepared(NAME, None)
            self._connection.pgconn.flush()
        except psycopg.Error:
            self._let_go()

    def _receive(self) -> None:
        """Read what the server says; that it has gone, too."""
        if self._connection is None:
            return
        pgconn = self._connection.pgconn
        try:
            pgconn.consume_input()
            while not pgconn.is_busy():
                result = pgconn.get_result()
                if result is None:
                    self._answered()
                    return
                self._take(result)
        except psycopg.Error:
            self._let_go()

    def _take(self, result: Any) -> None:
        """The row of the answer. Raises OperationalError for anything else."""
        if result.status != pq.ExecStatus.TUPLES_OK:
            raise psycopg.OperationalError(result.error_message)
        row = tuple(result.get_value(0, column) for column in range(4)) if result.ntuples else None
        texts = None if row is None else tuple(value and value.decode() for value in row)
        self._seen = texts

    def _answered(self) -> None:
        if self._timer:
            self._timer.cancel()
        asked, self._asked, self._timer = self._asked, [], None
        self._tried = -PATIENCE  # where it is lost by now, another is tried at once
        edition = edition_of(self._seen)
        # one object as long as it is the same, so that to compare is cheap
        self._edition = self._edition if edition == self._edition else edition
        _tell(asked, self._edition)
        self._send()


def _tell(waiting: Waiting, edition: Edition | None) -> None:
    for future in waiting:
        if not future.done():
            future.set_result(edition)
