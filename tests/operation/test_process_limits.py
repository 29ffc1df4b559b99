"""What a client cannot do to the process: hold it, fill it, or keep others out; and what a file cannot."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import httpx
import pytest
from sqlalchemy.exc import DatabaseError

from app.api import protocol
from app.database import connect, reading
from scripts.served import free_port, status, wait_until_healthy
from tests.databases import SqliteDatabases
from tests.registry_in_use import serving
from tests.test_cli import REGISTRY


def connected(client: httpx.Client) -> socket.socket:
    return socket.create_connection((client.base_url.host, client.base_url.port or 80), timeout=20)


def until_closed(connection: socket.socket) -> bytes:
    found = b""
    try:
        while part := connection.recv(65_536):
            found += part
    except ConnectionResetError:
        pass
    return found


@pytest.fixture
def hasty(loaded_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[httpx.Client]:
    """A service that waits for a head for a moment only."""
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.3)
    with serving(loaded_url) as found:
        yield found


@pytest.mark.parametrize("sent", [b"", b"GET /v1 HTTP/1.1\r\nHost: x\r\nX-Slow: "], ids=["silent", "half"])
def test_who_does_not_ask_is_not_waited_for(hasty: httpx.Client, sent: bytes) -> None:
    with connected(hasty) as connection:
        connection.sendall(sent)
        assert until_closed(connection) == b""
    assert hasty.get("/healthz").status_code == 200


def test_a_second_head_on_a_connection_must_come_in_time_too(hasty: httpx.Client) -> None:
    with connected(hasty) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(65_536).startswith(b"HTTP/1.1 200")
        connection.sendall(b"GET /healthz HT")
        assert until_closed(connection) == b""


def test_a_body_may_take_longer_than_a_head(hasty: httpx.Client) -> None:
    with connected(hasty) as connection:
        head = b"POST /v1/reconcile HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n"
        connection.sendall(head)
        time.sleep(0.6)
        connection.sendall(b'{"queries": 1}')
        assert connection.recv(65_536).startswith(b"HTTP/1.1 4")


@pytest.mark.parametrize("size", [protocol.LARGEST_HEAD + 1, 5_000_000])
def test_a_head_that_is_too_large_is_refused(client: httpx.Client, size: int) -> None:
    with connected(client) as connection:
        with suppress(ConnectionError):  # it may have heard enough
            connection.sendall(b"GET /v1 HTTP/1.1\r\nHost: x\r\nX-Large: " + b"x" * size + b"\r\n\r\n")
        answer = until_closed(connection)
    assert answer.startswith(b"HTTP/1.1 400 ") or (answer == b"" and size > 1_000_000)
    assert client.get("/healthz").status_code == 200


def test_a_head_of_the_usual_kind_may_be_large(client: httpx.Client) -> None:
    assert client.get("/v1/forces", headers={"X-Large": "x" * 60_000}).status_code == 200


@contextmanager
def service(url: str, *, files: int | None = None) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    port = free_port()
    limited = f"ulimit -n {files}; " if files else ""
    process = subprocess.Popen(
        ["bash", "-c", f"{limited}exec {REGISTRY} serve"],
        env={**os.environ, "REGISTRY_DATABASE_URL": url, "REGISTRY_PORT": str(port)},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        wait_until_healthy(port, process, "/readyz")
        yield port, process
    finally:
        process.kill()
        process.communicate()


def test_more_connections_than_there_are_files_for_are_refused_politely(loaded_url: str) -> None:
    with service(loaded_url, files=110) as (port, process):
        with ExitStack() as stack:
            for _ in range(40):
                stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            with socket.create_connection(("127.0.0.1", port), timeout=20) as one:
                answer = until_closed(one)
            assert answer.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
            assert b"\r\nretry-after: 5\r\n" in answer
        for _ in range(200):
            if status(port, "/v1/forces/bedfordshire") == 200:
                break
            time.sleep(0.05)
        assert status(port, "/v1/forces/bedfordshire") == 200
        assert process.poll() is None


def test_told_to_end_a_second_time_it_ends_at_once(loaded_url: str) -> None:
    """A body that does not come would be waited for, for REGISTRY_SHUTDOWN_TIMEOUT."""
    with service(loaded_url) as (port, process), socket.create_connection(("127.0.0.1", port)) as slow:
        head = b"POST /v1/reconcile HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        head += b"Content-Length: 1000\r\n\r\nq"
        slow.sendall(head)
        assert status(port, "/healthz") == 200
        process.send_signal(signal.SIGTERM)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0


only_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")


@only_sqlite
def test_a_file_that_is_made_shorter_fails_a_statement_and_not_the_process(own_loaded_url: str) -> None:
    """Mapped into memory, what is read next would end the process with SIGBUS."""
    engine = connect(own_loaded_url, pool_size=1)
    with reading(engine) as connection:
        rows = connection.exec_driver_sql("SELECT body FROM answer")
        rows.fetchone()
        os.truncate(SqliteDatabases.path(own_loaded_url), 4096)
        with pytest.raises(DatabaseError, match="malformed"):
            rows.fetchall()
    engine.dispose()
    with serving(own_loaded_url) as client:
        assert client.get("/v1/forces").status_code == 503
        assert client.get("/healthz").status_code == 200


@only_sqlite
def test_a_file_that_is_replaced_makes_it_not_ready(own_loaded_url: str, tmp_path: Path) -> None:
    path = SqliteDatabases.path(own_loaded_url)
    with serving(own_loaded_url) as client:
        assert client.get("/readyz").status_code == 200
        other = tmp_path / "other.db"
        other.write_bytes(path.read_bytes())
        other.replace(path)
        ready = client.get("/readyz")
        assert (ready.status_code, ready.json()["checks"]["database"]) == (503, False)
        assert "another file has taken the place of the database" in ready.json()["detail"]
        path.unlink()
        assert client.get("/readyz").status_code == 503
