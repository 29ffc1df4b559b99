"""The log over HTTP: what a reader who trusts nobody gets, and can work out from it."""

import json
from base64 import b64decode
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.database import connect, writing
from app.log.signed_notes import Checkpoint, NoteError, SigningKey, VerifyingKey, text_of, verified
from app.registry.merkle_tree import MerkleTree, is_consistent, leaf_hash, root_of_inclusion
from tests.registry_in_use import SOURCE, force, save, serving, withdraw
from tests.test_cli import run
from tests.upgrades.registers import old_register

KEY = SigningKey.make("registry.example.org/v1/log")


def fill(url: str) -> None:
    save(url, SOURCE, force("alpha"), force("beta"), force("gamma"))
    save(url, force("beta", name="Beta Police"))
    withdraw(url, "force:beta", "force:alpha")


@pytest.fixture(scope="module")
def log(module_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A register of three revisions whose log is signed."""
    fill(module_url)
    keys = tmp_path_factory.mktemp("keys") / "log.key"
    keys.write_text(f"{KEY}\n")
    with serving(module_url, log_key_file=str(keys)) as client:
        yield client


def data(client: httpx.Client, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def hashes(lines: list[str]) -> list[bytes]:
    return [b64decode(line) for line in lines]


def entries(client: httpx.Client, size: int) -> list[bytes]:
    content, found = client.get(f"/v1/log/tile/entries/000.p/{size}").content, []
    while content:
        length = int.from_bytes(content[:2], "big")
        found.append(content[2 : 2 + length])
        content = content[2 + length :]
    return found


def test_the_log_says_who_signs_it(log: httpx.Client) -> None:
    found = data(log, "/v1/log")
    assert (found["origin"], found["signed"], found["size"]) == (KEY.name, True, 3)
    assert [VerifyingKey.parse(key) for key in found["keys"]] == [KEY.public]


def test_the_checkpoint_is_signed_and_its_size_is_the_newest_revision(log: httpx.Client) -> None:
    answer = log.get("/v1/log/checkpoint")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    found = Checkpoint.parse(verified(answer.text, [KEY.public]))
    assert found[:2] == (KEY.name, 3)
    again = log.get("/v1/log/checkpoint", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_the_root_is_made_of_the_heads(log: httpx.Client) -> None:
    """Entries hash to the tile of their hashes, these to the root, and each has the digest that the API says."""
    found = Checkpoint.parse(text_of(log.get("/v1/log/checkpoint").text))
    heads = entries(log, found.size)
    leaves = [leaf_hash(head) for head in heads]
    answer = log.get("/v1/log/tile/0/000.p/3")
    assert answer.content == b"".join(leaves)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert MerkleTree(leaves).root() == found.root
    for number, head in enumerate(heads, 1):
        assert sha256(head).hexdigest() == data(log, f"/v1/revisions/{number}")["digest"]


@pytest.mark.parametrize(
    ("path", "revision", "withdrawn"),
    [
        ("/v1/forces/alpha/proof", 1, False),
        ("/v1/forces/beta/proof?revision=1", 1, False),
        ("/v1/forces/beta/proof?revision=2", 2, False),
        ("/v1/forces/beta/proof", 3, True),
        ("/v1/sources/paper/proof", 1, False),
    ],
)
def test_a_proof_leads_from_the_document_to_the_checkpoint(
    log: httpx.Client, path: str, revision: int, withdrawn: bool
) -> None:
    """By the proof file alone."""
    lines, _, note = data(log, path)["proof"].partition("\n\n")
    form, extra, index, *entry_path = lines.split("\n")
    assert form == "c2sp.org/tlog-proof@v1"
    assert index == f"index {revision - 1}"
    said = json.loads(b64decode(extra.removeprefix("extra ")))
    if withdrawn:
        assert said["line"] == f"{said['record']} withdrawn force/alpha"
    else:
        hashed = sha256(bytes.fromhex(said["salt"]) + said["document"].encode()).hexdigest()
        assert said["line"] == f"{said['record']} {hashed}"
    changes = said["changes"]
    inner = leaf_hash(said["line"].encode()), changes["index"], changes["size"], hashes(changes["path"])
    root = root_of_inclusion(*inner)
    assert root is not None
    head = json.loads(said["head"])
    assert (head["changes"], head["number"], head["form"]) == (root.hex(), revision, 2)
    checkpoint = Checkpoint.parse(verified(note, [KEY.public]))
    leaf = leaf_hash(said["head"].encode())
    assert root_of_inclusion(leaf, revision - 1, checkpoint.size, hashes(entry_path)) == checkpoint.root


def test_a_proof_has_the_reason_and_its_salt(log: httpx.Client) -> None:
    found = data(log, "/v1/forces/alpha/proof")
    hashed = sha256(bytes.fromhex(found["reason_salt"]) + found["reason"].encode()).hexdigest()
    assert json.loads(found["head"])["reason"] == hashed


@pytest.mark.parametrize(("first", "second"), [(1, 1), (1, 2), (1, 3), (2, 3)])
def test_nothing_was_lost_between_two_checkpoints(log: httpx.Client, first: int, second: int) -> None:
    found = data(log, f"/v1/log/consistency?from={first}&to={second}")
    old, new = (b64decode(found[end]["root"]) for end in ("from", "to"))
    assert is_consistent(first, second, old, new, hashes(found["path"]))


@pytest.mark.parametrize(
    ("path", "status", "slug"),
    [
        ("/v1/log/consistency", 422, "invalid-parameter"),
        ("/v1/log/consistency?from=3&to=2", 422, "unknown-revision"),
        ("/v1/log/consistency?from=1&to=4", 422, "unknown-revision"),
        ("/v1/log/consistency?from=0", 422, "unknown-revision"),
        ("/v1/log/checkpoint?as_of=2012", 422, "unknown-parameter"),
        ("/v1/log/tile/0/000", 404, "not-found"),
        ("/v1/log/tile/0/000.p/4", 404, "not-found"),
        ("/v1/log/tile/x/000.p/1", 404, "not-found"),
        ("/v1/log/tile/00/000.p/1", 404, "not-found"),
        ("/v1/log/tile/64/000.p/1", 404, "not-found"),
        ("/v1/log/tile/entries/000.p/4", 404, "not-found"),
        ("/v1/log/tile/entries/000.p/0", 404, "not-found"),
        ("/v1/forces/nowhere/proof", 404, "not-found"),
        ("/v1/nothing/alpha/proof", 404, "not-found"),
        ("/v1/forces/alpha/proof?revision=4", 422, "unknown-revision"),
        ("/v1/forces/alpha/proof?revision=x", 422, "unknown-revision"),
    ],
)
def test_what_is_not_there(log: httpx.Client, path: str, status: int, slug: str) -> None:
    answer = log.get(path)
    assert answer.status_code == status
    assert answer.json()["type"] == f"/problems/{slug}"


def test_without_a_key_the_log_is_unsigned_and_says_so(database_url: str) -> None:
    fill(database_url)
    with serving(database_url) as client:
        found = data(client, "/v1/log")
        assert (found["origin"], found["signed"], found["keys"]) == ("registry", False, [])
        note = client.get("/v1/log/checkpoint").text
        assert Checkpoint.parse(text_of(note)).size == 3
        with pytest.raises(NoteError, match="no key that is known"):
            verified(note, [KEY.public])


def test_an_empty_register_has_an_empty_log(database_url: str) -> None:
    with serving(database_url, public_url="https://registry.example.org/police") as client:
        found = Checkpoint.parse(text_of(client.get("/v1/log/checkpoint").text))
        assert found == ("registry.example.org/police/v1/log", 0, sha256(b"").digest())


def test_the_log_grows_with_the_register_and_follows_its_own_past(database_url: str) -> None:
    fill(database_url)
    with serving(database_url) as client:
        before = Checkpoint.parse(text_of(client.get("/v1/log/checkpoint").text))
        save(database_url, force("delta"))
        after = Checkpoint.parse(text_of(client.get("/v1/log/checkpoint").text))
        path = hashes(data(client, f"/v1/log/consistency?from={before.size}")["path"])
        assert is_consistent(before.size, after.size, before.root, after.root, path)


def test_what_was_changed_in_the_database_is_not_signed(database_url: str) -> None:
    fill(database_url)
    engine = connect(database_url)
    with writing(engine) as session:
        session.execute(text("UPDATE revision SET actor = 'another' WHERE number = 2"))
    engine.dispose()
    with serving(database_url) as client:
        answer = client.get("/v1/log/checkpoint")
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/log-broken")
        assert "revision 2" in answer.json()["detail"]


@pytest.mark.parametrize("schema", ["0001", "0003"])
def test_what_older_releases_wrote_is_in_the_log_as_it_was_hashed(blank_url: str, schema: str) -> None:
    """A register of form 1 that is written on: one log, and a proof of what stands in each form."""
    old_register(blank_url, schema)
    assert [run(blank_url, *command)[0] for command in (("migrate", "--backed-up"), ("rebuild",))] == [0, 0]
    save(blank_url, SOURCE)
    with serving(blank_url) as client:
        found = Checkpoint.parse(text_of(client.get("/v1/log/checkpoint").text))
        heads = entries(client, found.size)
        assert ["form" in json.loads(head) for head in heads] == [False] * 4 + [True]
        assert MerkleTree(map(leaf_hash, heads)).root() == found.root
        old = data(client, "/v1/forces/bedfordshire/proof")
        assert old["line"] == f"force/bedfordshire {sha256(old['document'].encode()).hexdigest()}"
        assert old["line"] in old["lines"]
        lines = "".join(f"{line}\n" for line in old["lines"])
        assert json.loads(old["head"])["changes"] == sha256(lines.encode()).hexdigest()
    assert run(blank_url, "check")[0] == 0
