"""The register of forces compared with a list: what is proposed, and that nothing is written."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from app.upkeep import downloads
from tests.registry_in_use import SOURCE, Document, force, save
from tests.test_cli import run
from tests.web import Page, web

DAY = "2026-11-21"


def listed(slug: str, name: str | None = None, **fields: Any) -> Document:
    return {"id": slug, "name": name or slug.title(), **fields}


def known(slug: str, value: str | None = None, **fields: Any) -> Document:
    """A force with an id of data.police.uk."""
    return force(slug, identifiers=[{"scheme": "data.police.uk", "value": value or slug}], **fields)


def write(path: Path, content: Any) -> str:
    path.write_text(json.dumps(content))
    return str(path)


def compare(url: str, file: str, *arguments: str) -> tuple[int, list[tuple[str, str, bool, bool]], Document]:
    """The exit status, the differences (kind, force, minor, recorded), and the meta of the comparison."""
    code, out, err = run(url, "refresh", "forces", file, "--retrieved", DAY, "--format", "json", *arguments)
    assert err == ""
    answer = json.loads(out)
    found = []
    for item in answer["data"]:
        slug = (item["force"] or item["listed"])["id"]
        found.append((item["kind"], slug, item["minor"], item["recorded"]))
    return code, found, answer["meta"]


def propose(url: str, file: str, target: Path) -> list[Document]:
    code, out, _ = run(url, "refresh", "forces", file, "--retrieved", DAY, "--format", "ndjson")
    target.write_text(out)
    documents = [json.loads(line) for line in out.splitlines()]
    assert code == (3 if documents else 0)
    return documents


def test_the_same_forces_are_no_difference(loaded_url: str, tmp_path: Path) -> None:
    names = {"bedfordshire": "Bedfordshire Police", "cambridgeshire": "Cambridgeshire Constabulary"}
    names["hertfordshire"] = "Hertfordshire Constabulary"
    file = write(tmp_path / "forces.json", [listed(slug, name) for slug, name in names.items()])
    assert compare(loaded_url, file)[:2] == (0, [])
    code, out, _ = run(loaded_url, "refresh", "forces", file)
    assert (code, "no differences; nothing was written" in out) == (0, True)
    assert propose(loaded_url, file, tmp_path / "out.ndjson") == []


def test_what_is_proposed_can_be_loaded_and_leaves_nothing_to_propose(database_url: str, tmp_path: Path) -> None:
    save(
        database_url,
        SOURCE,
        *(known("alpha"), known("gamma-police", "gamma", name="Gamma and Delta Police"), known("epsilon", name="Eta")),
        known("old", ended="2013-04-01"),
        known("vanished", note="Publishes there, although the list of data.police.uk omits it."),
        *(known("gone", started="1974", ended="2000"), known("lost", observed="1990", ended="unknown")),
        *(force("zeta"), force("unlisted")),
    )
    entries = [listed("alpha"), listed("gamma", "Gamma & delta Police"), listed("epsilon", "Epsilon Police")]
    entries += [listed("old"), listed("zeta"), listed("new-force"), listed("lost")]
    file = write(tmp_path / "forces.json", entries)
    code, found, meta = compare(database_url, file)
    assert code == 3
    assert found == [
        ("name", "gamma-police", True, False),
        ("name", "epsilon", False, False),
        ("not_in_being", "old", False, False),
        ("new", "new-force", False, False),
        ("not_in_being", "lost", False, False),
        ("not_listed", "vanished", False, False),
    ]
    assert [reference["id"] for reference in meta["not_compared"]] == ["unlisted"]
    digest = sha256(Path(file).read_bytes()).hexdigest()
    assert meta["listing"] == {"address": None, "sha256": digest, "retrieved": DAY, "whole": True, "entries": 7}
    assert (meta["as_of"], meta["known_at"]["revision"]) == (DAY, 1)

    documents = propose(database_url, file, tmp_path / "proposed.ndjson")
    source, *forces = documents
    assert source["kind"] == "dataset"
    assert (source["retrieved"], source["sha256"]) == (DAY, digest)
    assert [document["id"] for document in forces] == [
        *("new-force", "gamma-police", "epsilon", "old", "lost", "vanished"),
    ]
    for document in forces:
        assert document["citations"][-1]["source"] == source["id"]
    assert forces[0]["observed"] == [DAY]
    assert forces[0]["citations"][0]["locator"] == "entry 6"
    assert forces[3]["ended"] == "2013-04-01"
    assert forces[3]["citations"][-1]["about"] == ["/ended"]
    assert run(database_url, "check")[1].strip().splitlines()[-1].startswith("the log is consistent: 1 revisions")

    assert "revision 2: 7 documents written" in run(database_url, "load", str(tmp_path / "proposed.ndjson"))[1]
    code, found, _ = compare(database_url, file)
    assert code == 0
    assert [(kind, slug) for kind, slug, _, recorded in found if recorded] == [
        *(("name", "gamma-police"), ("name", "epsilon"), ("not_in_being", "old"), ("not_in_being", "lost")),
        ("not_listed", "vanished"),
    ]
    assert propose(database_url, file, tmp_path / "again.ndjson") == []
    assert compare(database_url, file, "--known-at", "1")[0] == 3


def test_people_read_why_and_what_the_record_remarks(database_url: str, tmp_path: Path) -> None:
    remark = "Publishes there, although the list of data.police.uk omits it."
    cited = [{"source": "paper", "about": ["/identifiers/0"], "note": "data.police.uk says so in its changelog."}]
    save(database_url, SOURCE, known("alpha", note=remark, citations=[{"source": "paper"}, *cited]), force("beta"))
    code, out, _ = run(database_url, "refresh", "forces", write(tmp_path / "forces.json", [listed("gamma")]))
    assert code == 3
    assert "gamma 'Gamma' is in the list, not in the register" in out
    assert "alpha is in the register, and the list has no entry 'alpha'" in out
    assert f"its record says: {remark}" in out
    assert "its record says: data.police.uk says so in its changelog." in out
    assert "not compared, for want of an id of data.police.uk:\n  beta: Beta" in out
    assert out.endswith("2 differences; nothing was written\n")


def test_another_name_that_is_recorded_is_no_difference(database_url: str, tmp_path: Path) -> None:
    save(database_url, SOURCE, known("alpha", other_names=[{"name": "Alpha Force"}]))
    file = write(tmp_path / "forces.json", [listed("alpha", "Alpha Force")])
    assert compare(database_url, file)[:2] == (0, [("name", "alpha", False, True)])


def test_both_clocks(database_url: str, tmp_path: Path) -> None:
    save(database_url, SOURCE, known("alpha"), known("beta", started="2013-04-01"))
    save(database_url, known("alpha", name="Alpha Police"), known("gamma", started="1974", ended="2013-04-01"))
    file = write(tmp_path / "forces.json", [listed("alpha", "Alpha Police"), listed("gamma")])
    assert compare(database_url, file)[1] == [
        ("not_in_being", "gamma", False, False),
        ("not_listed", "beta", False, False),
    ]
    assert compare(database_url, file, "--as-of", "2012")[:2] == (0, [])
    assert compare(database_url, file, "--as-of", "2012", "--known-at", "1")[1] == [
        ("name", "alpha", False, False),
        ("new", "gamma", False, False),
    ]
    arguments = ("refresh", "forces", file, "--format", "ndjson", "--known-at", "1")
    code, out, err = run(database_url, *arguments)
    assert (code, out, "leave out --known-at" in err) == (2, "", True)
    assert run(database_url, "refresh", "forces", file, "--as-of", "May")[0] == 1


def test_one_force_in_detail(database_url: str, tmp_path: Path) -> None:
    save(database_url, SOURCE, known("alpha"), known("beta", website="http://beta.police.uk/"))
    more: Document = {
        "description": None,
        "telephone": "101",
        "engagement_methods": [{"type": "x", "url": "", "title": "x"}],
    }
    file = write(tmp_path / "alpha.json", listed("alpha", url="https://www.alpha.police.uk/", **more))
    assert compare(database_url, file)[1] == [("website", "alpha", False, False)]
    _, proposed = propose(database_url, file, tmp_path / "proposed.ndjson")
    assert proposed["website"] == "https://www.alpha.police.uk/"
    assert run(database_url, "load", str(tmp_path / "proposed.ndjson"))[0] == 0
    assert compare(database_url, file)[:2] == (0, [])
    file = write(tmp_path / "beta.json", listed("beta", url="https://beta.police.uk"))
    assert compare(database_url, file)[1] == [("website", "beta", True, False)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"[", "it is not JSON: see line 1, column 2"),
        (b'[{"id": "a",\n "name": secret}]', "it is not JSON: see line 2, column 10"),
        (b"\xff[]", "it is not UTF-8"),
        (b"[]", "it is neither a list of forces nor one force"),
        (b'"forces"', "it is neither a list of forces nor one force"),
        (b'[{"id": "a", "name": "A"}, "b"]', "entry 2 is not an object with the fields 'id' and 'name'"),
        (b'[{"id": "a", "name": "A"}, {"id": "b"}]', "entry 2 has no field 'name'"),
        (b'[{"name": "A"}]', "entry 1 has no field 'id'"),
        (b'[{"id": 7, "name": "A"}]', "entry 1: 'id' is not text"),
        (b'[{"id": "A B", "name": "A"}]', "entry 1: 'id' is not one of data.police.uk, like 'avon-and-somerset'"),
        (b'[{"id": "a", "name": " "}]', "entry 1: 'name' is not text"),
        (b'[{"id": "a", "name": "A"}, {"id": "a", "name": "B"}]', "entry 2: 'id' is that of entry 1"),
        (b'{"id": "a", "name": "A", "url": 3}', "the force: 'url' is not text"),
        (b"[" * 100_000, "it is not JSON"),
    ],
)
def test_what_is_no_list_is_told_by_entry_and_field(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "forces.json"
    file.write_bytes(content)
    code, out, err = run("sqlite:///never-opened.db", "refresh", "forces", str(file))
    assert (code, out) == (1, "")
    assert f"{file}: {message}" in err
    assert "secret" not in err


@pytest.mark.parametrize(
    "name",
    ["Alpha\u00a0Police", " Alpha  Police ", "Alpha\u2009Police\ufeff", "Alpha\nPolice", "\u200bAlpha\tPolice\u202f"],
)
def test_spaces_of_any_kind_refuse_nothing_and_are_no_difference(database_url: str, tmp_path: Path, name: str) -> None:
    save(database_url, SOURCE, known("alpha", name="Alpha Police"))
    file = write(tmp_path / "forces.json", [listed("\u00a0alpha ", name, url="\u00a0")])
    assert compare(database_url, file)[:2] == (0, [])


def test_an_address_is_fetched_within_bounds(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    save(database_url, SOURCE, known("alpha"))
    body = json.dumps([listed("alpha")]).encode()
    pages = {
        "/api/forces": Page(body=body),
        "/old": Page(301, {"Location": "/api/forces"}),
        "/loop": Page(302, {"Location": "/loop"}),
        "/away": Page(302, {"Location": "file:///etc/passwd"}),
        "/huge": Page(body=b" " * (downloads.LARGEST + 1)),
        "/broken": Page(breaks=True),
        "/error": Page(500),
        "/slow": Page(seconds=1),
    }
    with web(pages) as server:
        code, found, meta = compare(database_url, server.address("/old"))
        assert (code, found, meta["listing"]["address"]) == (0, [], server.address("/old"))
        assert "police-collaboration-registry/" in server.asked[0].headers["User-Agent"]
        for path, message in {
            "/loop": "it cannot be fetched",
            "/away": "it cannot be fetched",
            "/huge": "it is larger than 5 MB",
            "/broken": "it cannot be fetched",
            "/error": "the server answered 500",
            "/nothing": "the server answered 404",
            "/slow": "the server took too long",
        }.items():
            if path == "/slow":
                monkeypatch.setattr(downloads, "PATIENCE", 0.6)
            code, out, err = run(database_url, "refresh", "forces", server.address(path))
            assert (code, out, message in err) == (1, "", True), (path, err)
    for name in ("ftp://example.org/forces", "http://user:secret@127.0.0.1/forces", "/no/such/file", "http://[/"):
        code, out, err = run(database_url, "refresh", "forces", name)
        assert (code, out) == (1, "")
        assert err.startswith(f"{name}: ")
