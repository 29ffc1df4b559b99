"""Webhooks over the API and on the command line: for administrators, with secrets that are shown once."""

from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import select
from standardwebhooks import Webhook as Verifier

from app.api.callers import Scope
from app.database import connect, reading
from app.registry.writing.answered_requests import AnsweredRequest
from tests.curation.writers import Writers, key, problem, writers
from tests.log.webhooks.receiving import KEY, Receiver, receiver
from tests.test_cli import run

TYPED = {"Content-Type": "application/json"}


@pytest.fixture
def here(database_url: str) -> Iterator[Writers]:
    with writers(database_url, webhook_private=True, webhook_key=KEY) as found:
        yield found


@pytest.fixture
def admin(here: Writers) -> dict[str, str]:
    return key(here.url, "Root", Scope.ADMIN)


@pytest.fixture
def told() -> Iterator[Receiver]:
    with receiver() as found:
        yield found


def made(here: Writers, admin: dict[str, str], **body: object) -> httpx.Response:
    return here.client.post("/v1/webhooks", json=body, headers=admin)


def test_only_administrators_see_and_make_them(here: Writers, admin: dict[str, str]) -> None:
    for method, path in (
        ("GET", ""),
        ("POST", ""),
        ("GET", "/w-1"),
        ("DELETE", "/w-1"),
        ("POST", "/w-1/rotate"),
        ("POST", "/w-1/replay"),
    ):
        assert here.client.request(method, f"/v1/webhooks{path}").status_code == 401
        assert here.client.request(method, f"/v1/webhooks{path}", headers=here.curator).status_code == 403
    for method, path in (("GET", "/w-1"), ("DELETE", "/w-1"), ("POST", "/w-1/rotate")):
        assert here.client.request(method, f"/v1/webhooks{path}", headers=admin).status_code == 404


def test_a_webhook_lives(here: Writers, admin: dict[str, str], told: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = made(here, admin, url=told.url, type=["joint-unit"], after=0)
    assert (answer.status_code, answer.headers["cache-control"]) == (201, "no-store")
    where, secret = answer.headers["location"], answer.json()["data"]["secret"]
    (listed,) = here.client.get("/v1/webhooks", headers=admin).json()["data"]
    assert "secret" not in listed
    assert (listed["state"], listed["filters"]) == ("active", {"type": "joint-unit"})
    monkeypatch.setenv("REGISTRY_WEBHOOK_KEY", KEY)
    monkeypatch.setenv("REGISTRY_WEBHOOK_PRIVATE", "true")
    assert run(here.url, "deliver", "--once")[0] == 0
    Verifier(secret).verify(told.received[0].body.decode(), told.received[0].headers)
    shown = here.client.get(where, headers=admin).json()["data"]
    assert [each["status"] for each in shown["attempts"]] == [204]
    rotated = here.client.post(f"{where}/rotate", headers=admin).json()["data"]
    assert rotated["secret"] != secret
    assert rotated["public_key"] != listed["public_key"]
    again = here.client.post(f"{where}/replay", json={"after": 0}, headers=admin).json()["data"]
    assert (again["position"], "secret" in again) == (0, False)
    assert run(here.url, "deliver", "--once")[0] == 0
    assert told.received[1].body == told.received[0].body
    assert here.client.delete(where, headers=admin).status_code == 204
    assert here.client.get(where, headers=admin).status_code == 404


def test_what_is_sent_twice_is_made_once_and_shows_its_secret_once(
    here: Writers, admin: dict[str, str], told: Receiver
) -> None:
    once = {**admin, "Idempotency-Key": "c1b7"}
    first = here.client.post("/v1/webhooks", json={"url": told.url}, headers=once)
    again = here.client.post("/v1/webhooks", json={"url": told.url}, headers=once)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["location"] == first.headers["location"]
    assert (first.headers.get("idempotent-replayed"), again.headers["idempotent-replayed"]) == (None, "true")
    made = first.json()["data"]
    secret = made.pop("secret")
    assert (secret[:6], again.json()["data"]) == ("whsec_", made)
    assert len(here.client.get("/v1/webhooks", headers=admin).json()["data"]) == 1
    other = here.client.post("/v1/webhooks", json={"url": told.url, "after": 0}, headers=once)
    assert problem(other)[:2] == (422, "idempotency-key-reused")
    for _ in range(2):
        rotated = here.client.post(f"/v1/webhooks/{made['id']}/rotate", headers={**admin, "Idempotency-Key": "c1b8"})
        assert rotated.status_code == 200
    assert "secret" not in rotated.json()["data"]
    shown = here.client.get(f"/v1/webhooks/{made['id']}", headers=admin).json()["data"]
    assert shown["public_key"] == rotated.json()["data"]["public_key"]
    engine = connect(here.url)
    with reading(engine) as connection:
        kept = list(connection.scalars(select(AnsweredRequest.body)))
    engine.dispose()
    assert (len(kept), any("whsec_" in body for body in kept)) == (2, False)


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "body/url"),
        ({"url": "ftp://example.org/"}, "body/url"),
        ({"url": "https://example.org/", "secret": "x"}, "body/secret"),
        ({"url": "https://127.0.0.1/", "force": ["delta"]}, "query/force"),
        ({"url": "https://127.0.0.1/", "after": 1000}, "body/after"),
    ],
)
def test_what_cannot_be_is_refused(here: Writers, admin: dict[str, str], body: dict[str, object], where: str) -> None:
    assert problem(made(here, admin, **body)) == (422, "invalid-parameter", [where])


def test_private_networks_are_refused_unless_the_settings_allow_them(database_url: str) -> None:
    with writers(database_url) as here:
        answer = made(here, key(here.url, "Root", Scope.ADMIN), url="https://127.0.0.1/hook")
        assert problem(answer) == (422, "invalid-parameter", ["body/url"])
        assert "private network" in answer.json()["detail"]


def test_the_command_line_does_the_same(
    database_url: str, told: Receiver, monkeypatch: pytest.MonkeyPatch, here: Writers
) -> None:
    assert run(here.url, "webhooks", "create", told.url)[0] == 1
    monkeypatch.setenv("REGISTRY_WEBHOOK_PRIVATE", "true")
    created = run(here.url, "webhooks", "create", told.url, "--type", "joint-unit", "--after", "0")
    secret = created[1].strip()
    assert secret.startswith("whsec_")
    listed = run(here.url, "webhooks", "list")[1]
    identity = listed.split("\t")[0]
    assert told.url in listed
    assert secret not in listed
    assert run(here.url, "deliver", "--once")[0] == 0
    assert len(told.received) == 1
    rotated = run(here.url, "webhooks", "rotate", identity)[1].strip()
    assert rotated not in (secret, "")
    assert run(here.url, "webhooks", "replay", identity, "--after", "0")[0] == 0
    assert run(here.url, "deliver", "--once")[0] == 0
    Verifier(rotated).verify(told.received[1].body.decode(), told.received[1].headers)
    assert run(here.url, "webhooks", "revoke", identity)[0] == 0
    assert run(here.url, "webhooks", "revoke", identity)[0] == 1


def test_the_description_says_what_is_posted(openapi: dict[str, object]) -> None:
    webhooks = openapi["webhooks"]
    assert isinstance(webhooks, dict)
    assert list(webhooks) == ["register.changed"]
    names = [each["name"] for each in webhooks["register.changed"]["post"]["parameters"]]
    assert names == ["webhook-id", "webhook-timestamp", "webhook-signature"]
