"""Whole datasets over HTTP: all or nothing, and every bad line is told."""

import gzip
import re
import time
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest

from app.api.callers import Scope
from app.catalogue import CATALOGUE
from app.curation.imports import order
from app.curation.writes import refuse_or_warn
from tests.curation.imports.sender import bearer, ended, key, lines, send, send_on, taking, total
from tests.registry_in_use import SOURCE, force, save, unit


def spooled(folder: Path) -> list[str]:
    return sorted(file.name for file in (folder / "spool").iterdir() if file.name != ".lock")


def test_an_export_goes_in_and_comes_out_byte_for_byte(database_url: str, client: httpx.Client, tmp_path: Path) -> None:
    whole = client.get("/v1/exports/register.ndjson").content
    with taking(database_url, tmp_path) as empty:
        answer = send(empty, gzip.compress(whole), headers={"Content-Encoding": "gzip"})
        assert answer.status_code == 201
        assert answer.json()["data"] == {"written": 169, "unchanged": 0, "left_out": 0}
        assert answer.headers["Location"] == "/v1/revisions/1"
        assert empty.get("/v1/exports/register.ndjson").content == whole
        again = send(empty, whole)
        assert (again.status_code, again.json()["meta"]["revision"]) == (200, None)
        assert again.json()["data"]["unchanged"] == 169
        assert spooled(tmp_path) == []


def test_lists_go_in_as_they_come_out(database_url: str, client: httpx.Client, tmp_path: Path) -> None:
    paths = [collection.path for collection in CATALOGUE]
    lists = {path: client.get(f"/v1/{path}?format=ndjson&limit=200").content for path in paths}
    with taking(database_url, tmp_path) as empty:
        assert send(empty, b"".join(lists.values())).status_code == 201
        assert {path: empty.get(f"/v1/{path}?format=ndjson&limit=200").content for path in paths} == lists


def test_of_several_revisions_their_numbers_alone_are_others(
    database_url: str, everything: httpx.Client, tmp_path: Path
) -> None:
    whole = everything.get("/v1/exports/register.ndjson").content
    with taking(database_url, tmp_path) as empty:
        assert send(empty, whole).status_code == 201
        assert empty.get("/v1/exports/register.ndjson").content == re.sub(rb'"revision":2\b', b'"revision":1', whole)


BAD = (
    (b'{"type": "force"', "line 3", "is not JSON"),
    (b'{"type": "farce", "id": "x"}', "line 3/type", "did you mean 'force'?"),
    (b'{"type": "force", "id": "A B"}', "line 3/id", "is not an id"),
    (lines({**force("x"), "nmae": "X"}), "line 3/nmae", "did you mean 'name'?"),
    (lines({**force("x"), "citations": []}), "line 3/citations", "no fact without a source"),
    (lines(force("alpha")), "line 3/id", "stands in this dataset twice"),
    (lines({**force("x"), "started": "2012", "ended": "2010"}), "line 3", "2010"),
    (b'{"type": "force", "id": "x", "\\ud800": 1}', "line 3", "is not JSON"),
    (b'{"type": "force", "id": "\xff"}', "line 3", "is not UTF-8"),
    (b"[" * 100_000, "line 3", "is nested too deeply"),
    (b'"' + b"x" * 5_000_000 + b'"', "line 3", "is longer than 5000000 bytes"),
    (lines(unit("x", "alpha", "nowhere")), "line 3/participants/1/organisation", "no record 'force:nowhere'"),
)


def test_every_bad_line_is_told_and_nothing_is_written(database_url: str, tmp_path: Path) -> None:
    with taking(database_url, tmp_path) as client:
        for line, location, message in BAD:
            answer = send(client, lines(SOURCE, force("alpha")) + line.rstrip() + b"\n\n" + lines(force("beta")))
            assert answer.status_code == 422, answer.text
            [fault] = answer.json()["errors"]
            assert (fault["location"], message in fault["message"]) == (location, True), fault
        twice = unit("x", "alpha", "beta", "alpha", started="2012")
        answer = send(client, lines(SOURCE, force("alpha"), force("beta"), twice))
        [fault] = answer.json()["errors"]
        assert (fault["location"], fault["rule"]) == ("line 4/participants/2", "said-twice")
        assert total(client, "forces") == 0


def test_more_faults_than_are_told_are_counted(database_url: str, tmp_path: Path) -> None:
    with taking(database_url, tmp_path) as client:
        answer = send(client, lines(*({"type": "farce", "id": f"f{number}"} for number in range(1500))))
        found = answer.json()
        assert (answer.status_code, len(found["errors"]), found["errors_total"]) == (422, 1000, 1500)
        assert found["detail"] == "1500 faults, of which the first 1000 are told; nothing was written"


def test_a_dry_run_writes_nothing(database_url: str, tmp_path: Path) -> None:
    dataset = lines(SOURCE, force("alpha"))
    with taking(database_url, tmp_path) as client:
        answer = send(client, dataset, dry_run="true")
        assert answer.status_code == 200
        assert answer.json()["data"]["written"] == 2
        assert (answer.json()["meta"]["revision"], answer.json()["meta"]["dry_run"]) == (None, True)
        job = ended(client, send_on(client, dataset, dry_run="true"))
        assert (job["state"], job["counts"]["written"], job["revision"]) == ("done", 2, None)
        assert total(client, "forces") == 0


def test_what_was_amended_is_left_unless_it_is_to_be_restored(database_url: str, tmp_path: Path) -> None:
    dataset = lines(SOURCE, force("alpha", note="first"))
    with taking(database_url, tmp_path) as client:
        assert send(client, dataset).status_code == 201
        save(database_url, force("alpha", note="amended"))
        assert send(client, dataset).json()["data"] == {"written": 0, "unchanged": 1, "left_out": 1}
        assert send(client, dataset, restore="true").json()["meta"]["revision"] == 3


def test_sent_again_with_its_key_it_is_written_once(database_url: str, tmp_path: Path) -> None:
    with taking(database_url, tmp_path) as client:
        named = {"Idempotency-Key": "once"}
        first = send(client, lines(SOURCE, force("alpha")), headers=named)
        again = send(client, lines(SOURCE, force("alpha")), headers=named)
        assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
        assert again.headers["Idempotent-Replayed"] == "true"
        assert send(client, lines(force("beta")), headers=named).status_code == 422
        later = {"Idempotency-Key": "later", "Prefer": "respond-async"}
        addresses = [send(client, lines(force("gamma")), headers=later).headers["Location"] for _ in range(2)]
        assert addresses[0] == addresses[1]
        assert ended(client, addresses[0])["state"] == "done"
        assert client.get("/v1/imports").json()["meta"]["total"] == 1


@pytest.mark.parametrize(
    ("body", "headers", "status", "message"),
    [
        (b"x" * 2000, {}, 413, "is longer than 1000 bytes"),
        (gzip.compress(b"x" * 50_000_000, mtime=0), {"Content-Encoding": "gzip"}, 413, "is longer than 1000 bytes"),
        (b"{}", {"Content-Type": "application/json"}, 415, "send application/x-ndjson"),
        (b"{}", {"Content-Encoding": "br"}, 415, "send gzip"),
        (b"{}", {"Content-Encoding": "gzip"}, 422, "is not gzip"),
        (gzip.compress(b"{}", mtime=0)[:-9], {"Content-Encoding": "gzip"}, 422, "breaks off"),
        (b"{}", {"Authorization": "Bearer nobody"}, 401, "the key is not known here"),
    ],
)
def test_what_is_not_taken(
    database_url: str, tmp_path: Path, body: bytes, headers: dict[str, str], status: int, message: str
) -> None:
    with taking(database_url, tmp_path, largest_import=1000) as client:
        answer = send(client, body, headers=headers)
        assert (answer.status_code, message in answer.json()["detail"]) == (status, True), answer.text
        assert not (tmp_path / "spool").exists() or spooled(tmp_path) == []


def test_several_gzip_files_behind_each_other_are_one(database_url: str, tmp_path: Path) -> None:
    body = gzip.compress(lines(SOURCE)) + gzip.compress(lines(force("alpha")))
    with taking(database_url, tmp_path) as client:
        assert send(client, body, headers={"Content-Encoding": "gzip"}).json()["data"]["written"] == 2


def test_a_limited_key_imports_what_is_of_its_force(database_url: str, tmp_path: Path) -> None:
    save(database_url, SOURCE, force("alpha"), force("beta"))
    with taking(database_url, tmp_path) as client:
        client.headers.update(bearer(key(database_url, forces=["alpha"])))
        answer = send(client, lines(unit("mine", "alpha", "beta"), unit("theirs", "beta")))
        assert answer.status_code == 403
        assert [fault["location"] for fault in answer.json()["errors"]] == ["joint-unit:theirs"]
        job = ended(client, send_on(client, lines(unit("theirs", "beta"))))
        assert (job["state"], job["errors"][0]["location"]) == ("refused", "joint-unit:theirs")
        assert send(client, lines(unit("mine", "alpha", "beta"))).status_code == 201
        client.headers.update(bearer(key(database_url, Scope.PROPOSE)))
        assert send(client, lines(unit("other", "alpha"))).status_code == 403


def test_one_that_goes_on_tells_what_became_of_it(database_url: str, tmp_path: Path) -> None:
    with taking(database_url, tmp_path) as client:
        done = ended(client, send_on(client, lines(SOURCE, force("alpha"))))
        assert (done["state"], done["revision"], done["counts"]["written"]) == ("done", 1, 2)
        refused = ended(client, send_on(client, lines({**force("x"), "nmae": "X"})))
        assert (refused["state"], refused["errors"][0]["location"]) == ("refused", "line 1/nmae")
        mine = client.get("/v1/imports?limit=1").json()
        assert [job["id"] for job in mine["data"]] == [refused["id"]]
        assert [job["id"] for job in client.get(mine["links"]["next"]).json()["data"]] == [done["id"]]
        client.headers.update(bearer(key(database_url, holder="somebody else")))
        assert client.get(done["url"]).status_code == 404
        assert client.get("/v1/imports").json()["data"] == []
        client.headers.update(bearer(key(database_url, Scope.ADMIN, holder="an administrator")))
        assert client.get("/v1/imports").json()["meta"]["total"] == 2
        assert spooled(tmp_path) == []


def test_no_time_limit_of_the_service_cuts_an_import(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wait_longer(*told: Any) -> None:
        time.sleep(1.2)
        refuse_or_warn(*told)

    monkeypatch.setattr(order, "refuse_or_warn", wait_longer)
    with taking(database_url, tmp_path, request_timeout=1, statement_timeout=1) as client:
        assert send(client, lines(SOURCE, force("alpha"))).status_code == 201


def test_reads_go_on_and_writes_are_told_to_wait(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written, go_on = Event(), Event()

    def hold(*told: Any) -> None:
        written.set()
        assert go_on.wait(60)
        refuse_or_warn(*told)

    monkeypatch.setattr(order, "refuse_or_warn", hold)
    with taking(database_url, tmp_path, lock_timeout=1) as client:
        address = send_on(client, lines(SOURCE, *(force(f"f{number}") for number in range(60))))
        assert written.wait(60)
        assert client.get("/v1/forces").json()["meta"]["total"] == 0
        busy = client.post("/v1/forces", params={"reason": "a test"}, json=force("late"))
        assert (busy.status_code, "Retry-After" in busy.headers) == (503, True)
        job = client.get(address).json()["data"]
        assert (job["state"], job["finished"], job["progress"]["of"] is None) == ("writing", None, False)
        go_on.set()
        assert ended(client, address)["state"] == "done"
        assert total(client, "forces") == 60
