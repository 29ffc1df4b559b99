"""Writes of one record over HTTP: made, replaced, amended, withdrawn, joined, confirmed."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from app.api.callers import Scope
from app.catalogue import CATALOGUE
from tests.curation.writers import PATCH, Writers, key, problem, writers
from tests.registry_in_use import serving

DELTA = {"id": "delta", "name": "Delta", "citations": [{"source": "paper"}]}


@pytest.fixture
def people(database_url: str) -> Iterator[Writers]:
    with writers(database_url) as found:
        yield found


def test_a_record_is_made_and_read_back(people: Writers) -> None:
    answer = people.send("POST", "/v1/forces", DELTA)
    assert (answer.status_code, answer.headers["location"]) == (201, "/v1/forces/delta")
    assert answer.headers["etag"] == '"2"'
    assert answer.headers["registry-revision"] == "2"
    content = answer.json()
    assert content["data"] == people.data("/v1/forces/delta")
    meta = content["meta"]
    assert (meta["revision"], meta["dry_run"], meta["warnings"], meta["difference"]) == (2, False, [], [])
    assert content["links"]["revision"] == "/v1/revisions/2"
    assert people.data("/v1/revisions/2")["reason"] == "a test"
    assert problem(people.send("POST", "/v1/forces", DELTA)) == (409, "conflict", ["body/id"])


def test_what_is_wrong_with_a_record_is_told_with_its_place(people: Writers) -> None:
    wrong = {**DELTA, "started": "spring 2012", "successors": ["nobody"], "colour": "red"}
    assert problem(people.send("POST", "/v1/forces", wrong))[:2] == (422, "rule-broken")
    places = problem(people.send("POST", "/v1/forces", wrong))[2]
    assert set(places) == {"body/started/edtf", "body/colour"} or "body/started" in places
    uncited = {"id": "delta", "name": "Delta"}
    assert problem(people.send("POST", "/v1/forces", uncited)) == (422, "rule-broken", ["body/citations"])
    other = {**DELTA, "type": "joint-unit"}
    assert problem(people.send("POST", "/v1/forces", other)) == (422, "invalid-parameter", ["body/type"])
    assert problem(people.send("POST", "/v1/forces?dry_run=true", DELTA)) == (
        422,
        "invalid-parameter",
        ["query/reason"],
    )
    assert people.newest == 1


def test_what_get_answers_can_be_put(people: Writers) -> None:
    got = people.client.get("/v1/joint-units/dogs?as_of=2013")
    answer = people.send("PUT", "/v1/joint-units/dogs", got.json()["data"], If_Match=got.headers["etag"])
    assert answer.status_code == 200
    assert answer.json()["meta"]["revision"] is None
    assert people.newest == 1
    changed = {**got.json()["data"], "location": "Sandy"}
    answer = people.send("PUT", "/v1/joint-units/dogs", changed, If_Match=got.headers["etag"])
    assert answer.json()["meta"]["difference"][0] == {"op": "replace", "path": "/location", "value": "Sandy"}
    assert people.data("/v1/joint-units/dogs")["location"] == "Sandy"
    assert people.data("/v1/joint-units/dogs?known_at=1")["location"] is None


@pytest.mark.parametrize(
    "tag", ['"1"', "1", 'W/"1"', '"1-gzip"', 'W/"1-5f3a9c-br"', '"1;gzip"', '"7", "1-abc"', "*"], ids=str
)
def test_a_revision_is_one_token_however_it_is_spelt(people: Writers, tag: str) -> None:
    assert (
        people.patch("/v1/joint-units/dogs", {"location": "Sandy"}, If_Match=tag).status_code == 200
        or tag == '"1;gzip"'
    )


@pytest.mark.parametrize("tag", ["", "abc", '"x-1"', '"1'[:1], "1 2"])
def test_what_is_no_revision_is_refused(people: Writers, tag: str) -> None:
    answer = people.patch("/v1/joint-units/dogs", {"location": "Sandy"}, If_Match=tag)
    assert problem(answer) == (422, "invalid-parameter", ["header/If-Match"])


def test_a_change_says_what_it_has_seen(people: Writers) -> None:
    for method, body in (("PUT", people.data("/v1/joint-units/dogs")), ("DELETE", None)):
        answer = people.send(method, "/v1/joint-units/dogs", body)
        assert problem(answer) == (428, "precondition-required", ["header/If-Match"])
        assert '"1"' in answer.json()["detail"]
    assert people.newest == 1


def test_a_change_that_comes_too_late_hears_what_others_changed(people: Writers) -> None:
    bob = key(people.url, "Bob", Scope.CURATE)
    assert people.patch("/v1/joint-units/dogs", {"location": "Sandy"}, who=bob, If_Match='"1"').status_code == 200
    answer = people.patch("/v1/joint-units/dogs", {"note": "Mine."}, If_Match='"1"')
    assert problem(answer) == (412, "precondition-failed", ["body/location"])
    content = answer.json()
    told = content["changed"][0]
    assert (told["field"], told["was"], told["is"], told["revision"]) == ("location", None, "Sandy", 2)
    assert told["by"] == people.data("/v1/revisions/2")["actor"]
    assert people.client.get(content["diff"]).json()["data"][0]["path"] == "/location"
    # the merge of both goes through with what was read now
    assert people.patch("/v1/joint-units/dogs", {"note": "Mine."}, If_Match='"2"').status_code == 200


def test_create_only(people: Writers) -> None:
    assert people.send("PUT", "/v1/forces/delta", DELTA, If_None_Match="*").status_code == 201
    assert problem(people.send("PUT", "/v1/forces/delta", DELTA, If_None_Match="*"))[:2] == (409, "conflict")
    assert problem(people.send("PUT", "/v1/forces/delta", DELTA, If_None_Match='"1"'))[0] == 422
    assert problem(people.send("PUT", "/v1/forces/new", {**DELTA, "id": "new"}, If_Match='"1"'))[:2] == (
        404,
        "not-found",
    )


def test_a_merge_patch_replaces_lists_and_takes_out(people: Writers) -> None:
    parts = [{"organisation": "force:alpha"}, {"organisation": "force:gamma", "role": "lead"}]
    people.patch("/v1/joint-units/dogs", {"participants": parts, "location": "Sandy"}, If_Match='"1"')
    found = people.data("/v1/joint-units/dogs")
    assert [(each["organisation"]["id"], each["role"]) for each in found["participants"]] == [
        ("alpha", None),
        ("gamma", "lead"),
    ]
    people.patch("/v1/joint-units/dogs", {"location": None}, If_Match='"2"')
    assert people.data("/v1/joint-units/dogs")["location"] is None


def test_a_date_that_is_replaced_takes_its_words_with_it(people: Writers) -> None:
    people.patch("/v1/joint-units/dogs", {"started": {"edtf": "2012-05"}}, If_Match='"1"')
    assert people.data("/v1/joint-units/dogs")["started"]["text"] == "May 2012"
    change = [{"op": "replace", "path": "/started/edtf", "value": "2012-06"}]
    people.patch("/v1/joint-units/dogs", change, PATCH, If_Match='"2"')
    assert people.data("/v1/joint-units/dogs")["started"]["text"] == "June 2012"
    sent = people.data("/v1/joint-units/dogs")
    sent["started"]["edtf"] = "2012-07"
    people.send("PUT", "/v1/joint-units/dogs", sent, If_Match='"3"')
    assert people.data("/v1/joint-units/dogs")["started"]["text"] == "July 2012"


def test_a_json_patch_tests_and_adds(people: Writers) -> None:
    part = {"organisation": "force:gamma"}
    patch: list[Any] = [
        {"op": "test", "path": "/name", "value": "Dogs"},
        {"op": "add", "path": "/participants/-", "value": part},
    ]
    assert people.patch("/v1/joint-units/dogs", patch, PATCH, If_Match='"1"').status_code == 200
    assert len(people.data("/v1/joint-units/dogs")["participants"]) == 3
    patch[0]["value"] = "Cats"
    assert problem(people.patch("/v1/joint-units/dogs", patch, PATCH, If_Match='"2"')) == (409, "conflict", ["body"])
    for broken in ({"op": "add"}, [{"op": "fly", "path": "/name"}], [1], [{"op": "remove", "path": "/nowhere"}]):
        assert problem(people.patch("/v1/joint-units/dogs", broken, PATCH, If_Match='"2"'))[0] in (409, 422)
    assert people.newest == 2


def test_what_is_derived_is_not_patched_away(people: Writers) -> None:
    answer = people.patch("/v1/joint-units/dogs", {"lifecycle": "ended"}, If_Match='"1"')
    assert problem(answer) == (409, "conflict", ["body/lifecycle"])
    assert problem(people.patch("/v1/joint-units/dogs", {"id": "cats"}, If_Match='"1"')) == (
        409,
        "conflict",
        ["body/id"],
    )


def test_media_types_of_patches(people: Writers) -> None:
    answer = people.send("PATCH", "/v1/joint-units/dogs", {}, If_Match='"1"')
    assert problem(answer) == (415, "unsupported-media-type", ["header/Content-Type"])
    assert answer.headers["accept-patch"] == "application/merge-patch+json, application/json-patch+json"


def test_a_withdrawn_record_leaves_a_tombstone(people: Writers) -> None:
    answer = people.send("DELETE", "/v1/joint-units/dogs", If_Match='"1"')
    assert (answer.status_code, answer.json()["data"]) == (200, {"type": "joint-unit", "id": "dogs"})
    gone = people.client.get("/v1/joint-units/dogs")
    assert (gone.status_code, gone.json()["tombstone"]["reason"]) == (410, "a test")
    assert people.data("/v1/joint-units/dogs?known_at=1")["name"] == "Dogs"
    again = {"id": "dogs", "name": "Dogs", "citations": [{"source": "paper"}]}
    assert problem(people.send("POST", "/v1/joint-units", again)) == (409, "conflict", ["body/id"])
    assert problem(people.send("PUT", "/v1/joint-units/dogs", again))[:2] == (410, "gone")


def test_a_duplicate_leads_to_what_stays(people: Writers) -> None:
    assert people.send("POST", "/v1/forces/gamma/merge", {"into": "beta"}, If_Match='"1"').status_code == 200
    moved = people.client.get("/v1/forces/gamma", follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (308, "/v1/forces/beta")
    for into in ("alpha", "dogs"):
        answer = people.send("POST", "/v1/forces/alpha/merge", {"into": into}, If_Match='"1"')
        assert answer.status_code in (404, 422)
    other = people.send("POST", "/v1/forces/alpha/merge", {"into": "joint-unit:dogs"}, If_Match='"1"')
    assert problem(other)[:2] == (422, "rule-broken")


def test_a_dry_run_says_all_and_leaves_nothing(people: Writers) -> None:
    patch = {"started": "2013", "participants": [{"organisation": "force:alpha"}]}
    answer = people.client.patch(
        "/v1/joint-units/dogs?reason=a+test&dry_run=true",
        content=json.dumps(patch),
        headers={**people.curator, "If-Match": '"1"', "Content-Type": "application/merge-patch+json"},
    )
    meta = answer.json()["meta"]
    assert (answer.status_code, meta["revision"], meta["dry_run"]) == (200, None, True)
    assert answer.json()["data"]["started"]["edtf"] == "2013"
    rules = {warning["rule"]: warning["location"] for warning in meta["warnings"]}
    assert rules["fewer-than-two-forces"] == "body/participants"
    assert rules["citation-unchanged"].startswith("joint-unit:dogs/")
    assert {"op": "replace", "path": "/started/edtf", "value": "2013"} in meta["difference"]
    assert (people.newest, people.data("/v1/joint-units/dogs")["started"]["edtf"]) == (1, "2012-04")


def test_a_fact_changed_without_its_citation_is_warned_of(people: Writers) -> None:
    def warned(answer: httpx.Response) -> bool:
        return "citation-unchanged" in {each.get("rule") for each in answer.json()["meta"]["warnings"]}

    assert warned(people.patch("/v1/joint-units/dogs", {"started": "2013"}, If_Match='"1"'))
    cited = [{"source": "paper", "about": ["/started"], "locator": "page 2"}]
    assert not warned(people.patch("/v1/joint-units/dogs", {"started": "2014", "citations": cited}, If_Match='"2"'))
    assert not warned(people.patch("/v1/joint-units/dogs", {"note": "Seen."}, If_Match='"3"'))


def test_what_quality_would_find_is_told_at_once(people: Writers) -> None:
    people.send("POST", "/v1/governance-bodies", BODY)
    parties = [{"organisation": "force:alpha", "capacity": "chief_officer"}]
    agreement = {"id": "deal", "name": "Deal", "kind": "collaboration", "parties": parties}
    agreement |= {"citations": [{"source": "paper"}]}
    warnings = people.send("POST", "/v1/agreements", agreement).json()["meta"]["warnings"]
    assert [each["rule"] for each in warnings] == ["party-missing"]
    found = people.client.get("/v1/quality?subject=agreement:deal&severity=warning").json()["data"]
    assert [each["rule"] for each in found] == ["party-missing"]


BODY = {
    "id": "alpha-pcc",
    "name": "Commissioner",
    "kind": "police_and_crime_commissioner",
    "oversees": [{"subject": "force:alpha"}],
    "citations": [{"source": "paper"}],
}


def test_a_force_confirms_what_it_takes_part_in(people: Writers) -> None:
    today = datetime.now(UTC).date().isoformat()
    assert people.data(f"/v1/joint-units/dogs?as_of={today}")["presence"] == "presumed"
    alpha = key(people.url, "Alpha's team", Scope.CURATE, forces=("alpha",))
    answer = people.send("POST", "/v1/joint-units/dogs/confirm", {"note": "On the rota."}, who=alpha)
    assert answer.status_code == 200
    assert people.data(f"/v1/joint-units/dogs?as_of={today}")["presence"] == "certain"
    citation = answer.json()["data"]["citations"][-1]
    assert (citation["about"], citation["note"]) == (["/observed/0"], "On the rota.")
    source = people.data(citation["source"]["url"])
    assert (source["publisher"], source["published"]["edtf"]) == ("Alpha", today)
    again = people.send("POST", "/v1/joint-units/dogs/confirm", {}, who=alpha)
    assert problem(again) == (409, "conflict", ["body/on"])


@pytest.mark.parametrize(
    ("body", "status", "place"),
    [
        ({"by": "gamma"}, 403, "body/by"),
        ({}, 422, "body/by"),
        ({"by": "nobody"}, 403, "body/by"),
        ({"by": "alpha", "on": "2999-01-01"}, 422, "body/on"),
        ({"by": "alpha", "on": "in May"}, 422, "body/on"),
        ({"by": "alpha", "source": "nothing"}, 422, "body/citations/1/source"),
    ],
)
def test_what_is_no_confirmation(people: Writers, body: dict[str, str], status: int, place: str) -> None:
    assert problem(people.send("POST", "/v1/joint-units/dogs/confirm", body))[::2] == (status, [place])
    assert people.newest == 1


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 422),
        (b"[]", "application/json", 422),
        (b"\xff", "application/json", 422),
        (b'{"a":' * 50 + b"1" + b"}" * 50, "application/json", 422),
        (b"[" * 200_000, "application/json", 422),
        (b"{}", "text/plain", 415),
        (b" " * 5_000_001, "application/json", 413),
    ],
    ids=["broken", "a list", "no UTF-8", "deep", "very deep", "another type", "large"],
)
def test_hostile_bodies(people: Writers, body: bytes, kind: str, status: int) -> None:
    headers = {**people.curator, "Content-Type": kind}
    answer = people.client.post("/v1/forces?reason=a+test", content=body, headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", [collection.path for collection in CATALOGUE])
def test_all_of_a_collection_can_be_sent_back_as_it_was_read(national_writers: Writers, path: str) -> None:
    items = national_writers.client.get(f"/v1/{path}?limit=200").json()["data"]
    operations = [{"op": "replace", "document": item, "if_match": item["revision"]} for item in items]
    answer = national_writers.send(
        "POST", "/v1/revisions?dry_run=true", {"reason": "the same", "operations": operations}
    )
    assert answer.status_code == 200, answer.text[:500]
    assert all(each["difference"] == [] for each in answer.json()["data"])
    assert answer.json()["meta"]["warnings"] == []
    one = national_writers.client.get(f"/v1/{path}/{items[0]['id']}")
    assert one.headers["etag"].startswith(f'"{items[0]["revision"]}-')


@pytest.fixture(scope="module")
def national_writers(national_url: str) -> Iterator[Writers]:
    with serving(national_url) as client:
        yield Writers(client, national_url)
