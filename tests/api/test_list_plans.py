"""However a list is sorted and filtered, a page is read off an index in that order: databases say how they read it."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, text

from app.api import list_shapes, list_sql, lists
from app.api.list_order import ListSection, sections
from app.api.list_parameters import sortable
from app.catalogue import CATALOGUE
from app.database import close, connect
from app.prepared_statements import PreparedStatement
from app.registry.collection import Collection
from app.registry.serving.statements import clock

FILTERS = {
    "every unit": {},
    "one force": {"force": "bedfordshire"},
    "two forces": {"force": "bedfordshire,hertfordshire"},
    "a function and what is narrower": {"function": "operational-support"},
    "a kind": {"kind": "unit"},
    "a state": {"lifecycle": "active"},
    "a day": {"as_of": "2013-08-01"},
    "a force on a day": {"force": "bedfordshire", "as_of": "2013-08-01"},
    "a state on a day": {"lifecycle": "active", "as_of": "2013-08-01"},
}
UNITS = CATALOGUE.by_path["joint-units"]


@pytest.fixture(scope="module")
def connection(loaded_url: str) -> Iterator[Connection]:
    engine = connect(loaded_url)
    with engine.connect() as found:
        if found.dialect.name == "postgresql":  # as it would with many rows: few are quicker read and sorted
            for name in ("seqscan", "bitmapscan", "hashjoin", "mergejoin", "sort", "material"):
                found.execute(text(f"SET enable_{name} = off"))
        yield found
    close(engine)


@pytest.fixture(autouse=True)
def _every_list_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_sql, "FEW", -1)


def statements(connection: Connection, collection: Collection, parameters: dict[str, str]) -> list[tuple[str, Any]]:
    """The statements that read a page."""
    given = {"limit": "2", **parameters}
    when = clock(connection, None, given.pop("as_of", None))
    selection = list_shapes.selected(connection, lists.ask(collection, given, when, None))
    asked: list[tuple[str, Any]] = []
    rows = PreparedStatement.rows

    def noted(statement: PreparedStatement, connection: Connection, **values: Any) -> Any:
        text = statement._text(connection, values)
        if "LIMIT" in text.text and "answer" in text.text:
            asked.append((text.text, text.parameters(values)))
        return rows(statement, connection, **values)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(PreparedStatement, "rows", noted)
        list_sql.page(connection, selection)
    return asked


def plans(connection: Connection, collection: Collection, parameters: dict[str, str]) -> list[list[str]]:
    """How each statement of a page finds the records, without what is then read of those few."""
    asked = statements(connection, collection, parameters)
    explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    found = [
        list(
            connection.exec_driver_sql(f"{explain} {statement}", tuple(values) if isinstance(values, list) else values)
        )
        for statement, values in asked
    ]
    return [_inner([str(row[-1]) for row in rows]) for rows in found]


def _inner(lines: list[str]) -> list[str]:
    """The steps that find the records: before those of the outer statement on SQLite, below the limit on PostgreSQL."""
    if any("Limit" in line for line in lines):
        first = next(place for place, line in enumerate(lines) if "Limit" in line)
        depth = len(lines[first]) - len(lines[first].lstrip())
        rest = lines[first + 1 :]
        end = next((n for n, line in enumerate(rest) if "->" in line and line.index("->") < depth), len(rest))
        return rest[:end]
    return lines[: next(place for place, line in enumerate(lines) if line.startswith("SCAN anon"))]


def sorted_whole(steps: list[str]) -> list[str]:
    """The steps that put all records in order, or look at all without an index."""
    return [
        step
        for step in steps
        if step == "USE TEMP B-TREE FOR ORDER BY"
        or ("Sort  (" in step and "Incremental" not in step)
        or (step.startswith("SCAN") and "USING" not in step)
        or "Seq Scan" in step
    ]


@pytest.mark.parametrize("filters", FILTERS)
@pytest.mark.parametrize("sort", sortable(UNITS))
@pytest.mark.parametrize("direction", ["", "-"])
def test_units_are_read_in_their_order(connection: Connection, filters: str, sort: str, direction: str) -> None:
    found = plans(connection, UNITS, {"sort": direction + sort, **FILTERS[filters]})
    assert found
    assert [sorted_whole(steps) for steps in found] == [[]] * len(found), found


@pytest.mark.parametrize(
    ("path", "sort"), [(each.path, sort) for each in CATALOGUE for sort in sortable(each) if each is not UNITS]
)
def test_every_collection_is(connection: Connection, path: str, sort: str) -> None:
    found = plans(connection, CATALOGUE.by_path[path], {"sort": sort})
    assert found
    assert [sorted_whole(steps) for steps in found] == [[]] * len(found), found


@pytest.mark.parametrize("filters", FILTERS)
def test_an_unsorted_list_is_too(connection: Connection, filters: str) -> None:
    found = plans(connection, UNITS, FILTERS[filters])
    assert [sorted_whole(steps) for steps in found] == [[]] * len(found), found


def test_a_step_that_puts_all_in_order_is_noticed() -> None:
    assert sorted_whole(["SEARCH version USING INDEX x", "USE TEMP B-TREE FOR ORDER BY"])
    assert sorted_whole(["  ->  Sort  (cost=1.00..2.00 rows=1 width=8)"])
    assert not sorted_whole(["USE TEMP B-TREE FOR RIGHT PART OF ORDER BY", "  ->  Incremental Sort  (cost=1.00)"])


def test_few_records_are_put_in_order(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_sql, "FEW", 1000)
    asked = {"force": "bedfordshire", "sort": "name"}
    assert ["record_pk IN" in statement for statement, _ in statements(connection, UNITS, asked)] == [True]
    monkeypatch.setattr(list_sql, "FEW", 1)
    assert ["record_pk IN" in statement for statement, _ in statements(connection, UNITS, asked)] == [False]


def test_sections_go_on_where_the_first_ends(connection: Connection) -> None:
    question = lists.ask(UNITS, {"sort": "started", "limit": "2"}, clock(connection), None)
    assert [type(each) for each in sections(question)] == [ListSection, ListSection]
