"""Statements at driver level give what SQLAlchemy gives, on both databases, whatever the lengths of lists."""

import pytest
from sqlalchemy import Engine, bindparam, func, select, update

from app import prepared_statements
from app.database import connect, reading, snapshot, writing
from app.prepared_statements import MOST_KEPT, LongStatement, PreparedStatement
from app.registry.records import Record, rows_of

STATEMENT = (
    select(Record.pk, Record.id, Record.withdrawn, func.coalesce(Record.withdrawn, 7))
    .where(Record.collection == bindparam("collection"), Record.id.in_(bindparam("ids", expanding=True)))
    .where(Record.collection.in_(["force", "source"]))  # a list that is the same every time
    .order_by(Record.id)
    .limit(3)
)


@pytest.mark.parametrize(
    "ids", [[], ["kent"], ["bedfordshire", "hertfordshire"], ["a", "b", "c"] * 5, ["100%", "'; --"]]
)
def test_the_rows_are_the_same(loaded_url: str, ids: list[str]) -> None:
    prepared, engine = PreparedStatement(STATEMENT), connect(loaded_url)
    with reading(engine) as connection:
        asked = {"collection": "force", "ids": ids}
        expected = [tuple(row) for row in connection.execute(STATEMENT, asked)]
        for _ in range(2):
            assert prepared.rows(connection, collection="force", ids=ids) == expected
        assert prepared.scalars(connection, collection="force", ids=ids) == [row[0] for row in expected]
        assert prepared.scalar(connection, collection="force", ids=ids) == (expected[0][0] if expected else None)
    engine.dispose()


def test_many_rows_come_by_cursor_and_in_order(loaded_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = connect(loaded_url)
    expected = sorted((name, pk) for pk, name in _records(engine))
    assert len(expected) > 20
    for most in (5, len(expected), len(expected) + 1):
        monkeypatch.setattr(prepared_statements, "MOST_AT_ONCE", most)
        statement = LongStatement(
            select(Record.id, Record.pk).where(Record.pk > bindparam("first")), Record.id, Record.pk
        )
        for opened in (reading, snapshot):
            with opened(engine) as connection:
                assert list(statement.each(connection, first=0)) == expected
    engine.dispose()


def test_how_many_rows_were_changed(loaded_url: str) -> None:
    engine = connect(loaded_url)
    naming = update(rows_of(Record)).where(Record.id == bindparam("old")).values(id=bindparam("new"))
    with writing(engine) as session:
        prepared = PreparedStatement(naming)
        assert prepared.run(session.connection(), old="nobody", new="anybody") == 0
        assert prepared.run(session.connection(), old="hertfordshire", new="anybody") == 1
        session.rollback()
    engine.dispose()


def _records(engine: Engine) -> list[tuple[int, str]]:
    with reading(engine) as connection:
        return [(pk, name) for pk, name in connection.execute(select(Record.pk, Record.id))]


def test_texts_are_forgotten(loaded_url: str) -> None:
    prepared, engine = PreparedStatement(STATEMENT), connect(loaded_url)
    with reading(engine) as connection:
        for length in range(MOST_KEPT + 2):
            assert prepared.rows(connection, collection="force", ids=["nobody"] * length) == []
    assert len(prepared._texts) == 2
    engine.dispose()
