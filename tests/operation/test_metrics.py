"""Prometheus can read what the service counts, the world cannot, and nobody makes it grow."""

import re
import signal
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from app.database import connect
from app.operation.process_metrics import ProcessMetrics
from app.operation.register_metrics import RegisterMetrics
from app.operation.request_metrics import COUNTED, SECONDS
from scripts.served import free_port, status, wait_until_healthy
from tests.log.webhooks.receiving import Behaviour, receiver, subscribers
from tests.registry_in_use import SOURCE, force, save, serving
from tests.test_cli import run, start

PAGE = Path(__file__).parents[2] / "docs" / "metrics.md"

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]
"""The samples by name and labels."""


def parsed(text: str) -> Samples:
    """What Prometheus makes of it: every sample stands once."""
    found: Samples = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            place = (sample.name, tuple(sorted(sample.labels.items())))
            assert place not in found
            found[place] = sample.value
    return found


def counted() -> Samples:
    return parsed(generate_latest(COUNTED).decode())


def of(found: Samples, name: str, **labels: str) -> float:
    return found.get((name, tuple(sorted(labels.items()))), 0)


@pytest.fixture
def client(loaded_url: str) -> Iterator[httpx.Client]:
    with serving(loaded_url, metrics_port=free_port()) as found:
        yield found


def settle() -> None:
    """Wait until nothing is under way: a request is counted once its answer has gone."""
    while of(counted(), "registry_requests_in_flight"):
        time.sleep(0.005)


def grown(before: Samples, method: str, route: str, code: str) -> float:
    labels = {"method": method, "route": route, "status": code}
    return of(counted(), "registry_requests_total", **labels) - of(before, "registry_requests_total", **labels)


@pytest.mark.parametrize(
    ("method", "path", "route", "code"),
    [
        ("GET", "/v1/forces/bedfordshire", "/v1/forces/{id}", "200"),
        ("GET", "/v1/forces/bedfordshire/", "/v1/forces/{id}", "200"),
        ("HEAD", "/v1/forces/bedfordshire", "/v1/forces/{id}", "200"),
        ("GET", "/v1/forces/nowhere", "/v1/forces/{id}", "404"),
        ("GET", "/v1/joint-units?limit=x", "/v1/joint-units", "422"),
        ("DELETE", "/v1/forces/bedfordshire", "/v1/forces/{id}", "401"),
        ("GET", "/healthz", "/healthz", "200"),
        ("GET", "/v1/none", "unmatched", "404"),
        ("GET", "/metrics", "unmatched", "404"),
    ],
)
def test_a_request_counts_by_the_template_of_its_path(
    client: httpx.Client, method: str, path: str, route: str, code: str
) -> None:
    before = counted()
    assert client.request(method, path).status_code == int(code)
    settle()
    assert grown(before, method, route, code) == 1
    place = {"method": method, "route": route}
    name = "registry_request_duration_seconds_count"
    assert of(counted(), name, **place) - of(before, name, **place) == 1


def test_nobody_makes_more_series_than_there_are_routes(client: httpx.Client) -> None:
    def ask(number: int, method: str) -> None:
        client.get(f"/v1/none-{number}")
        client.get(f"/v1/forces/none-{number}")
        assert client.request(method, "/v1/forces").status_code == 405
        client.get(f"/none/{number}", headers={"X-Request-ID": f"r-{number}"})

    # methods that the server lets through, and that are none of HTTP itself
    first, *others = ("COPY", "LOCK", "MKCOL", "MOVE", "PROPFIND", "PURGE", "REPORT", "SEARCH", "UNLOCK")
    ask(0, first)
    settle()
    before = counted()
    for number, method in enumerate(others, 1):
        ask(number, method)
    settle()
    assert counted().keys() == before.keys()


def test_what_is_not_wanted_is_not_counted(loaded_url: str) -> None:
    with serving(loaded_url) as client:
        before = counted()
        assert client.get("/v1/forces").status_code == 200
        assert counted() == before


def test_the_buckets_are_those_by_which_time_limits_are_judged() -> None:
    assert list(SECONDS) == sorted(SECONDS)
    assert {0.25, 1, 30} <= set(SECONDS)


@contextmanager
def scraped_service(url: str, **environment: str) -> Iterator[tuple[int, str]]:
    """A service in processes of its own: its port, and where its metrics are."""
    port, metrics = free_port(), free_port()
    own = {"REGISTRY_PORT": str(port), "REGISTRY_METRICS_PORT": str(metrics), **environment}
    process = start(url, "serve", **own)
    try:
        wait_until_healthy(port, process, "/readyz")
        yield port, f"http://127.0.0.1:{metrics}/metrics"
    finally:
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=20)
        assert (process.returncode, err) == (0, "")
        assert f"metrics: http://127.0.0.1:{metrics}/metrics" in out


def scraped(address: str) -> Samples:
    with urllib.request.urlopen(address, timeout=10) as answer:
        assert answer.headers["Content-Type"].startswith("text/plain")
        return parsed(answer.read().decode())


def _all_there(found: Samples, workers: int, asked: dict[str, str]) -> bool:
    counted = of(found, "registry_requests_total", status="200", **asked)
    return (counted, of(found, "registry_pool_size")) == (24, 10 * workers)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_scrape_has_everything_of_all_processes(own_loaded_url: str, workers: int) -> None:
    asked = {"method": "GET", "route": "/v1/forces/{id}"}
    with scraped_service(own_loaded_url, REGISTRY_WORKERS=str(workers)) as (port, address):
        for _ in range(24):
            assert status(port, "/v1/forces/bedfordshire") == 200
        found = scraped(address)
        deadline = time.monotonic() + 30
        # the last request is counted once its answer has gone out, and one process may begin after the other
        while not _all_there(found, workers, asked) and time.monotonic() < deadline:
            time.sleep(0.05)
            found = scraped(address)
        assert status(port, "/metrics") == 404
    assert of(found, "registry_requests_total", status="200", **asked) == 24
    assert of(found, "registry_request_duration_seconds_count", **asked) == 24
    assert of(found, "registry_pool_size") == 10 * workers
    assert of(found, "registry_pool_in_use") == 0
    assert of(found, "registry_processes") == workers
    for number in range(1, workers + 1):
        assert of(found, "registry_process_resident_memory_bytes", process=str(number)) > 10_000_000
    assert {check: of(found, "registry_check", check=check) for check in ("database", "schema", "derived", "log")} == {
        "database": 1,
        "schema": 1,
        "derived": 1,
        "log": 1,
    }
    assert of(found, "registry_revision") == 1
    age = timedelta(seconds=of(found, "registry_newest_evidence_age_seconds"))
    assert datetime.now(UTC).date() - age == date(2024, 1, 3)


def test_a_port_that_is_taken_is_said(loaded_url: str) -> None:
    with scraped_service(loaded_url) as (_, address):
        taken = address.split(":")[2].split("/")[0]
        code, _, err = run(loaded_url, "serve", "--port", str(free_port()), REGISTRY_METRICS_PORT=taken)
        assert code == 1
        assert f"metrics cannot be served on 127.0.0.1, port {taken}: Address already in use" in err


def test_subscriptions_by_how_they_are(own_loaded_url: str) -> None:
    save(own_loaded_url, SOURCE, force("alpha"))
    with subscribers(own_loaded_url) as here, receiver() as told:
        collector = RegisterMetrics(here.engine, lambda _: None)

        def states() -> dict[str, float]:
            found = {sample.labels.get("state", sample.name): sample.value for sample in samples(collector)}
            return {name: found[name] for name in ("even", "waiting", "failing", "off", "registry_webhooks_behind")}

        nothing = {"even": 0, "waiting": 0, "failing": 0, "off": 0, "registry_webhooks_behind": 0}
        assert states() == nothing
        here.subscribe(told.url, after=0)
        assert states() == {**nothing, "waiting": 1, "registry_webhooks_behind": 2}
        here.deliver_all()
        assert states() == {**nothing, "even": 1}
        told.behave = lambda: Behaviour(status=500)
        save(own_loaded_url, force("beta"))
        here.deliver_all()
        assert states() == {**nothing, "failing": 1, "registry_webhooks_behind": 1}


def samples(collector: RegisterMetrics) -> Iterator[Sample]:
    for family in collector.collect():
        yield from family.samples


def test_a_database_that_is_away_is_said_and_nothing_else(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path}/none/registry.db")
    found = {(sample.name, *sample.labels.values()): sample.value for sample in samples(RegisterMetrics(engine, str))}
    engine.dispose()
    assert found == {("registry_check", name): 0 for name in ("database", "schema", "data", "derived", "log")}


def test_every_metric_has_its_line(database_url: str) -> None:
    engine = connect(database_url)
    told = {
        family.name for each in (COUNTED, ProcessMetrics(), RegisterMetrics(engine, str)) for family in each.collect()
    }
    engine.dispose()
    lines = [line for line in PAGE.read_text().splitlines() if line.startswith("| `registry_")]
    named = {name.removesuffix("_total") for line in lines for name in re.findall(r"`(registry_\w+)`", line)}
    # an empty register has neither, and tests/operation/test_replicas.py has a standby
    of_replica = {f"registry_replica_{name}" for name in ("up", "lag_revisions", "lag_seconds")}
    assert named == told | of_replica | {"registry_revision_timestamp_seconds", "registry_newest_evidence_age_seconds"}
