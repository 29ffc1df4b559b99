"""Keys that sign the log, and the checkpoint that is kept outside the database: never two histories."""

import logging
import stat
from pathlib import Path

import pytest

from app.api.callers import Scope
from app.database import connect, migrate, reading
from app.log.publication import PublishedLog
from app.log.revision_log import RevisionLog
from app.log.signed_notes import Checkpoint, SigningKey, VerifyingKey, text_of, verified
from tests.curation.writers import key
from tests.databases import copied
from tests.registry_in_use import SOURCE, force, save, serving
from tests.test_cli import run, write

ORIGIN = "registry.example.org/v1/log"


def kept(path: Path) -> Checkpoint:
    return Checkpoint.parse(text_of(path.read_text()))


def test_a_key_is_made_once_and_nobody_else_can_read_it(tmp_path: Path) -> None:
    url, path = f"sqlite:///{tmp_path}/none.db", tmp_path / "log.key"
    told = {"REGISTRY_LOG_KEY_FILE": str(path), "REGISTRY_PUBLIC_URL": "https://registry.example.org"}
    code, said, _ = run(url, "log", "key", "create", **told)
    assert code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    made = VerifyingKey.parse(said)
    assert (made.name, SigningKey.parse(path.read_text()).public) == (ORIGIN, made)
    before = path.read_text()
    code, _, said = run(url, "log", "key", "create", **told)
    assert (code, "is there already" in said, path.read_text()) == (1, True, before)
    assert run(url, "log", "key", "show", **told)[1] == f"{made}\n"


def test_after_a_rotation_both_keys_verify(database_url: str, tmp_path: Path) -> None:
    path = tmp_path / "log.key"
    told = {"REGISTRY_LOG_KEY_FILE": str(path), "REGISTRY_LOG_ORIGIN": ORIGIN}
    former = VerifyingKey.parse(run(database_url, "log", "key", "create", **told)[1])
    new = VerifyingKey.parse(run(database_url, "log", "key", "rotate", **told)[1])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert run(database_url, "log", "key", "show", **told)[1] == f"{new}\n{former}\n"
    with serving(database_url, log_key_file=str(path)) as client:
        note = client.get("/v1/log/checkpoint").text
        assert client.get("/v1/log").json()["data"]["keys"] == [str(new), str(former)]
    for each in (new, former):
        assert verified(note, [each]).startswith(ORIGIN)


@pytest.mark.parametrize(
    ("content", "origin", "said"),
    [
        (None, None, "registry log key create"),
        ("no key\n", None, "is no file of keys"),
        ("", None, "must have keys of one name"),
        (f"{SigningKey.make('a')}\n{SigningKey.make('b')}\n", None, "must have keys of one name"),
        (f"{SigningKey.make('a')}\n", "b", "the key signs as a"),
    ],
    ids=["no file", "no key", "empty", "two names", "another name"],
)
def test_a_key_that_cannot_sign(
    database_url: str, tmp_path: Path, content: str | None, origin: str | None, said: str
) -> None:
    path = tmp_path / "log.key"
    if content is not None:
        path.write_text(content)
    told = {"REGISTRY_LOG_KEY_FILE": str(path)} | ({"REGISTRY_LOG_ORIGIN": origin} if origin else {})
    code, _, found = run(database_url, "log", "export", "-", **told)
    assert (code, said in found) == (1, True)


def test_every_write_publishes_its_checkpoint(database_url: str, tmp_path: Path) -> None:
    path, document = tmp_path / "checkpoint", tmp_path / "one.ndjson"
    told = {"REGISTRY_CHECKPOINT_FILE": str(path)}
    write(document, SOURCE)
    assert run(database_url, "load", str(document), **told)[0] == 0
    assert kept(path).size == 1
    headers = key(database_url, "Ann", Scope.CURATE)
    with serving(database_url, checkpoint_file=str(path)) as client:
        answer = client.post("/v1/forces?reason=a+test", json=force("alpha"), headers=headers)
        assert answer.status_code == 201, answer.text
        assert path.read_text() == client.get("/v1/log/checkpoint").text
        assert kept(path).size == 2
        client.post("/v1/forces?reason=a+test&dry_run=true", json=force("beta"), headers=headers)
        assert kept(path).size == 2
        assert client.get("/readyz").json()["checks"]["log"]
    assert list(tmp_path.glob("*.part")) == []


def test_an_older_backup_is_read_and_neither_written_nor_signed(tmp_path: Path) -> None:
    """Cut off, and then written on: the two histories that nobody may sign."""
    url, path = f"sqlite:///{tmp_path}/registry.db", tmp_path / "checkpoint"
    migrate(url)
    save(url, SOURCE, force("alpha"))
    headers = key(url, "Ann", Scope.CURATE)
    backup = f"sqlite:///{copied(Path(url.removeprefix('sqlite:///')), tmp_path / 'backup.db')}"
    with serving(url, checkpoint_file=str(path)) as client:
        assert client.post("/v1/forces?reason=a+test", json=force("beta"), headers=headers).status_code == 201
    published = path.read_text()
    for said in ("ends with 1: is it an older backup?", "up to revision 2 it has something else"):
        with serving(backup, checkpoint_file=str(path)) as client:
            assert client.get("/v1/forces/alpha").status_code == 200
            answer = client.post("/v1/forces?reason=a+test", json=force("gamma"), headers=headers)
            assert (answer.status_code, answer.json()["type"]) == (503, "/problems/log-forked")
            assert said in answer.json()["detail"]
            assert client.get("/v1/log/checkpoint").status_code == 503
            ready = client.get("/readyz")
            assert (ready.status_code, ready.json()["checks"]["log"], said in ready.text) == (503, False, True)
        document = write(tmp_path / "one.ndjson", force("gamma"))
        code, _, refused = run(backup, "load", str(document), REGISTRY_CHECKPOINT_FILE=str(path))
        assert (code, said in refused) == (1, True)
        assert path.read_text() == published
        save(backup, force("other"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("nothing\n", "cannot be read"),
        (f"another\n0\n{'A' * 43}=\n\n", "is of another log, another"),
        (f"registry\n1\n{'A' * 43}=\n\n", "is it an older backup?"),
    ],
)
def test_a_checkpoint_that_is_not_of_this_log(database_url: str, tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "checkpoint"
    path.write_text(content)
    engine = connect(database_url)
    try:
        with reading(engine) as connection:
            assert said in (PublishedLog(engine, "registry", [], path).fault(connection) or "")
    finally:
        engine.dispose()


def test_what_was_committed_stays_so_where_its_checkpoint_cannot_be_kept(
    database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    save(database_url, SOURCE)
    engine = connect(database_url)
    try:
        with caplog.at_level(logging.ERROR):
            PublishedLog(engine, "registry", [], tmp_path / "nowhere" / "checkpoint").publish()
        assert "was not kept" in caplog.text
    finally:
        engine.dispose()


def test_another_database_in_the_place_of_one_is_noticed(database_url: str, tmp_path: Path) -> None:
    """What is kept in the process is never taken for what is in the database."""
    other = f"sqlite:///{tmp_path}/other.db"
    migrate(other)
    save(database_url, SOURCE, force("alpha"))
    save(database_url, force("beta"))
    save(other, SOURCE)
    log, engines = RevisionLog(), [connect(database_url), connect(other)]
    roots = []
    for engine in (*engines, engines[0]):
        with reading(engine) as connection:
            tree = log.tree(connection)
            roots.append((tree.size, tree.root()))
    for engine in engines:
        engine.dispose()
    assert [size for size, _ in roots] == [2, 1, 2]
    assert roots[0] == roots[2]
    assert len({root for _, root in roots}) == 2
