"""Several records as one revision, reverts, and requests that are sent twice."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from app.api.callers import Scope
from tests.curation.writers import Writers, key, problem, writers

CITED: list[dict[str, Any]] = [{"source": "paper"}]


@pytest.fixture
def people(database_url: str) -> Iterator[Writers]:
    with writers(database_url) as found:
        yield found


def batch(people: Writers, *operations: Any, **headers: Any) -> Any:
    body = {"reason": "a batch", "operations": list(operations)}
    return people.send("POST", "/v1/revisions?dry_run=false", body, **headers)


def create(kind: str, slug: str, **fields: Any) -> dict[str, Any]:
    document: dict[str, Any] = {"type": kind, "id": slug, "name": slug.title(), "citations": CITED, **fields}
    return {"op": "create", "document": document}


def test_a_succession_is_one_revision(people: Writers) -> None:
    cats = create("joint-unit", "cats", predecessors=[{"unit": "dogs", "relation": "replaces"}])
    cats["document"]["participants"] = [{"organisation": "force:alpha"}, {"organisation": "force:delta"}]
    ended = {"op": "patch", "record": "joint-unit:dogs", "merge": {"ended": "2014"}, "if_match": 1}
    merged = {"op": "merge", "record": "force:gamma", "into": "force:beta", "if_match": 1}
    answer = batch(people, cats, create("force", "delta"), ended, merged)
    assert (answer.status_code, answer.headers["location"]) == (201, "/v1/revisions/2")
    assert [each["record"]["id"] for each in answer.json()["data"]] == ["cats", "delta", "dogs", "gamma"]
    found = people.data("/v1/revisions/2")
    assert found["counts"] == {"created": 2, "amended": 1, "withdrawn": 0, "merged": 1, "redacted": 0}
    changes = {each["record"]["id"]: (each["change"], each["fields"]) for each in found["changes"]}
    assert changes["dogs"] == ("amended", ["ended"])
    assert changes["gamma"] == ("merged", [])
    assert people.data("/v1/joint-units/dogs?as_of=2015")["lifecycle"] in ("superseded", "ended")


@pytest.mark.parametrize(
    ("operation", "status", "place"),
    [
        ({"op": "patch", "record": "joint-unit:dogs", "merge": {"ended": "2014"}}, 428, "header/If-Match"),
        ({"op": "patch", "record": "joint-unit:dogs", "merge": {"ended": "2014"}, "if_match": 9}, 412, None),
        ({"op": "withdraw", "record": "force:nobody", "if_match": 1}, 409, "body/operations/1"),
        ({"op": "patch", "record": "joint-unit:dogs", "if_match": 1}, 422, "body/operations/1"),
        (
            {"op": "create", "document": {"type": "force", "id": "eta", "name": "Eta"}},
            422,
            "body/operations/1/citations",
        ),
        ({"op": "create", "document": {"type": "farce", "id": "eta"}}, 422, "body"),
        ({"op": "create", "document": {}}, 422, "body/operations/1/document"),
        ({"op": "fly", "record": "force:alpha"}, 422, "body/operations/1"),
    ],
)
def test_nothing_is_written_where_one_is_refused(
    people: Writers, operation: dict[str, Any], status: int, place: str | None
) -> None:
    answer = batch(people, create("force", "delta"), operation)
    assert answer.status_code == status
    if place:
        assert problem(answer)[2] == [place]
    assert people.newest == 1
    assert people.client.get("/v1/forces/delta").status_code == 404


def test_a_record_is_named_once(people: Writers) -> None:
    first = {"op": "patch", "record": "joint-unit:dogs", "merge": {"location": "Sandy"}, "if_match": 1}
    assert problem(batch(people, first, first))[0] == 422
    gone = {"op": "withdraw", "record": "joint-unit:dogs", "if_match": 1}
    assert problem(batch(people, first, gone))[0] == 422


def test_what_is_withdrawn_cannot_be_referred_to_by_what_is_made(people: Writers) -> None:
    gone = {"op": "withdraw", "record": "force:gamma", "if_match": 1}
    pair = create("joint-unit", "pair", participants=[{"organisation": "force:alpha"}, {"organisation": "force:gamma"}])
    assert problem(batch(people, gone, pair))[0] == 422
    assert people.newest == 1


def test_a_revision_is_undone(people: Writers) -> None:
    people.patch("/v1/joint-units/dogs", {"location": "Sandy"}, If_Match='"1"')
    people.patch("/v1/joint-units/dogs", {"note": "Seen."}, If_Match='"2"')
    answer = people.send("POST", "/v1/revisions/2/revert")
    assert (answer.status_code, answer.json()["meta"]["revision"]) == (201, 4)
    found = people.data("/v1/joint-units/dogs")
    assert (found["location"], found["note"]) == (None, "Seen.")
    people.send("POST", "/v1/forces", {"id": "delta", "name": "Delta", "citations": CITED})
    people.send("POST", "/v1/revisions/5/revert")
    assert people.client.get("/v1/forces/delta").status_code == 410


def test_a_revert_adds_to_lists_and_takes_from_them(people: Writers) -> None:
    two = [{"source": "paper", "about": ["/started"]}, {"source": "paper", "locator": "page 2"}]
    people.patch("/v1/joint-units/dogs", {"location": "Sandy", "citations": two}, If_Match='"1"')
    three = [*two, {"source": "paper", "locator": "page 3"}]
    people.patch("/v1/joint-units/dogs", {"citations": three}, If_Match='"2"')
    assert people.send("POST", "/v1/revisions/2/revert").status_code == 201
    citations = people.data("/v1/joint-units/dogs")["citations"]
    assert [each["locator"] for each in citations] == [None, "page 3"]


def test_what_was_touched_since_is_named(people: Writers) -> None:
    people.patch("/v1/joint-units/dogs", {"location": "Sandy"}, If_Match='"1"')
    people.patch("/v1/joint-units/dogs", {"location": "Biggleswade"}, If_Match='"2"')
    answer = people.send("POST", "/v1/revisions/2/revert")
    assert problem(answer) == (409, "conflict", ["joint-unit:dogs/location"])
    conflict = answer.json()["conflicts"][0]
    assert (conflict["was"], conflict["is"], conflict["wanted"]) == ("Sandy", "Biggleswade", None)
    people.send("POST", "/v1/forces", {"id": "delta", "name": "Delta", "citations": CITED})
    people.patch("/v1/forces/delta", {"country": "England"}, If_Match='"4"')
    assert problem(people.send("POST", "/v1/revisions/4/revert")) == (409, "conflict", ["force:delta/country"])
    assert problem(people.send("POST", "/v1/revisions/99/revert"))[0] == 404
    people.send("DELETE", "/v1/forces/delta", If_Match='"5"')
    assert problem(people.send("POST", "/v1/revisions/6/revert")) == (409, "conflict", ["force:delta"])


def test_a_retry_is_answered_like_the_first(people: Writers) -> None:
    body = {"id": "delta", "name": "Delta", "citations": CITED}
    first = people.send("POST", "/v1/forces", body, Idempotency_Key='"one"')
    again = people.send("POST", "/v1/forces", body, Idempotency_Key="one")
    assert (again.status_code, again.json(), again.headers["location"]) == (201, first.json(), "/v1/forces/delta")
    assert (again.headers["idempotent-replayed"], "idempotent-replayed" in first.headers) == ("true", False)
    assert people.newest == 2
    other = people.send("POST", "/v1/forces", {**body, "id": "eta"}, Idempotency_Key="one")
    assert problem(other)[:2] == (422, "idempotency-key-reused")
    bob = key(people.url, "Bob", Scope.CURATE)
    assert people.send("POST", "/v1/forces", {**body, "id": "eta"}, who=bob, Idempotency_Key="one").status_code == 201
    made = people.client.get("/v1/revisions?idempotency_key=one").json()["data"]
    assert [each["number"] for each in made] == [3, 2]
    assert people.client.get("/v1/revisions?idempotency_key=two").json()["data"] == []


def test_what_was_refused_keeps_no_key(people: Writers) -> None:
    wrong = {"id": "delta", "name": "Delta"}
    assert people.send("POST", "/v1/forces", wrong, Idempotency_Key="k").status_code == 422
    assert people.send("POST", "/v1/forces", {**wrong, "citations": CITED}, Idempotency_Key="k").status_code == 201
    bad = people.send("POST", "/v1/forces", wrong, Idempotency_Key="x" * 300)
    assert problem(bad)[0] == 422


def test_a_dry_run_takes_no_key(people: Writers) -> None:
    body = {"id": "delta", "name": "Delta", "citations": CITED}
    assert people.send("POST", "/v1/forces?reason=x&dry_run=true", body, Idempotency_Key="k").status_code == 200
    assert people.send("POST", "/v1/forces?reason=x", body, Idempotency_Key="k").status_code == 201


def test_of_many_at_once_one_is_carried_out(people: Writers) -> None:
    body = {"id": "delta", "name": "Delta", "citations": CITED}
    found: list[int] = []

    def send() -> None:
        found.append(people.send("POST", "/v1/forces", body, Idempotency_Key="same").status_code)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(found) <= {201, 409}
    assert 201 in found
    assert people.newest == 2


def test_of_many_changes_at_once_one_goes_through(people: Writers) -> None:
    found: list[int] = []

    def send(place: str) -> None:
        found.append(people.patch("/v1/joint-units/dogs", {"location": place}, If_Match='"1"').status_code)

    threads = [threading.Thread(target=send, args=(f"Place {number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [200] + [412] * 7
    assert people.newest == 2
