"""No secret leaves: not in an answer, not in a log, not in the database, whatever fails."""

import logging
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import MetaData, select, text

from app.curation import authentication, desk
from app.database import connect, reading
from tests.bearers import bearing, key
from tests.registry_in_use import SOURCE, force, save, serving

MARK = "MARKEDSECRETmarkedsecret0123456789"
ASKED = {"reason": "a test"}


@pytest.fixture(scope="module")
def client(module_url: str) -> Iterator[httpx.Client]:
    save(module_url, SOURCE, force("kent"))
    with serving(module_url, failed_key_rate="1000/second") as found:
        yield found


WRONG = [
    f"Bearer {MARK}",
    f"Bearer pcr_{MARK}",
    f"Bearer pcr_k-0000000000_{MARK}",
    f"Bearer pcr_{MARK}_{MARK}",
    f"Basic {MARK}",
    MARK,
]


@pytest.mark.parametrize("header", WRONG)
@pytest.mark.parametrize("method", ["POST", "PUT", "GET"])
def test_a_key_that_is_not_known_is_not_repeated(
    client: httpx.Client, caplog: pytest.LogCaptureFixture, header: str, method: str
) -> None:
    caplog.set_level(logging.DEBUG)
    for path in ("/v1/sources", "/v1/sources/x?reason=x", "/v1/nothing", "/v1/sources?limit=x"):
        answer = client.request(method, path, headers={"Authorization": header}, content=b"{")
        assert MARK not in answer.text + str(answer.headers)
    assert MARK not in own(caplog)


def own(caplog: pytest.LogCaptureFixture) -> str:
    """What the registry and its server wrote, without what the client of the test wrote of its own requests."""
    found = [record for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    return "\n".join(record.getMessage() + str(record.exc_text or "") + str(record.args or "") for record in found)


def fails(*_: object, **__: object) -> Any:
    raise RuntimeError("a defect")


def fails_in_the_database(connection: Any, token: str) -> Any:
    """What a statement is given stands in what the database says of it."""
    connection.execute(text("SELECT no_such_column FROM account WHERE id = :id"), {"id": token})


@pytest.mark.parametrize("failing", [fails, fails_in_the_database])
def test_a_failure_tells_nothing_of_the_key(
    client: httpx.Client,
    module_url: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    failing: Any,
) -> None:
    token = key(module_url, "curate")
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(authentication, "authenticated", failing)
    answer = client.post("/v1/sources", params=ASKED, headers=bearing(token), json={"id": "x", "name": "X"})
    assert answer.status_code in (500, 503)  # a column that is not there is for one of the databases a passing thing
    assert "request_id" in own(caplog)
    assert token.rpartition("_")[2] not in answer.text + own(caplog)


def test_a_failed_write_tells_nothing_of_the_key(
    client: httpx.Client, module_url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = key(module_url, "curate")
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(desk, "write", fails)
    headers = {**bearing(token), "Idempotency-Key": "7"}
    answer = client.post("/v1/sources", params=ASKED, headers=headers, json={"id": "x", "name": "X"})
    assert (answer.status_code, "a defect" in own(caplog), "a defect" in answer.text) == (500, True, False)
    assert token.rpartition("_")[2] not in answer.text + own(caplog)


def test_the_database_holds_no_key_that_could_be_used(client: httpx.Client, module_url: str) -> None:
    token = key(module_url, "curate")
    headers = {**bearing(token), "Idempotency-Key": "8"}
    answer = client.post("/v1/sources", params=ASKED, headers=headers, json={"id": "kept", "name": "X"})
    assert answer.status_code == 201
    assert token.rpartition("_")[2] not in everything_in(module_url)


def everything_in(url: str) -> str:
    """All that stands in the database, as one text."""
    engine = connect(url)
    try:
        with reading(engine) as connection:
            tables = MetaData()
            tables.reflect(connection, only=lambda name, _: not name.startswith("search_"))
            return "\n".join(repr(connection.execute(select(table)).all()) for table in tables.sorted_tables)
    finally:
        engine.dispose()


def test_what_a_statement_is_given_stands_in_no_error(module_url: str) -> None:
    engine = connect(module_url)
    try:
        assert engine.hide_parameters
    finally:
        engine.dispose()
