"""Statements that are compiled once and sent at driver level: those that every write is made of, some forty each time.

SQLAlchemy looks at a statement, its parameters and its result anew whenever it is executed, which takes several times
as long as SQLite takes to answer. What comes back is as the driver gives it: numbers, text and None.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any, NamedTuple

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import SelectBase

Row = tuple[Any, ...]
MOST_KEPT = 200
"""Of more lengths of lists than this the texts are not kept."""


@contextmanager
def driver_errors(connection: Connection, statement: str) -> Iterator[None]:
    """Raise the driver's errors as SQLAlchemy does for its own statements, and as callers expect them."""
    base = connection.dialect.loaded_dbapi.Error
    try:
        yield
    except base as error:
        dialect = connection.dialect
        raise DBAPIError.instance(statement, None, error, base, hide_parameters=True, dialect=dialect) from error


def write_rows(session: Session, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows, given as tuples in the order of `columns`, as the driver takes them: text, numbers and None."""
    if not rows:
        return
    connection = session.connection()
    named = f"{table} ({', '.join(columns)})"
    driver: Any = connection.connection
    if connection.dialect.name == "sqlite":
        statement = f"INSERT INTO {named} VALUES ({', '.join('?' * len(columns))})"  # noqa: S608 - names of ours
        with driver_errors(connection, statement):
            driver.executemany(statement, rows).close()
        return
    statement = f"COPY {named} FROM STDIN"
    with driver_errors(connection, statement), driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


class _Text(NamedTuple):
    """A statement as the driver takes it, and what makes its parameters of those that are given."""

    text: str
    parameters: Callable[[dict[str, Any]], Any]


class PreparedStatement:
    """A SELECT with named parameters; those that are lists are `bindparam(name, expanding=True)`.

    `PreparedStatement(select(Record.pk).where(Record.id.in_(bindparam("ids", expanding=True))))`
    """

    def __init__(self, statement: SelectBase) -> None:
        self.statement = statement
        self._texts: dict[tuple[Any, ...], _Text] = {}

    def rows(self, connection: Connection, **given: Any) -> list[Row]:
        """The rows, all of them: `prepared.rows(connection, ids=["kent", "essex"])`."""
        found = self._text(connection, given)
        cursor: Any = connection.connection.cursor()
        with driver_errors(connection, found.text), closing(cursor):
            cursor.execute(found.text, found.parameters(given))
            return list(cursor.fetchall())

    def scalars(self, connection: Connection, **given: Any) -> list[Any]:
        """The first value of each row."""
        return [row[0] for row in self.rows(connection, **given)]

    def scalar(self, connection: Connection, **given: Any) -> Any:
        """The first value of the first row; None where there is none."""
        return next(iter(self.scalars(connection, **given)), None)

    def _text(self, connection: Connection, given: dict[str, Any]) -> _Text:
        lengths = (len(value) if isinstance(value, list) else None for value in given.values())
        key = (connection.dialect.name, *given, *lengths)
        if key not in self._texts:
            if len(self._texts) >= MOST_KEPT:
                self._texts.clear()
            self._texts[key] = _compiled(self.statement, connection, given)
        return self._texts[key]


def _compiled(statement: SelectBase, connection: Connection, given: dict[str, Any]) -> _Text:
    """The text for parameters of these lengths."""
    compiled: Any = statement.compile(dialect=connection.dialect)
    state = compiled.construct_expanded_state(given)
    items = {item: (name, at) for name, items in state.parameter_expansion.items() for at, item in enumerate(items)}

    def value(name: str, parameters: dict[str, Any]) -> Any:
        if name in items:
            whole, at = items[name]
            return (parameters[whole] if whole in parameters else compiled.binds[whole].value)[at]
        return parameters[name] if name in parameters else state.parameters[name]

    if compiled.positional:
        return _Text(state.statement, lambda parameters: [value(name, parameters) for name in state.positiontup])
    names = list(state.parameters)
    return _Text(state.statement, lambda parameters: {name: value(name, parameters) for name in names})
