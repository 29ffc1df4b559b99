"""A name is redacted, and looked for in everything there is: the database's files, the API, feeds, exports, the log."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from app.api.callers import Scope
from app.database import Base, close, connect, reading
from tests.curation.writers import Writers, key, problem, writers
from tests.registry_in_use import Document, force, save, withdraw
from tests.test_cli import run

NAME, SURNAME = "Persephone Quackenbush", "quackenbush"
PERSON = "/v1/people/chief-1"
CITED: Document = {"citations": [{"source": "paper"}]}
WITHHELD: Document = {"type": "person", "id": "chief-1", "name": "Name withheld", **CITED}


class Redactors(Writers):
    """Who write, and one who may redact."""

    def __init__(self, people: Writers) -> None:
        self.client, self.url, self.curator = people.client, people.url, people.curator
        self.admin = key(people.url, "Eve", Scope.ADMIN)

    def redact(self, path: str, body: Any, stands_at: int | None = None, query: str = "", **more: Any) -> Any:
        """Redact a record that stands at a revision; the reason is always the same."""
        headers = {} if stands_at is None else {"If_Match": f'"{stands_at}"'}
        path = f"{path}/redact?reason=the+court+ordered+it{query}"
        return self.send("POST", path, body, **{"who": self.admin, **headers, **more})

    def redacted(self, path: str, body: Any, stands_at: int, **more: Any) -> Any:
        """The `meta` of a redaction that succeeds."""
        answer = self.redact(path, body, stands_at, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()["meta"]

    def get(self, path: str) -> Any:
        return self.client.get(path).json()

    def check(self) -> None:
        """All that is kept is as it was written, and the log holds for whoever reads it elsewhere."""
        assert run(self.url, "check")[::2] == (0, "")
        code, said, wrong = run(self.url, "verify", str(self.client.base_url))
        assert (code, wrong) == (0, ""), said


def _keep_what_is_deleted(connection: Any, _record: object) -> None:
    """Some builds of SQLite overwrite what is deleted, and most do not."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA secure_delete=OFF")


@pytest.fixture
def keeping_deleted() -> Iterator[None]:
    event.listen(Engine, "connect", _keep_what_is_deleted)
    yield
    event.remove(Engine, "connect", _keep_what_is_deleted)


@pytest.fixture
def people(database_url: str, keeping_deleted: None) -> Iterator[Redactors]:
    """Revisions: 1 forces, 2 a person by name and their post, 3 a note with it, 4 another name, 5 another force."""
    with writers(database_url) as found:
        post = {"type": "appointment", "id": "chief", "person": "chief-1", "body": "force:alpha", **CITED}
        person = {**WITHHELD, "name": NAME}
        save(database_url, person, {**post, "post": "chief_constable", "started": "2012"})
        save(database_url, {**person, "note": f"{NAME} asked for this"})
        save(database_url, WITHHELD)
        save(database_url, force("gamma", note="another"))
        yield Redactors(found)


def stored(url: str) -> str:
    """All that is in the files of an SQLite database; of one on PostgreSQL, all that its tables hold."""
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        files = [each.read_bytes() for each in path.parent.glob(f"{path.name}*")]
        return b"".join(files).decode("latin-1").lower()
    engine = connect(url)
    with reading(engine) as connection:
        tables = [table.name for table in Base.metadata.sorted_tables]
        rows = [connection.execute(text(f"SELECT * FROM {table}")).all() for table in tables]
    engine.dispose()
    return str(rows).lower()


def in_files(url: str) -> str:
    """All that is in the files of the database."""
    if url.startswith("sqlite"):
        return stored(url)
    engine = connect(url)
    with reading(engine) as connection:
        connection.execute(text("CHECKPOINT"))
        folder = connection.execute(text("SHOW data_directory")).scalar_one()
        oid = connection.execute(text("SELECT oid FROM pg_database WHERE datname = current_database()")).scalar_one()
    engine.dispose()
    files = [each.read_bytes() for each in (Path(folder) / "base" / str(oid)).iterdir()]
    return b"".join(files).decode("latin-1").lower()


PATHS = (
    PERSON,
    f"{PERSON}/history",
    f"{PERSON}/history?known_at=3",
    f"{PERSON}/diff?from=2&to=4",
    f"{PERSON}?known_at=3",
    "/v1/people?known_at=3",
    "/v1/people?known_at=3&format=csv",
    "/v1/appointments?known_at=3",
    "/v1/appointments/chief?known_at=2",
    "/v1/forces/alpha?known_at=2",
    "/v1/search?q=quackenbush",
    "/v1/search?q=quackenbush&known_at=3",
    "/v1/search?q=quackenbus&known_at=2",
    "/v1/changes",
    "/v1/changes?format=feed",
    "/v1/changes?format=atom",
    "/v1/revisions",
    "/v1/revisions/2",
    "/v1/revisions/3",
    "/v1/revisions/6",
    "/v1/timeline?known_at=3",
    "/v1/exports/register.ndjson?known_at=3",
    "/v1/log/export",
    f"{PERSON}/proof?revision=2",
    "/v1/quality?known_at=3",
)


def test_a_name_is_gone_from_all_that_there_is(people: Redactors) -> None:
    assert SURNAME in stored(people.url)
    tags = {path: people.client.get(path) for path in PATHS[:9]}
    assert people.redacted(PERSON, {}, 4)["redacted"] == [2, 3]
    for path in PATHS:
        answer = people.client.get(path)
        assert answer.status_code in (200, 410), (path, answer.text)
        said = answer.json()["data"] if path.startswith("/v1/search") else answer.text
        assert SURNAME not in str(said).lower(), path
    assert SURNAME not in stored(people.url)
    for path, before in tags.items():
        assert people.client.get(path, headers={"If-None-Match": before.headers["etag"]}).status_code != 304, path
    people.check()


def test_a_scrub_takes_it_out_of_the_files_of_the_database(people: Redactors) -> None:
    engine = connect(people.url)
    if engine.dialect.name == "postgresql":  # it does so by itself, sooner or later
        with reading(engine) as connection:
            connection.exec_driver_sql("ANALYZE")
    close(engine)
    assert SURNAME in in_files(people.url)
    people.redacted(PERSON, {}, 4)
    code, said, wrong = run(people.url, "scrub")
    assert (code, "nothing that was deleted is left" in said) == (0, True), wrong
    assert SURNAME not in in_files(people.url)
    assert people.get(PERSON)["data"]["name"] == "Name withheld"


def test_what_was_said_then_is_answered_with_the_redaction(people: Redactors) -> None:
    people.redacted(PERSON, {"revisions": [3]}, 4)
    answer = people.client.get(f"{PERSON}?known_at=3")
    assert problem(answer) == (410, "redacted", [])
    redaction = answer.json()["redaction"]
    assert (redaction["revision"], redaction["reason"]) == (6, "the court ordered it")
    assert problem(people.client.get(f"{PERSON}/diff?from=3&to=4"))[:2] == (410, "redacted")
    assert people.get(f"{PERSON}?known_at=2")["data"]["name"] == NAME
    assert people.get(f"{PERSON}/diff?from=2&to=4")["data"][0]["value"] == "Name withheld"
    assert people.get("/v1/people?known_at=3")["data"] == []
    assert people.get("/v1/people?known_at=2")["meta"]["total"] == 1
    history = people.get(f"{PERSON}/history")
    assert [(each["revision"], each["changed"]) for each in history["data"]] == [(4, None), (2, None)]
    assert [(each["revision"], each["redacted"]) for each in history["meta"]["redacted"]] == [(3, 6)]
    assert history["meta"]["total"] == 2
    first = people.get(f"{PERSON}/history?limit=1")
    assert [each["revision"] for each in people.get(first["links"]["next"])["data"]] == [2]
    assert people.get("/v1/appointments/chief?known_at=3")["data"]["person"]["name"] == NAME
    people.check()


def test_only_a_detail_goes_and_what_remains_is_written_anew(people: Redactors) -> None:
    save(people.url, {**WITHHELD, "note": f"once {NAME}"})
    meta = people.redacted(PERSON, {"document": {**WITHHELD, "note": "once somebody"}}, 6)
    assert (meta["redacted"], meta["revision"]) == ([2, 3, 4, 6], 7)
    assert people.get(PERSON)["data"]["note"] == "once somebody"
    assert people.get(PERSON)["data"]["revision"] == 7
    assert SURNAME not in stored(people.url)
    assert people.get("/v1/appointments/chief?known_at=2")["data"]["person"]["name"] == "chief-1"
    people.check()


def test_of_a_record_that_is_redacted_whole_a_tombstone_stays(people: Redactors) -> None:
    withdraw(people.url, "appointment:chief")
    assert people.redacted(PERSON, {"tombstone": True}, 4)["redacted"] == [2, 3, 4]
    answer = people.client.get(PERSON)
    assert problem(answer)[:2] == (410, "gone")
    assert answer.json()["tombstone"]["reason"] == "the court ordered it"
    assert problem(people.client.get(f"{PERSON}?known_at=4"))[:2] == (410, "redacted")
    assert people.get("/v1/search?q=withheld")["data"] == []
    assert SURNAME not in stored(people.url)
    people.check()


def test_what_was_withdrawn_can_be_redacted_too(people: Redactors) -> None:
    withdraw(people.url, "appointment:chief")
    withdraw(people.url, "person:chief-1")
    assert problem(people.redact(PERSON, {"tombstone": True}, 7))[:2] == (409, "conflict")
    assert problem(people.redact(PERSON, {"document": WITHHELD}, 7))[:2] == (409, "conflict")
    assert problem(people.redact(PERSON, {}, 4)) == (412, "precondition-failed", ["header/If-Match"])
    assert people.redacted(PERSON, {}, 7)["redacted"] == [2, 3, 4]
    assert SURNAME not in stored(people.url)
    people.check()


def test_a_duplicate_leads_nobody_to_what_is_redacted(people: Redactors) -> None:
    """The words of a duplicate lead to the record that stays: until they are redacted, or while that one is silent."""
    twin = {**WITHHELD, "id": "chief-2", "name": "Philomena Twin"}
    save(people.url, twin)
    withdraw(people.url, "person:chief-2", "person:chief-1")
    save(people.url, {**WITHHELD, "note": "after the merge"})
    assert [each["id"] for each in people.get("/v1/search?q=philomena")["data"]] == ["chief-1"]
    assert people.redacted(PERSON, {"revisions": [4]}, 8)["redacted"] == [4]
    assert people.get("/v1/search?q=philomena&known_at=7")["data"] == []
    assert [each["id"] for each in people.get("/v1/search?q=philomena")["data"]] == ["chief-1"]
    people.check()
    assert people.redacted("/v1/people/chief-2", {}, 7)["redacted"] == [6]
    assert people.get("/v1/search?q=philomena")["data"] == []
    assert people.client.get("/v1/people/chief-2").status_code == 308
    assert "philomena" not in stored(people.url)
    people.check()


def test_the_redaction_is_told_to_whoever_follows(people: Redactors) -> None:
    people.redacted(PERSON, {"document": {**WITHHELD, "name": "Somebody"}}, 4)
    entries = people.get("/v1/changes?record=person:chief-1")["data"]
    told = [(each["revision"], each["change"], each["redacted"], each["redacted_versions"]) for each in entries]
    assert told == [
        (2, "created", 6, []),
        (3, "amended", 6, []),
        (4, "amended", 6, []),
        (6, "amended", None, []),
        (6, "redacted", None, [2, 3, 4]),
    ]
    assert [(each["place"], each["of"]) for each in entries[-2:]] == [(1, 2), (2, 2)]
    assert {each["sha256_after"] is None for each in entries[:3]} == {True}
    for number, counts in ((2, (2, 0, 0)), (3, (0, 1, 0)), (6, (0, 1, 1))):
        found = people.get(f"/v1/revisions/{number}")["data"]
        assert tuple(found["counts"][name] for name in ("created", "amended", "redacted")) == counts
    changes = people.get("/v1/revisions/6")["data"]["changes"]
    assert [(each["change"], each["redacted_versions"]) for each in changes] == [
        ("amended", []),
        ("redacted", [2, 3, 4]),
    ]
    titles = [each["title"] for each in people.get("/v1/changes?format=feed&limit=2")["items"]]
    assert titles == ["chief-1 was redacted", "Somebody was amended"]


def test_proofs_hold_and_the_line_says_nothing(people: Redactors) -> None:
    before = people.get(f"{PERSON}/proof?revision=2")["data"]
    people.redacted(PERSON, {}, 4)
    after = people.get(f"{PERSON}/proof?revision=2")["data"]
    assert (after["document"], after["salt"], after["redacted"]) == (None, None, 6)
    assert [after[name] for name in ("line", "head", "changes")] == [
        before[name] for name in ("line", "head", "changes")
    ]
    assert people.get(f"{PERSON}/proof")["data"]["redacted"] is None
    lines = [json.loads(line) for line in people.client.get("/v1/log/export").text.splitlines()]
    redacted = [line["line"].split(" ")[0] for line in lines if line.get("redacted")]
    assert redacted == ["person/chief-1"] * 2
    assert [line["line"] for line in lines if " redacted" in line.get("line", "")] == ["person/chief-1 redacted 2 3"]


@pytest.mark.parametrize(
    ("body", "stands_at", "expected"),
    [
        ({}, None, (428, "precondition-required", ["header/If-Match"])),
        ({}, 3, (412, "precondition-failed", ["header/If-Match"])),
        ({"revisions": [4]}, 4, (409, "conflict", ["body"])),
        ({"revisions": [2, 5]}, 4, (422, "invalid-parameter", ["body/revisions"])),
        ({"revisions": []}, 4, (422, "invalid-parameter", ["body/revisions"])),
        ({"versions": [2]}, 4, (422, "invalid-parameter", ["body/versions"])),
        ({"tombstone": True, "revisions": [2]}, 4, (422, "invalid-parameter", ["body/tombstone"])),
        ({"document": {"id": "chief-2"}}, 4, (422, "invalid-parameter", ["body/document/id"])),
        ({"document": {"name": 7}}, 4, (422, "rule-broken", None)),
    ],
    ids=str,
)
def test_what_cannot_be_redacted_is_refused(
    people: Redactors, body: Any, stands_at: int | None, expected: tuple[int, str, list[str] | None]
) -> None:
    found = problem(people.redact(PERSON, body, stands_at))
    assert found[:2] == expected[:2]
    assert expected[2] is None or found[2] == expected[2]
    assert people.newest == 5


def test_only_an_administrator_of_all_may_redact(people: Redactors) -> None:
    assert problem(people.redact(PERSON, {}, 4, who=people.curator))[:2] == (403, "not-allowed")
    assert problem(people.send("POST", f"{PERSON}/redact", {}, who={"X": "y"}))[:2] == (401, "unauthenticated")
    assert problem(people.redact("/v1/people/nobody", {}, 4))[:2] == (404, "not-found")
    no_reason = people.send("POST", f"{PERSON}/redact?dry_run=false", {}, who=people.admin, If_Match='"4"')
    assert problem(no_reason) == (422, "invalid-parameter", ["query/reason"])


def test_a_dry_run_redacts_nothing(people: Redactors) -> None:
    meta = people.redacted(PERSON, {}, 4, query="&dry_run=true")
    assert (meta["redacted"], meta["revision"], meta["dry_run"]) == ([2, 3], None, True)
    assert people.get(f"{PERSON}?known_at=3")["data"]["name"] == NAME
    people.check()


def test_a_retry_redacts_once(people: Redactors) -> None:
    first = people.redact(PERSON, {}, 4, Idempotency_Key="one")
    again = people.redact(PERSON, {}, 4, Idempotency_Key="one")
    assert (first.json(), again.headers["idempotent-replayed"]) == (again.json(), "true")
    assert problem(people.redact(PERSON, {}, 4))[:2] == (409, "conflict")
    assert people.newest == 6


def test_what_stands_beside_the_register_goes_too(people: Redactors) -> None:
    named = {"name": NAME}
    answer = people.patch(PERSON, named, If_Match='"4"', Idempotency_Key="named")
    assert answer.status_code == 200
    patch = {"op": "patch", "record": "person:chief-1", "merge": {"note": f"{NAME} again"}}
    asked = {"title": NAME, "reason": f"of {NAME}", "operations": [{**patch, "if_match": 6}]}
    assert people.send("POST", "/v1/proposals?dry_run=false", asked).status_code == 201
    comment = {"text": f"is it {NAME}?"}
    assert people.send("POST", "/v1/proposals/1/comments?dry_run=false", comment).status_code in (200, 201)
    report = {"record": "person:chief-1", "text": f"{NAME} is wrong"}
    assert people.send("POST", "/v1/reports?dry_run=false", report).status_code == 202
    lines = json.dumps({**WITHHELD, "name": f"{NAME} imported"})
    sent = people.client.post(
        "/v1/imports?reason=a+test",
        content=lines,
        headers={**people.curator, "Content-Type": "application/x-ndjson", "Prefer": "respond-async"},
    )
    assert sent.status_code in (200, 202), sent.text
    working = {"received", "checking", "writing"}
    while people.client.get(sent.headers["location"], headers=people.curator).json()["data"]["state"] in working:
        pass
    save(people.url, WITHHELD)
    stands_at = people.get(PERSON)["data"]["revision"]
    assert people.redacted(PERSON, {}, stands_at)["erased"] == {
        "answers": 1,
        "proposals": 1,
        "reports": 1,
        "imports": 1,
    }
    assert SURNAME not in stored(people.url)
    assert problem(people.patch(PERSON, named, If_Match='"4"', Idempotency_Key="named"))[:2] == (410, "redacted")
    for path in ("/v1/proposals", "/v1/proposals/1", "/v1/reports", "/v1/reports/1", sent.headers["location"]):
        who = people.curator if "imports" in path else people.admin
        answer = people.client.get(path, headers=who)
        assert (answer.status_code, SURNAME in answer.text.lower()) == (200, False), path
    assert people.client.get("/v1/proposals/1", headers=people.admin).json()["data"]["state"] == "withdrawn"


def test_what_is_redacted_cannot_be_reverted(people: Redactors) -> None:
    people.redacted(PERSON, {"revisions": [3]}, 4)
    for number in (3, 4):
        answer = people.send("POST", f"/v1/revisions/{number}/revert", None)
        assert problem(answer)[:2] == (409, "conflict"), number


def test_both_databases_say_the_same(people: Redactors, answers: Any) -> None:
    people.redacted(PERSON, {}, 4)
    paths = ("/v1/appointments/chief?known_at=3", "/v1/people?known_at=3", "/v1/search?q=chief&known_at=3")
    found = [people.get(path)["data"] for path in paths]
    assert answers.first("redactions", found) == found
