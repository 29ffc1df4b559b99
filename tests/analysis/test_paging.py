"""Pages of views are found without making everything, and are what the whole would show there."""

import hmac
import json
import random
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from typing import Any

import httpx
import orjson
import pytest
from sqlalchemy import Connection, Engine, event, text

from app.database import connect, reading
from app.prepared_statements import PreparedStatement
from benchmarks.dataset import documents
from tests.databases import Databases
from tests.registry_in_use import SOURCE, Document, force, save, serving, unit

UNITS = 60
FORCE = "/v1/forces/force-07/collaborations"
PARTS = ("agreements", "alliances", "joint_units")


def synthetic(units: int) -> list[Document]:
    """A register of so many units in which some agreements have no parties, and many events share their day."""
    chance, found = random.Random(units), []
    for each in documents(units):
        if each["type"] == "agreement" and chance.random() < 0.5:
            each |= {
                "parties": [],
                "publications": [{"publisher": f"force:force-{n:02}", "form": "full"} for n in (2, 1)],
            }
        found.append(each)
    partners = [{"organisation": f"force:force-{number:02}"} for number in (7, 8, 9)]
    found.append({"type": "alliance", "id": "pact", "name": "A pact", "participants": partners, "citations": CITED})
    deed = {"type": "agreement", "id": "deed", "name": "A deed", "kind": "functional", "covers": ["alliance:pact"]}
    return [*found, deed | {"citations": CITED}]


CITED = [{"source": "source-01"}]


@pytest.fixture(scope="module")
def client(module_url: str) -> Iterator[httpx.Client]:
    save(module_url, *synthetic(UNITS))
    # some of it said otherwise later, and some withdrawn
    units = [each for each in synthetic(UNITS) if each["type"] == "joint-unit" and each["id"].endswith("7")]
    save(module_url, *(each | {"ended": "2031-05"} for each in units))
    with serving(module_url, cache_size=0) as found:
        yield found


def walk(client: httpx.Client, path: str) -> Iterator[Document]:
    following: str | None = path
    while following:
        answer = client.get(following).json()
        yield answer
        following = answer["links"]["next"]


@pytest.mark.parametrize("limit", [1, 7, 50])
@pytest.mark.parametrize(
    "query", ["", "&force=force-07", "&undated=only", "&as_of=2012", "&known_at=1", "&event=established,published"]
)
def test_pages_of_the_timeline_are_parts_of_the_whole(client: httpx.Client, query: str, limit: int) -> None:
    lines = client.get(f"/v1/timeline?format=ndjson{query}").text.splitlines()
    whole = [json.loads(line) for line in lines]
    if limit == 1:
        query += "&to=2006"
        lines = client.get(f"/v1/timeline?format=ndjson{query}").text.splitlines()
        whole = [json.loads(line) for line in lines]
    pages = list(walk(client, f"/v1/timeline?limit={limit}{query}"))
    assert [item for page in pages for item in page["data"]] == whole
    assert {page["meta"]["total"] for page in pages} == {len(whole)}
    assert whole


@pytest.mark.parametrize("limit", [1, 7, 200])
@pytest.mark.parametrize(
    "query", ["", "&as_of=2012", "&known_at=1", "&force=force-07", "&type=agreement,force&severity=note"]
)
def test_pages_of_quality_are_parts_of_the_whole(client: httpx.Client, query: str, limit: int) -> None:
    query += "&rule=start-not-recorded,party-missing" if limit == 1 else ""
    whole = [json.loads(line) for line in client.get(f"/v1/quality?format=ndjson{query}").text.splitlines()]
    pages = list(walk(client, f"/v1/quality?limit={limit}{query}"))
    assert [item for page in pages for item in page["data"]] == whole
    assert {page["meta"]["total"] for page in pages} == {len(whole)}
    assert whole or limit == 1


@pytest.mark.parametrize("query", ["", "as_of=2012-06", "known_at=1", "function=function-03&as_of=2015"])
def test_pages_of_what_a_force_is_party_to_are_parts_of_the_whole(client: httpx.Client, query: str) -> None:
    whole = client.get(f"{FORCE}?{query}").json()
    assert "function" in query or any(item["through"] for item in whole["data"]["agreements"])
    for part in PARTS:
        found, following = [], f"{FORCE}?limit=2&part={part}&{query}"
        while following:
            answer = client.get(following).json()
            found += answer["data"][part]
            assert answer["meta"]["parts"][part]["total"] == len(whole["data"][part])
            following = answer["meta"]["parts"][part]["next"]
        assert found == whole["data"][part]
    first = client.get(f"{FORCE}?limit=3&{query}").json()["data"]
    assert {part: first[part] for part in PARTS} == {part: whole["data"][part][:3] for part in PARTS}


def test_the_parts_stand_by_their_start(client: httpx.Client) -> None:
    found = client.get(FORCE).json()["data"]["joint_units"]
    dated = [(item["started"]["earliest"] or "", item["id"]) for item in found if item["started"]]
    assert len(dated) > 3
    assert all(item["started"] is None for item in found[len(dated) :])


@pytest.mark.parametrize("path", ["/v1/timeline", f"{FORCE}", "/v1/joint-units"])
def test_a_cursor_that_counts_is_refused(client: httpx.Client, module_url: str, path: str) -> None:
    engine = connect(module_url)
    with reading(engine) as connection:
        key = bytes.fromhex(connection.execute(text("SELECT cursor_key FROM installation")).scalar_one())
    engine.dispose()
    question = {"limit": "5", "part": "joint_units"} if path == FORCE else {"limit": "5"}
    payload = orjson.dumps((question, 1, ["bch-dogs"] if path == "/v1/joint-units" else [50]))
    signature = hmac.digest(key, path.encode() + b"\n" + payload, "sha256")[:16]
    old = urlsafe_b64encode(signature + payload).rstrip(b"=").decode()
    answer = client.get(f"{path}?cursor={old}")
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (422, "invalid-cursor")


@pytest.mark.parametrize(
    ("date", "asked", "can"),
    [
        ("2012-04-30", "2012-04", True),
        ("2012-05-01", "2012-04", False),
        ("2012-04-01", "2012-04", True),
        ("2012-03-31", "2012-04", False),
        ("2012", "2012-12-31", True),
        ("2012", "2013-01-01", False),
        ("[..2012-04-30]", "2012-04-30", True),
        ("[..2012-04-30]", "2012-05-01", False),
        ("2012-01-01", "2012", True),
        ("2012-01-01", "2012-01-01", True),
        (None, "2012", True),
    ],
)
def test_an_event_can_lie_in_days_that_share_one_with_it(
    days: httpx.Client, date: str | None, asked: str, can: bool
) -> None:
    slug = "none" if date is None else f"u{DATES.index(date)}"
    found = days.get(f"/v1/timeline?unit={slug}&event=established&from={asked}&to={asked}").json()
    assert (found["meta"]["total"] == 1) is can


DATES = ["2012-04-30", "2012-05-01", "2012-04-01", "2012-03-31", "2012", "[..2012-04-30]", "2012-01-01"]


@pytest.fixture(scope="module")
def days(databases: Databases, migrated: str) -> Iterator[httpx.Client]:
    url = databases.copy(migrated)
    dated = [unit(f"u{number}", "alpha", "beta", started=date) for number, date in enumerate(DATES)]
    save(url, SOURCE, force("alpha"), force("beta"), unit("none", "alpha", "beta"), *dated)
    with serving(url) as found:
        yield found
    databases.drop(url)


def test_an_agreement_is_found_by_who_is_in_what_it_covers_then(database_url: str) -> None:
    covering = {"type": "agreement", "id": "deed", "name": "Deed", "covers": ["joint-unit:dogs"], "kind": "functional"}
    save(database_url, SOURCE, force("alpha"), force("beta"), force("gamma"), unit("dogs", "alpha", "beta"))
    save(database_url, covering | {"citations": [{"source": "paper"}]})
    save(database_url, unit("dogs", "alpha", "gamma"))
    with serving(database_url) as client:

        def found(slug: str, revision: int) -> list[str]:
            data = client.get(f"/v1/forces/{slug}/collaborations?known_at={revision}").json()["data"]
            return [item["id"] for name in PARTS for item in data[name]]

        assert found("beta", 1) == ["dogs"]
        assert found("beta", 2) == ["deed", "dogs"]
        assert found("beta", 3) == []
        assert found("gamma", 2) == []
        assert found("gamma", 3) == ["deed", "dogs"]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, Any]]]:
    """The statements that are sent, with their parameters, whatever way."""
    found: list[tuple[str, Any]] = []

    def listen(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        found.append((statement, parameters))

    rows = PreparedStatement.rows

    def sent(self: PreparedStatement, connection: Connection, **given: Any) -> list[Any]:
        found.append((str(self.statement), None))
        return rows(self, connection, **given)

    monkeypatch.setattr(PreparedStatement, "rows", sent)
    event.listen(Engine, "before_cursor_execute", listen)
    yield found
    event.remove(Engine, "before_cursor_execute", listen)


PAGES = [
    "/v1/timeline?limit=5",
    "/v1/timeline?limit=5&force=force-07",
    "/v1/timeline?limit=5&as_of=2012&event=ended",
    f"{FORCE}?limit=5",
    f"{FORCE}?limit=5&as_of=2012",
]


def test_statements_do_not_grow_with_the_register(
    client: httpx.Client, databases: Databases, migrated: str, asked: list[tuple[str, Any]]
) -> None:
    url = databases.copy(migrated)
    save(url, *synthetic(UNITS // 4))
    with serving(url, cache_size=0) as smaller:
        for path in PAGES:
            counts = []
            for each in (smaller, client):
                each.get(path)
                asked.clear()
                assert each.get(path).status_code == 200
                counts.append(len(asked))
            # a page on which something of each kind stands needs a look at each
            assert counts[1] <= counts[0] + 3, path
            assert counts[1] < 30
    databases.drop(url)


@pytest.mark.parametrize("path", PAGES)
def test_no_page_goes_through_a_whole_table(
    client: httpx.Client, module_url: str, asked: list[tuple[str, Any]], path: str
) -> None:
    asked.clear()
    client.get(path)
    statements = [each for each in asked if each[1] is not None]
    engine = connect(module_url)
    with engine.connect() as connection:
        postgres = engine.dialect.name == "postgresql"
        if postgres:
            # of so few rows it would take the table itself, whatever index there is
            connection.execute(text("SET enable_seqscan = off"))
            connection.execute(text("SET enable_sort = off"))
        for statement, parameters in statements:
            explain = "EXPLAIN " if postgres else "EXPLAIN QUERY PLAN "
            plan = [str(row) for row in connection.exec_driver_sql(explain + statement, parameters)]
            for table in ("commitment", "event", "period", "pointer", "version", "answer"):
                assert not [line for line in plan if whole(line, table, postgres=postgres)], (statement, plan)
            if " event" in statement and "LIMIT" in statement:
                assert not [line for line in plan if "TEMP B-TREE" in line or "Sort" in line] or "force" in path
    engine.dispose()


def whole(line: str, table: str, *, postgres: bool) -> bool:
    """Whether a line of a plan goes through the rows of the table itself, without an index."""
    if postgres:
        return f"Seq Scan on {table} " in line
    return f"SCAN {table}" in line and "INDEX" not in line
