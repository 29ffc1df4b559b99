"""A register that an older release filled, upgraded and rebuilt, answers every question as a fresh one does."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from app.catalogue import CATALOGUE
from app.database import connect, migrate, reading, writing
from app.reads.record_columns.facts import RecordFacts
from app.reads.unit_columns.facts import UnitFacts
from app.register import REGISTER
from app.registry.projections import FORMATS, rebuild, stale
from app.registry.records import Answer, PeriodRow, StateRun
from app.search.index.tables import SearchEntry, SearchName, SearchPiece, SearchWord
from tests.databases import Databases
from tests.registry_in_use import serving
from tests.upgrades.registers import SCHEMAS, fresh_register, old_register

TIMES = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z")
DAYS = ("", "as_of=2009-04-15", "as_of=2012-04", "as_of=2013-01-01", "as_of=2020")
VIEWS = (
    "statistics/joint-units?group_by=force",
    "statistics/joint-units/series?from=2007&to=2014",
    "network?as_of=2012-11",
    "timeline?limit=200",
    "conflicts",
    "coverage",
    "quality?limit=200",
    "forces/bedfordshire/collaborations?as_of=2012-06-01",
    "search?q=dog+unit",
    "search?q=bedfordshire+constabulary",
    "search?q=hounds&as_of=2012",
    "suggest?prefix=beds",
)


def upgraded(url: str, schema: str) -> None:
    """A register of an older schema, migrated and rebuilt."""
    old_register(url, schema)
    migrate(url)
    engine = connect(url)
    with reading(engine) as connection:
        assert stale(connection) == list(FORMATS)
    with writing(engine) as session:
        rebuild(session, REGISTER, FORMATS)
    with reading(engine) as connection:
        assert stale(connection) == []
    engine.dispose()


@pytest.fixture(scope="module")
def fresh_url(databases: Databases) -> Iterator[str]:
    url = databases.copy()
    fresh_register(url)
    yield url
    databases.drop(url)


@pytest.fixture(scope="module", params=SCHEMAS)
def upgraded_url(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    url = databases.copy()
    upgraded(url, request.param)
    yield url
    databases.drop(url)


def addresses() -> Iterator[str]:
    """Every list on several days and at every revision, every record with its history, and every view."""
    for collection in CATALOGUE:
        for day in DAYS:
            yield f"/v1/{collection.path}?format=ndjson&{day}".rstrip("&")
        for revision in (1, 2, 3, 4):
            yield f"/v1/{collection.path}?limit=200&known_at={revision}&as_of=2012-04"
    for state in ("proposed", "active", "superseded", "ended"):
        yield from (f"/v1/joint-units?lifecycle={state}&{day}".rstrip("&") for day in DAYS)
    yield from (f"/v1/{view}" for view in VIEWS)
    for revision in (1, 2, 3, 4):
        yield from (f"/v1/search?q={words}&known_at={revision}" for words in ("dogs", "mounted", "bedfordshire"))


def answered(client: httpx.Client) -> dict[str, str]:
    found = {address: _text(client.get(address)) for address in addresses()}
    for collection in CATALOGUE:
        for item in client.get(f"/v1/{collection.path}?fields=id&limit=200").json()["data"]:
            for below in ("", "/history"):
                address = f"/v1/{collection.path}/{item['id']}{below}"
                found[address] = _text(client.get(address))
    return found


def _text(answer: httpx.Response) -> str:
    """The answer but for the time at which a revision was recorded, and what is signed by the database's own key."""
    text = TIMES.sub("TIME", answer.text)
    text = re.sub(r'"request_id":"[0-9a-f]+"', "", text)
    return f"{answer.status_code} {re.sub(r'cursor=[A-Za-z0-9_-]+', 'cursor', text)}"


@pytest.fixture(scope="module")
def fresh_answers(fresh_url: str) -> dict[str, str]:
    with serving(fresh_url) as client:
        return answered(client)


def test_every_answer_is_that_of_a_fresh_register(fresh_answers: dict[str, str], upgraded_url: str) -> None:
    with serving(upgraded_url) as client:
        found = answered(client)
    assert found.keys() == fresh_answers.keys()
    assert [address for address in found if found[address] != fresh_answers[address]] == []
    assert sum(text.startswith("200 ") for text in found.values()) > 450


def test_everything_derived_is_that_of_a_fresh_register(fresh_url: str, upgraded_url: str) -> None:
    """At every revision, row by row: a register that is loaded step by step, and one that is made anew at once."""
    assert rows(upgraded_url) == rows(fresh_url)


def rows(url: str) -> dict[str, list[Any]]:
    engine = connect(url)
    tables: tuple[Any, ...] = (PeriodRow, Answer, StateRun, SearchEntry, SearchName, SearchWord, SearchPiece)
    tables += (UnitFacts, RecordFacts)
    with reading(engine) as connection:
        found = {
            table.__tablename__: sorted(
                str(tuple(row)) for row in connection.execute(select(*(c for c in table.__table__.c if c.name != "pk")))
            )
            for table in tables
        }
    engine.dispose()
    return found


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_stale_is_not_served_and_said(name: str, own_loaded_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(own_loaded_url) as client:
        assert client.get("/v1/forces/bedfordshire").status_code == 200
        monkeypatch.setitem(FORMATS, name, FORMATS[name] + 1)
        engine = connect(own_loaded_url)
        with reading(engine) as connection:
            assert stale(connection) == [name]
        ready = client.get("/readyz")
        assert (ready.status_code, ready.json()["checks"]["derived"]) == (503, False)
        with writing(engine) as session:
            assert name in rebuild(session, REGISTER, [name])
        assert client.get("/readyz").status_code == 200
        engine.dispose()
