"""Units counted by columns against units counted one by one: random registers, at every revision, on all days."""

import random
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from app.analysis.counts import tallies
from app.analysis.counts import views as counts
from app.analysis.counts.column_groups import ColumnQuestion
from app.analysis.network import things
from app.analysis.network import views as networks
from app.api.view import View
from app.database import connect, reading
from app.prepared_statements import PreparedStatement
from app.reads.unit_columns import kept_blocks, shelves
from app.reads.unit_columns.kept_blocks import unit_columns
from app.registry.serving.statements import clock
from tests.analysis.random_register import fill
from tests.registry.test_redacted_versions import redact
from tests.registry_in_use import SOURCE, force, save, unit

Asked = dict[str, str]
REVISIONS = 5
GROUPS = (
    "",
    "force",
    "force_count",
    "force,force_count",
    "function,kind",
    "alliance,force",
    "kind,function,force_count",
)
DAYS: tuple[Asked, ...] = (
    {},
    {"as_of": "2011-03-04"},
    {"as_of": "2012-11"},
    {"as_of": "2010"},
    {"as_of": "2014-06-01", "presumed_for": "P2Y"},
    {"as_of": "2013", "presumed_for": "18m"},
)
FILTERS: tuple[Asked, ...] = (
    {},
    {"force": "alpha"},
    {"force": "all:alpha,beta"},
    {"force": "beta,many-3", "lifecycle": "active"},
    {"function": "operations", "alliance": "pact"},
    {"lifecycle": "ended,superseded"},
    {"kind": "unit"},
)
SERIES: tuple[Asked, ...] = tuple(
    {"from": "2010-02", "to": "2013-06", "interval": interval, **more}
    for interval, more in product(("month", "year"), ({}, {"presumed_for": "P1Y"}))
)
SHARING: tuple[Asked, ...] = ({}, {"participants_to": "3"}, {"participants_to": "2", "force": "alpha"})


def questions() -> Iterator[tuple[View, Asked]]:
    for days, group, chosen in product(DAYS, GROUPS, FILTERS):
        yield counts.JOINT_UNITS, {**days, **chosen, **({"group_by": group} if group else {})}
    for days, group in product(SERIES, GROUPS):
        yield counts.SERIES, {**days, "lifecycle": "active,proposed", **({"group_by": group} if group else {})}
    for days, more in product((*DAYS, *SERIES), (*SHARING, *FILTERS[3:6])):
        yield networks.VIEW, {**days, **more}
        if days:
            yield networks.VIEW, {**days, **more, "certainty": "presumed"}


def answered(connection: Connection, view: View, asked: Asked, revision: int) -> Any:
    given = dict(asked)
    clocks = [given.pop(name, None) for name in ("as_of", "presumed_for")]
    when = clock(connection, str(revision), *clocks, dated="from" in given)
    found: Any = view.answer(connection, given, when)
    return found if isinstance(found, dict) else list(found)


@pytest.mark.parametrize("seed", range(3))
def test_columns_count_as_one_by_one(seed: int, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(database_url, seed)
    engine = connect(database_url)
    with reading(engine) as connection:
        every = [(revision, *each) for revision in range(2, REVISIONS + 1) for each in questions()]
        asked = random.Random(seed).sample(every, 60)
        by_columns = [answered(connection, view, given, revision) for revision, view, given in asked]
        monkeypatch.setattr(ColumnQuestion, "answered_by_columns", lambda *_: False)
        monkeypatch.setattr(things, "_answered_by_columns", lambda *_: False)
        for (revision, view, given), found in zip(asked, by_columns, strict=True):
            assert answered(connection, view, given, revision) == found, (revision, view.path, given)
    engine.dispose()


def test_a_block_serves_the_revisions_around_it(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(database_url, 3)
    engine = connect(database_url)
    with reading(engine) as connection:
        unit_columns(connection, clock(connection, "3"))
        monkeypatch.setattr(kept_blocks.SHELVES, "load", None)
        found = {number: _keys(connection, number) for number in (2, 3, 4, 5)}
        assert [len(found[number]) for number in (2, 3, 4, 5)] == [13, 14, 16, 15]
        monkeypatch.undo()
        monkeypatch.setattr(shelves, "MOST_CHANGES", 0)
        assert {number: _keys(connection, number) for number in (2, 3, 4, 5)} == found
    engine.dispose()


def _keys(connection: Connection, revision: int) -> set[int]:
    columns = unit_columns(connection, clock(connection, str(revision)))
    counted = [key for block in columns.blocks for place, key in enumerate(block.keys) if block.rows >> place & 1]
    assert len(set(counted)) == len(counted)
    assert not columns.apart & set(counted)
    return {*columns.apart, *counted}


def test_what_was_redacted_is_counted_no_more(database_url: str) -> None:
    dogs = unit("dogs", "alpha", "beta")
    save(database_url, SOURCE, force("alpha"), force("beta"), dogs)
    save(database_url, {**dogs, "kind": "unit"})
    engine = connect(database_url)
    with reading(engine) as connection:
        assert len(_keys(connection, 1)) == 1
    redact(database_url, "joint-unit:dogs", {**dogs, "kind": "department"})
    with reading(engine) as connection:
        assert [len(_keys(connection, number)) for number in (1, 2, 3)] == [0, 0, 1]
    engine.dispose()


def test_units_with_many_participants_stand_apart(database_url: str) -> None:
    fill(database_url, 1)
    engine = connect(database_url)
    with reading(engine) as connection:
        when = clock(connection)
        (row,) = connection.exec_driver_sql("SELECT pk FROM record WHERE id = 'wide'")
        columns = unit_columns(connection, when)
        assert row[0] in columns.apart
        assert all(len(block.participants) <= 12 for block in columns.blocks)
    engine.dispose()


def test_of_many_things_the_first_recorded_are_named(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    units = [unit(f"unit-{9 - number}", "alpha", "beta", started="2010") for number in range(6)]
    save(database_url, SOURCE, force("alpha"), force("beta"), *units)
    for module in ("sharing", "column_sharing"):
        monkeypatch.setattr(f"app.analysis.network.{module}.MOST_NAMED", 3)
    engine = connect(database_url)
    with reading(engine) as connection:
        (edge,) = networks.network(connection, {}, clock(connection))["edges"]
    engine.dispose()
    assert [thing["id"] for thing in edge["units"]] == ["unit-7", "unit-8", "unit-9"]
    assert (edge["count"], edge["weight"]) == ({"certain": 0, "presumed": 0, "possible": 6}, 6.0)


def test_what_is_counted_needs_no_look_at_units(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The most common questions are answered by columns alone: of the built-in units none stands apart."""

    def refuse(*_: object) -> None:
        raise AssertionError("asked one by one")

    monkeypatch.setattr(tallies, "_one_by_one", refuse)
    monkeypatch.setattr(things, "_add_one_by_one", refuse)
    for asked in ("statistics/joint-units?group_by=force", "network", "statistics/joint-units?as_of=2012&kind=unit"):
        assert client.get(f"/v1/{asked}").status_code == 200


def test_a_question_costs_as_many_statements_however_many_units_there_are(database_url: str) -> None:
    save(
        database_url,
        SOURCE,
        force("alpha"),
        force("beta"),
        *(unit(f"few-{place}", "alpha", "beta") for place in range(2)),
    )
    few = _statements(database_url)
    save(database_url, *(unit(f"many-{place}", "alpha", "beta", started="2010") for place in range(40)))
    assert _statements(database_url) == few


def _statements(url: str) -> int:
    """How many are sent for some questions, once the columns are there."""
    engine = connect(url)
    asked: list[object] = []
    event.listen(engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    with reading(engine) as connection, pytest.MonkeyPatch.context() as patch:
        when = clock(connection)
        unit_columns(connection, when)
        rows = PreparedStatement.rows

        def listen(statement: PreparedStatement, to: Connection, **given: Any) -> Any:
            asked.append(statement)
            return rows(statement, to, **given)

        patch.setattr(PreparedStatement, "rows", listen)
        for view, given in ((counts.JOINT_UNITS, {"group_by": "force"}), (networks.VIEW, {})):
            found: Any = view.answer(connection, given, when)
            assert list(found)
    engine.dispose()
    return len(asked)


def test_what_changed_is_found_by_an_index(database_url: str) -> None:
    save(database_url, SOURCE, force("alpha"), unit("dogs", "alpha"))
    engine = connect(database_url)
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if not sqlite:
            connection.execute(text("SET enable_seqscan = off"))
        between = "recorded_from > 1 AND recorded_from <= 2 OR recorded_to > 1 AND recorded_to <= 2"
        for table in ("unit_facts", "record_facts"):
            explain = "EXPLAIN QUERY PLAN" if sqlite else "EXPLAIN"
            plan = str(connection.execute(text(f"{explain} SELECT record_pk FROM {table} WHERE {between}")).all())
            assert f"ix_{table}_recorded_from" in plan
            assert f"ix_{table}_recorded_to" in plan
    engine.dispose()
