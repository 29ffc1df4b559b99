"""Whole registers as files: what they hold, that they stay the same, and that the tools of their users open them."""

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pandas  # type: ignore[import-untyped]
import pytest
from frictionless import Package

from app.catalogue import CATALOGUE
from app.exports.files import FILES, WHOLE
from tests.registry_in_use import SOURCE, force, save, serving, unit
from tests.test_cli import run

DAYS = ["", "?as_of=2012-01", "?as_of=1850"]
EVERY_DAY = pytest.mark.parametrize("days", DAYS, ids=["ever", "2012-01", "1850"])


def got(client: httpx.Client, path: str) -> httpx.Response:
    answer = client.get(f"/v1/exports/{path}")
    assert answer.status_code == 200, answer.text
    return answer


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def listed(client: httpx.Client, path: str, days: str) -> Iterator[dict[str, Any]]:
    for line in client.get(f"/v1/{path}{days}", headers={"Accept": "application/x-ndjson"}).text.splitlines():
        yield json.loads(line)


@EVERY_DAY
def test_every_file_is_described_and_can_be_had(client: httpx.Client, days: str) -> None:
    answer = client.get(f"/v1/exports{days}").json()
    data = answer["data"]
    totals = {path: client.get(f"/v1/{path}{days}").json()["meta"]["total"] for path in CATALOGUE.by_path}
    assert {row["collection"]: row["rows"] for row in data["rows"]} == totals
    assert (data["licence"]["name"], data["revision"]["number"]) == ("CC0-1.0", 1)
    assert data["as_of"] == answer["meta"]["as_of"] == (days.partition("=")[2] or None)
    assert [file["file"] for file in data["files"]] == list(FILES)
    for file in data["files"]:
        found = client.get(file["url"])
        assert (found.status_code, found.headers["content-type"]) == (200, file["media_type"])
        assert found.headers["registry-revision"] == "1"
        manifest = client.get(file["manifest"]).json()["data"]
        digest = hashlib.sha256(found.content).hexdigest()
        assert (manifest["bytes"], manifest["sha256"]) == (len(found.content), digest)
        assert {row["collection"]: row["rows"] for row in manifest["rows"]} == {
            path: totals[path] for path in file["collections"]
        }
        assert {key: manifest[key] for key in ("revision", "as_of", "licence", "url")} == {
            **{key: data[key] for key in ("revision", "as_of", "licence")},
            "url": file["url"],
        }


def test_files_are_a_function_of_the_revision(own_loaded_url: str) -> None:
    with serving(own_loaded_url) as client:
        first = {name: got(client, f"{name}?as_of=2012") for name in FILES}
        host = {"Host": client.base_url.netloc.decode()}
        save(own_loaded_url, SOURCE, force("alpha"))
    with serving(own_loaded_url) as other:
        other.headers.update(host)
        for name, before in first.items():
            stem, _, ending = name.partition(".")
            assert before.headers["content-disposition"] == f'attachment; filename="{stem}-r1-as-of-2012.{ending}"'
            pinned = f"{name}?as_of=2012&known_at=1"
            assert other.head(f"/v1/exports/{pinned}").content == b""
            again = got(other, pinned)
            assert again.content == before.content
            digest = base64.b64encode(hashlib.sha256(before.content).digest()).decode()
            known = got(other, pinned).headers
            said = [answer.get("repr-digest") for answer in (before.headers, again.headers, known)]
            assert said == [None, None, f"sha-256=:{digest}:"]
            tag = {"If-None-Match": known["etag"]}
            assert other.get(f"/v1/exports/{pinned}", headers=tag).status_code == 304
            assert other.get(f"/v1/exports/{name}?as_of=2012", headers=tag).status_code == 200


@EVERY_DAY
def test_lines_are_what_the_lists_say(client: httpx.Client, days: str) -> None:
    lines = [json.loads(line) for line in got(client, f"register.ndjson{days}").text.splitlines()]
    assert lines == [answer for path in CATALOGUE.by_path for answer in listed(client, path, days)]


def test_a_file_of_lines_is_a_dataset(client: httpx.Client, database_url: str, tmp_path: Path) -> None:
    target = tmp_path / "register.ndjson"
    target.write_bytes(got(client, "register.ndjson").content)
    assert "revision 1: 169 documents written" in run(database_url, "load", str(target))[1]
    with serving(database_url) as other:
        assert got(other, "register.ndjson").content == target.read_bytes()


@pytest.mark.parametrize("form", WHOLE)
def test_the_command_line_writes_the_same_bytes(loaded_url: str, tmp_path: Path, form: str) -> None:
    target = tmp_path / "kept"
    with serving(loaded_url) as client:
        address = str(client.base_url).rstrip("/")
        sent = got(client, f"{WHOLE[form].name}?as_of=2012-06").content
    code, _, err = run(
        *(loaded_url, "export", "--format", form, "--as-of", "2012-06", str(target)), REGISTRY_PUBLIC_URL=address
    )
    assert (code, "documents of revision 1" in err) == (0, True)
    assert target.read_bytes() == sent
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_an_empty_registry_has_empty_files(database_url: str, tmp_path: Path) -> None:
    with serving(database_url) as client:
        data = client.get("/v1/exports").json()["data"]
        assert (data["revision"], {row["rows"] for row in data["rows"]}) == (None, {0})
        assert got(client, "register.ndjson").content == b""
        assert len(pandas.read_parquet(io.BytesIO(got(client, "forces.parquet").content))) == 0
        assert len(json.loads(got(client, "register.jsonld").content)["@graph"]) == 1
        (tmp_path / "empty.zip").write_bytes(got(client, "register.csv.zip").content)
    assert Package(str(tmp_path / "empty.zip")).validate().valid


@pytest.mark.parametrize(
    ("path", "status", "part"),
    [
        ("exports/clams.parquet", 404, "did you mean 'claims'?"),
        ("exports/register.xls/manifest", 404, "there is no file 'register.xls'"),
        ("exports/register.xls", 404, ""),
        ("exports/register.ndjson?as_off=2012", 422, "as_of"),
        ("exports/register.ndjson?as_of=June", 422, "June"),
        ("exports/forces.parquet?known_at=9", 422, "there is no revision 9"),
        ("exports/register.jsonld/manifest?known_at=0", 422, "there is no revision 0"),
        ("context.jsonld?as_of=2012", 422, "as_of"),
    ],
)
def test_wrong_questions_are_refused(client: httpx.Client, path: str, status: int, part: str) -> None:
    answer = client.get(f"/v1/{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert part in answer.text


def test_readers_who_stand_still_keep_nobody_waiting(database_url: str) -> None:
    many = (unit(f"u{number:05}", "alpha", note="x" * 15_000) for number in range(650))
    save(database_url, SOURCE, force("alpha"), *many)
    with serving(database_url) as client, ExitStack() as open_streams:
        url = f"{client.base_url}/v1/exports"
        names = ("register.ndjson", "register.jsonld", "register.ndjson?as_of=2012", "joint-units.parquet")
        for name in names * 3:  # more than there are database connections, or threads
            stream = open_streams.enter_context(httpx.stream("GET", f"{url}/{name}", timeout=30))
            next(stream.iter_raw())
        assert len(listed_ids := client.get("/v1/joint-units?limit=200", timeout=10).json()["data"]) == 200
        assert listed_ids[0]["id"] == "u00000"
        open_streams.close()
        assert len(got(client, "register.ndjson").text.splitlines()) == 652
