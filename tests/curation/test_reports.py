"""Reports of readers: taken from whom the settings allow, and seen by nobody before somebody looked."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from app.curation.reports.models import ReaderReport
from app.database import connect
from tests.curation.keyholders import Keyholder, filled, key, noting, proposed
from tests.curation.test_proposals import count, problem
from tests.registry_in_use import serving, withdraw

REPORTS = "/v1/reports"
FIRST = f"{REPORTS}/1"
WRONG = {
    "record": "joint-unit:dogs",
    "pointer": "/ended",
    "text": "They were disbanded in 2019.",
    "contact": "a@b.example",
}


@pytest.fixture
def url(database_url: str) -> str:
    filled(database_url)
    return database_url


@pytest.fixture
def client(url: str) -> Iterator[httpx.Client]:
    with serving(url, public_reports=True, report_rate="1000/second") as client:
        yield client


@pytest.fixture
def anyone(client: httpx.Client) -> Keyholder:
    return Keyholder(client, None)


@pytest.fixture
def bob(url: str, client: httpx.Client) -> Keyholder:
    return Keyholder(client, key(url, "Bob", "approve"))


def sent(by: Keyholder, **fields: Any) -> None:
    answer = by.ask("POST", REPORTS, WRONG | fields)
    assert answer.status_code == 202, answer.text


def test_from_a_report_to_its_end(url: str, anyone: Keyholder, bob: Keyholder) -> None:
    answer = anyone.ask("POST", REPORTS, WRONG)
    assert (answer.status_code, answer.json()["data"]) == (202, {"number": 1})
    assert answer.headers["cache-control"] == "no-store"
    assert "location" not in answer.headers
    found = bob.get(FIRST)["data"]
    assert {name: found[name] for name in WRONG} == WRONG
    assert (found["state"], found["by"], found["record_url"]) == ("new", None, "/v1/joint-units/dogs")
    assert bob.ask("POST", f"{FIRST}/state", {"state": "triaged"}).json()["data"]["contact"] == "a@b.example"
    ann = Keyholder(bob.client, key(url, "Ann", "propose"))
    assert ann.ask("POST", "/v1/proposals", proposed(noting("dogs", "x"))).status_code == 201
    problem(bob.ask("POST", f"{FIRST}/state", {"state": "accepted", "proposal": 9}), 422, "invalid-parameter")
    closing = {"state": "accepted", "note": "So it is.", "proposal": 1}
    found = bob.ask("POST", f"{FIRST}/state", closing).json()["data"]
    assert found["contact"] is None
    assert [event["state"] for event in found["events"]] == ["triaged", "accepted"]
    assert found["events"][1]["proposal"] == "/v1/proposals/1"
    problem(bob.ask("POST", f"{FIRST}/state", {"state": "new"}), 409, "conflict")
    engine = connect(url)
    with engine.connect() as connection:
        assert connection.scalars(select(ReaderReport.contact)).all() == [None]
    engine.dispose()


def test_nobody_sees_it_but_those_who_look_at_them(url: str, client: httpx.Client, anyone: Keyholder) -> None:
    sent(anyone)
    others = [anyone, *(Keyholder(client, key(url, "Rita", scope)) for scope in ("read", "propose"))]
    for by in others:
        for method, path in (("GET", REPORTS), ("GET", FIRST), ("POST", f"{FIRST}/state")):
            body = {"state": "triaged"} if method == "POST" else None
            assert by.ask(method, path, body).status_code == (403 if by.text else 401)
    for scope in ("curate", "approve", "admin"):
        assert Keyholder(client, key(url, "Tess", scope)).get(REPORTS)["meta"]["total"] == 1
    public = ["/v1/joint-units/dogs", "/v1/joint-units/dogs/history", "/v1/quality", "/v1/search?q=disbanded"]
    assert not any("disbanded in 2019" in client.get(path).text for path in public)
    assert client.get("/v1/revisions").json()["meta"]["total"] == 1


def test_without_the_setting_it_takes_a_key(url: str) -> None:
    with serving(url) as client:
        problem(Keyholder(client, None).ask("POST", REPORTS, WRONG), 401, "unauthenticated")
        problem(Keyholder(client, key(url, "Rita", "read")).ask("POST", REPORTS, WRONG), 403, "not-allowed")
        ann = Keyholder(client, key(url, "Ann", "propose"))
        sent(ann)
        assert Keyholder(client, key(url, "Bob", "curate")).get(FIRST)["data"]["by"] == ann.id


def test_it_must_be_of_something(url: str, anyone: Keyholder) -> None:
    withdraw(url, "joint-unit:boats")
    near = problem(anyone.ask("POST", REPORTS, WRONG | {"record": "joint-unit:dog"}), 422, "invalid-parameter")
    assert "did you mean 'dogs'?" in near["errors"][0]["message"]
    for wrong in (
        {"record": "joint-unt:dogs"},
        {"record": "dogs"},
        {"record": "joint-unit:boats"},
        {"pointer": "/endd"},
        {"pointer": "ended"},
        {"pointer": "/~x"},
        {"pointer": "/name/0"},
        {"text": ""},
        {"colour": "red"},
    ):
        problem(anyone.ask("POST", REPORTS, WRONG | wrong), 422, "invalid-parameter")
    assert count(url, ReaderReport) == 0
    body = {name: WRONG[name] for name in ("record", "text")}
    assert anyone.ask("POST", REPORTS, body).status_code == 202


@pytest.mark.parametrize("text", ["a\x00b", "\u202eyes", " ", "x" * 2001])
def test_hostile_texts_are_refused(anyone: Keyholder, text: str) -> None:
    for name in ("text", "source", "contact", "pointer"):
        problem(anyone.ask("POST", REPORTS, WRONG | {name: text}), 422, "invalid-parameter")


def test_markup_is_text_like_any_other(anyone: Keyholder, bob: Keyholder) -> None:
    text = "<img src=x onerror=alert(1)> '; DROP TABLE report; --"
    sent(anyone, text=text)
    assert bob.get(FIRST)["data"]["text"] == text


def test_a_dry_run_and_a_repeated_one(url: str, anyone: Keyholder) -> None:
    assert anyone.ask("POST", f"{REPORTS}?dry_run=true", WRONG).json()["data"] == {"number": None}
    assert count(url, ReaderReport) == 0
    first, again = (anyone.ask("POST", REPORTS, WRONG, idempotency_key="one") for _ in range(2))
    assert (again.status_code, again.content) == (202, first.content)
    assert count(url, ReaderReport) == 1


def test_a_limited_key_sees_those_of_its_forces(url: str, client: httpx.Client, anyone: Keyholder) -> None:
    for record in ("joint-unit:boats", "joint-unit:horses", "source:paper"):
        sent(anyone, record=record, pointer="/name")
    kent = Keyholder(client, key(url, "Kim", "approve", forces=["kent"]))
    assert [each["number"] for each in kent.get(REPORTS)["data"]] == [1]
    assert kent.get(FIRST)["data"]["record"] == "joint-unit:boats"
    for number in (2, 3):
        problem(kent.ask("GET", f"{REPORTS}/{number}"), 403, "not-allowed")
        problem(kent.ask("POST", f"{REPORTS}/{number}/state", {"state": "rejected"}), 403, "not-allowed")


def test_the_list(anyone: Keyholder, bob: Keyholder) -> None:
    for slug in ("dogs", "boats", "dogs"):
        sent(anyone, record=f"joint-unit:{slug}")
    bob.ask("POST", f"{FIRST}/state", {"state": "rejected"})

    def numbers(query: str) -> list[int]:
        return [each["number"] for each in bob.get(REPORTS + query)["data"]]

    assert numbers("") == [3, 2, 1]
    assert numbers("?state=new") == [3, 2]
    assert numbers("?record=joint-unit:dogs&state=new,rejected") == [3, 1]
    following = bob.get(f"{REPORTS}?limit=2")["links"]["next"]
    assert [each["number"] for each in bob.get(following)["data"]] == [1]
    for query in ("state=open", "record=dogs", "limit=x"):
        problem(bob.ask("GET", f"{REPORTS}?{query}"), 422, "invalid-parameter")
    problem(bob.ask("GET", f"{REPORTS}/9"), 404, "not-found")
