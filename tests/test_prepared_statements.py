"""Statements at driver level give what SQLAlchemy gives, on both databases, whatever the lengths of lists."""

import pytest
from sqlalchemy import bindparam, func, select

from app.database import connect, reading
from app.prepared_statements import MOST_KEPT, PreparedStatement
from app.registry.records import Record

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


def test_texts_are_forgotten(loaded_url: str) -> None:
    prepared, engine = PreparedStatement(STATEMENT), connect(loaded_url)
    with reading(engine) as connection:
        for length in range(MOST_KEPT + 2):
            assert prepared.rows(connection, collection="force", ids=["nobody"] * length) == []
    assert len(prepared._texts) == 2
    engine.dispose()
