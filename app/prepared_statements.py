"""Statements that are compiled once and sent at driver level: those that every write is made of, some forty each time.

SQLAlchemy looks at a statement, its parameters and its result anew whenever it is executed, which takes several times
as long as SQLite takes to answer. What comes back is as the driver gives it: numbers, text and None.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, Executable, Select
from sqlalchemy.exc import DBAPIError

Row = tuple[Any, ...]
T = TypeVar("T")
MOST_KEPT = 200
"""Of more lengths of lists than this the texts are not kept."""
FEW_ROWS = 20
"""More rows than these PostgreSQL takes faster by a COPY, which is asked for and answered before the first is sent."""
MOST_AT_ONCE = 1000
"""More rows are not held at one time."""


@contextmanager
def driver_errors(connection: Connection, statement: str) -> Iterator[None]:
    """Raise the driver's errors as SQLAlchemy does for its own statements, and as callers expect them."""
    base = connection.dialect.loaded_dbapi.Error
    try:
        yield
    except base as error:
        raise _as_sqlalchemy_has_it(connection, statement, error) from error


def _as_sqlalchemy_has_it(connection: Connection, statement: str, error: Exception) -> Exception:
    dialect = connection.dialect
    base = dialect.loaded_dbapi.Error
    return DBAPIError.instance(statement, None, error, base, hide_parameters=True, dialect=dialect)


def write_rows(connection: Connection, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows, given as tuples in the order of `columns`, as the driver takes them: text, numbers and None."""
    if not rows:
        return
    named = f"{table} ({', '.join(columns)})"
    if connection.dialect.name == "postgresql":
        (_copy if len(rows) > FEW_ROWS else _insert)(connection, named, rows)
        return
    statement, driver = f"INSERT INTO {named} VALUES ({', '.join('?' * len(columns))})", _driver(connection)  # noqa: S608
    with driver_errors(connection, statement):
        driver.executemany(statement, rows).close()


def _copy(connection: Connection, named: str, rows: Sequence[tuple[Any, ...]]) -> None:
    statement = f"COPY {named} FROM STDIN"
    with driver_errors(connection, statement), _driver(connection).cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _insert(connection: Connection, named: str, rows: Sequence[tuple[Any, ...]]) -> None:
    marks = f"({', '.join(['%s'] * len(rows[0]))})"
    statement = f"INSERT INTO {named} VALUES {', '.join([marks] * len(rows))}"  # noqa: S608 - names of ours
    with driver_errors(connection, statement), _driver(connection).cursor() as cursor:
        cursor.execute(statement, [value for row in rows for value in row])


def _driver(connection: Connection) -> Any:
    return connection.connection


class _Text(NamedTuple):
    """A statement as the driver takes it, and what makes its parameters of those that are given."""

    text: str
    parameters: Callable[[dict[str, Any]], Any]


class PreparedStatement:
    """A statement with named parameters; those that are lists are `bindparam(name, expanding=True)`.

    `PreparedStatement(select(Record.pk).where(Record.id.in_(bindparam("ids", expanding=True))))`
    """

    def __init__(self, statement: Executable) -> None:
        self.statement: Any = statement
        self._texts: dict[tuple[Any, ...], _Text] = {}

    def rows(self, connection: Connection, **given: Any) -> list[Row]:
        """The rows, all of them: `prepared.rows(connection, ids=["kent", "essex"])`."""
        return self._sent(connection, given, _all_rows)

    def run(self, connection: Connection, **given: Any) -> int:
        """Carry out what gives no rows; how many it changed."""
        return self._sent(connection, given, _count)

    def _sent(self, connection: Connection, given: dict[str, Any], take: Callable[[Any], T]) -> T:
        found = self._text(connection, given)
        # neither `driver_errors` nor `closing`: forty times a write they would take as long as some of the statements
        cursor: Any = connection.connection.cursor()
        try:
            cursor.execute(found.text, found.parameters(given))
            return take(cursor)
        except connection.dialect.loaded_dbapi.Error as error:
            raise _as_sqlalchemy_has_it(connection, found.text, error) from error
        finally:
            cursor.close()

    def scalars(self, connection: Connection, **given: Any) -> list[Any]:
        """The first value of each row."""
        return [row[0] for row in self.rows(connection, **given)]

    def scalar(self, connection: Connection, **given: Any) -> Any:
        """The first value of the first row; None where there is none."""
        return next(iter(self.scalars(connection, **given)), None)

    def _text(self, connection: Connection, given: dict[str, Any]) -> _Text:
        lengths = [len(value) if isinstance(value, list) else None for value in given.values()]
        key = (connection.dialect.name, *lengths)
        if key not in self._texts:
            if len(self._texts) >= MOST_KEPT:
                self._texts.clear()
            self._texts[key] = _compiled(self.statement, connection, given)
        return self._texts[key]


class LongStatement(PreparedStatement):
    """A SELECT of what is mostly a few rows, and at times more than can be held: what a revision wrote.

    In the order of its first columns, as far as it is to be ordered by them.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]], *ordered: Any) -> None:
        # without an order, for in search of a few rows in one a database may go through all that there are
        super().__init__(statement.limit(MOST_AT_ONCE + 1))
        self.whole, self.ordered = statement.order_by(*ordered), bool(ordered)

    def each(self, connection: Connection, **given: Any) -> Iterator[Row]:
        """The rows, one after the other."""
        rows = self.rows(connection, **given)
        if len(rows) > MOST_AT_ONCE:
            yield from map(tuple, connection.execute(self._by_cursor(connection), given))
        else:
            yield from sorted(rows) if self.ordered else rows

    def _by_cursor(self, connection: Connection) -> Executable:
        # many rows are read through a cursor on the server, which lives as long as a transaction
        at_once = connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT"
        return self.whole if at_once else self.whole.execution_options(yield_per=MOST_AT_ONCE)


def _all_rows(cursor: Any) -> list[Row]:
    return list(cursor.fetchall())


def _count(cursor: Any) -> int:
    return int(cursor.rowcount)


def _compiled(statement: Any, connection: Connection, given: dict[str, Any]) -> _Text:
    """The text for parameters of these lengths."""
    compiled: Any = statement.compile(dialect=connection.dialect)
    state = compiled.construct_expanded_state(given)
    items = {item: (name, at) for name, items in state.parameter_expansion.items() for at, item in enumerate(items)}
    fixed = {name: value for name, value in state.parameters.items() if name not in items and name not in given}
    fixed |= {name: compiled.binds[name].value for name in state.parameter_expansion if name not in given}
    names = state.positiontup if compiled.positional else list(state.parameters)
    places = [items.get(name, (name, None)) for name in names]

    def values(parameters: dict[str, Any]) -> list[Any]:
        found = {**fixed, **parameters} if fixed else parameters
        return [found[name] if at is None else found[name][at] for name, at in places]

    if compiled.positional:
        return _Text(state.statement, values)
    return _Text(state.statement, lambda parameters: dict(zip(names, values(parameters), strict=True)))
