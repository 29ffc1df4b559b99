"""All entries for search made anew: what a database needs that was filled before there were any."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from app.registry.collection import Catalogue
from app.registry.documents.canonical import parse_json
from app.registry.records import Answer, Record
from app.search.index.entries import Indexed, row_of, withdraw, write
from app.search.index.vocabulary import CHUNK, learn, words_of


def rebuild(connection: Session | Connection, catalogue: Catalogue) -> None:
    """Make every entry of every revision from the answers, in tables that have none."""
    first: dict[str, int] = {}
    columns = (Answer.record_pk, Answer.recorded_from, Answer.recorded_to, Answer.body)
    after = 0
    while keys := _next_records(connection, after):
        asked = select(*columns).where(Answer.record_pk.in_(keys)).order_by(Answer.record_pk, Answer.recorded_from)
        rows = [
            row
            for _, each in groupby(connection.execute(asked), lambda row: row[0])
            for row in _history(catalogue, each)
        ]
        write(connection, rows)
        for row in rows:
            for word in words_of(row):
                first[word] = min(first.get(word, row["recorded_from"]), row["recorded_from"])
        after = keys[-1]
    _learn_all(connection, first)
    gone = select(Record.pk, Record.merged_into, Record.withdrawn).where(Record.withdrawn.is_not(None))
    for pk, survivor, number in connection.execute(gone.order_by(Record.withdrawn)).all():
        withdraw(connection, pk, survivor, number or 0)


def _next_records(connection: Session | Connection, after: int) -> list[int]:
    asked = select(Answer.record_pk).where(Answer.record_pk > after).distinct().order_by(Answer.record_pk)
    return [pk for (pk,) in connection.execute(asked.limit(CHUNK))]


def _history(catalogue: Catalogue, answers: Iterable[Any]) -> list[dict[str, Any]]:
    """The entries of one record: one for each stretch of answers with the same text."""
    rows: list[dict[str, Any]] = []
    for pk, number, until, body in answers:
        before = (0, Indexed(*(rows[-1][name] for name in Indexed._fields))) if rows else None
        if row := row_of(catalogue, pk, number, parse_json(body), before):
            rows.append(row)
        rows[-1]["recorded_to"] = until
    return rows


def _learn_all(connection: Session | Connection, first: Mapping[str, int]) -> None:
    words = sorted(first)
    for start in range(0, len(words), CHUNK):
        learn(connection, {word: first[word] for word in words[start : start + CHUNK]})
