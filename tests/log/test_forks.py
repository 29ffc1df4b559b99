"""After a fork: the log goes on under a new name, a revision says why, and whoever follows is told where to begin."""

from pathlib import Path
from typing import Any, NamedTuple

import pytest

from app.api.callers import Scope
from app.database import connect, migrate, writing
from app.log import forks
from app.log.publication import PublishedLog
from app.log.signed_notes import Checkpoint, SigningKey, VerifyingKey, text_of, verified
from app.register import REGISTER
from app.registry.writing.repetition import remark
from app.registry.writing.successions import SuccessionStatement, first_name_of, succession_of, successor_of
from app.settings import SettingsError
from tests.curation.writers import key, problem
from tests.databases import copied
from tests.registry_in_use import SOURCE, force, save, serving
from tests.test_cli import run

ORIGIN = "registry.example.org/v1/log"
WHY = "the disk was lost"


class Forked(NamedTuple):
    """A signed register that was restored: revisions 2 and 3 were published and are lost."""

    url: str
    told: dict[str, str]
    checkpoint: Path
    published: str
    cursor: str
    """Of a follower who had seen revision 3."""

    @property
    def settings(self) -> dict[str, str]:
        """As `serving` takes them."""
        return {name.removeprefix("REGISTRY_").lower(): value for name, value in self.told.items()}

    def public_keys(self) -> list[VerifyingKey]:
        lines = Path(self.told["REGISTRY_LOG_KEY_FILE"]).read_text().splitlines()
        return [SigningKey.parse(line).public for line in lines]

    def succeed(self, *more: str) -> tuple[int, str, str]:
        return run(self.url, "log", "succeed", "--reason", WHY, *more, **self.told)


@pytest.fixture
def forked(tmp_path: Path) -> Forked:
    lost, url = f"sqlite:///{tmp_path}/lost.db", f"sqlite:///{tmp_path}/registry.db"
    checkpoint, key_file = tmp_path / "checkpoint", tmp_path / "log.key"
    told = {"REGISTRY_LOG_KEY_FILE": str(key_file), "REGISTRY_CHECKPOINT_FILE": str(checkpoint)}
    key_file.write_text(f"{SigningKey.make(ORIGIN)}\n")
    migrate(lost)
    save(lost, SOURCE, force("alpha"))
    copied(tmp_path / "lost.db", tmp_path / "registry.db")
    headers = key(lost, "Ann", Scope.CURATE)
    with serving(lost, log_key_file=str(key_file), checkpoint_file=str(checkpoint)) as client:
        for slug in ("beta", "gamma"):
            client.post("/v1/forces?reason=a+test", json=force(slug), headers=headers).raise_for_status()
        cursor = client.get("/v1/changes").json()["meta"]["bookmark"]
    return Forked(url, told, checkpoint, checkpoint.read_text(), cursor)


def test_the_log_goes_on_under_a_new_name_and_says_why(forked: Forked) -> None:
    [former] = forked.public_keys()
    code, said, _ = forked.succeed()
    assert code == 0
    lost = Checkpoint.parse(text_of(forked.published))
    assert f"revision 2: {ORIGIN}/2 succeeds {ORIGIN}, last published at revision 3 with root " in said
    [new] = forked.public_keys()
    assert (new.name, str(new) in said) == (f"{ORIGIN}/2", True)
    found = Checkpoint.parse(verified(forked.checkpoint.read_text(), [new]))
    assert found[:2] == (f"{ORIGIN}/2", 2)
    with serving(forked.url, **forked.settings) as client:
        described = client.get("/v1/log").json()["data"]
        assert (described["origin"], described["size"], described["keys"]) == (new.name, 2, [str(new)])
        [succession] = described["successions"]
        assert succession.pop("recorded") == client.get("/v1/revisions/2").json()["data"]["recorded"]
        assert succession == {
            "revision": 2,
            "origin": f"{ORIGIN}/2",
            "former": {"origin": ORIGIN, "size": 3, "root": lost.encoded_root},
            "reason": WHY,
        }
        assert client.get("/v1/log/checkpoint").text == forked.checkpoint.read_text()
        assert client.get("/readyz").status_code == 200
        headers = key(forked.url, "Ann", Scope.CURATE)
        assert client.post("/v1/forces?reason=a+test", json=force("delta"), headers=headers).status_code == 201
        assert Checkpoint.parse(text_of(forked.checkpoint.read_text())).size == 3
        revision = client.get("/v1/revisions/2").json()["data"]
        assert (revision["actor"], revision["changes"]) == ("registry log succeed", [])
    assert former not in forked.public_keys()


def test_what_was_there_before_stays_beside(forked: Forked) -> None:
    before = Path(forked.told["REGISTRY_LOG_KEY_FILE"]).read_text()
    forked.succeed()
    kept = {path.name.partition(".of-")[0]: path.read_text() for path in forked.checkpoint.parent.glob("*.of-*")}
    assert kept == {"checkpoint": forked.published, "log.key": before}


def test_whoever_followed_the_lost_branch_is_told_where_to_go_on(forked: Forked) -> None:
    with serving(forked.url, **forked.settings) as client:
        before = client.get(f"/v1/changes?after={forked.cursor}")
        assert problem(before) == (410, "history-forked", ["query/after"])
        assert before.json()["succession"] is None
    forked.succeed()
    save(forked.url, force("delta"))
    with serving(forked.url, **forked.settings) as client:
        for path in ("/v1/changes", "/v1/changes/events"):
            answer = client.get(path, params={"after": forked.cursor})
            assert problem(answer) == (410, "history-forked", ["query/after"])
            assert "take back what you have from revisions later than 1" in answer.json()["detail"]
            assert answer.json()["succession"]["former"]["size"] == 3
        rest = client.get("/v1/changes?after=1").json()
        assert [entry["record"]["id"] for entry in rest["data"]] == ["delta"]


def test_everything_verifies_and_the_checkpoint_of_before_does_not(forked: Forked, tmp_path: Path) -> None:
    forked.succeed()
    assert run(forked.url, "check", **forked.told)[0] == 0
    code, said, _ = run(forked.url, "verify", **forked.told)
    assert (code, f"revision 2 says that history forked: {ORIGIN}/2 succeeds" in said) == (0, True)
    kept = tmp_path / "kept"
    kept.write_text(forked.published)
    assert run(forked.url, "verify", "--against", str(kept), **forked.told)[0] == 1


def test_a_log_that_was_written_on_before_it_was_noticed(forked: Forked) -> None:
    for slug in ("delta", "epsilon", "zeta"):
        save(forked.url, force(slug))
    assert "revision 5:" in forked.succeed()[1]
    assert Checkpoint.parse(text_of(forked.checkpoint.read_text()))[:2] == (f"{ORIGIN}/2", 5)
    with serving(forked.url, **forked.settings) as client:
        assert client.get(f"/v1/changes?after={forked.cursor}").status_code == 410


def test_it_happens_again(forked: Forked, tmp_path: Path) -> None:
    path = Path(forked.url.removeprefix("sqlite:///"))
    older = path.read_bytes()
    forked.succeed()
    for each in path.parent.glob("registry.db*"):
        each.unlink()
    path.write_bytes(older)
    with serving(forked.url, **forked.settings) as client:
        assert client.get("/readyz").status_code == 503
    assert f"{ORIGIN}/3 succeeds {ORIGIN}/2, last published at revision 2" in forked.succeed()[1]
    assert forked.public_keys()[0].name == f"{ORIGIN}/3"


def test_killed_in_between_it_is_brought_to_its_end(forked: Forked, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: Any) -> None:
        raise SettingsError("killed")

    with monkeypatch.context() as broken:
        broken.setattr(forks, "succeed_key", killed)
        assert forked.succeed()[0] == 1
    with serving(forked.url, **forked.settings) as client:
        ready = client.get("/readyz")
        assert (ready.status_code, f"the log is called {ORIGIN}/2" in ready.text) == (503, True)
        assert client.get("/v1/log/checkpoint").status_code == 503
    with monkeypatch.context() as broken:
        broken.setattr(PublishedLog, "restart", killed)
        assert forked.succeed()[0] == 1
    with serving(forked.url, **forked.settings) as client:
        assert "revision 2 succeeds the checkpoint" in client.get("/readyz").text
    code, said, _ = forked.succeed()
    assert (code, said.splitlines()[0].partition(":")[0]) == (0, "revision 2")
    with serving(forked.url, **forked.settings) as client:
        assert client.get("/v1/log").json()["data"]["size"] == 2


def test_where_nothing_forked_nothing_succeeds(forked: Forked, tmp_path: Path) -> None:
    forked.succeed()
    code, _, said = forked.succeed()
    assert (code, "there is no fork" in said) == (1, True)
    other = tmp_path / "other"
    other.write_text(forked.published.replace(ORIGIN, "other.example/log"))
    code, _, said = forked.succeed("--last", str(other))
    assert (code, "is of another register, other.example/log" in said) == (1, True)
    code, _, said = run(forked.url, "log", "succeed", "--reason", WHY)
    assert (code, "name with --last" in said) == (1, True)
    assert run(forked.url, "log", "succeed", "--reason", " ", **forked.told)[0] == 2


def test_a_log_without_key_is_succeeded_too(database_url: str, tmp_path: Path) -> None:
    save(database_url, SOURCE)
    path = tmp_path / "checkpoint"
    path.write_text(f"registry\n7\n{'A' * 43}=\n\n")
    told = {"REGISTRY_CHECKPOINT_FILE": str(path)}
    code, said, _ = run(database_url, "log", "succeed", "--reason", WHY, **told)
    assert (code, said.startswith("revision 2: registry/2 succeeds registry, last published at revision 7")) == (
        0,
        True,
    )
    assert Checkpoint.parse(text_of(path.read_text()))[:2] == ("registry/2", 2)
    assert run(database_url, "check", **told)[0] == 0
    save(database_url, force("alpha"))
    with serving(database_url, checkpoint_file=str(path)) as client:
        assert client.get("/v1/log").json()["data"]["origin"] == "registry/2"


def test_an_empty_revision_of_anyone_else_is_still_found(database_url: str) -> None:
    save(database_url, SOURCE)
    engine = connect(database_url)
    for actor in ("somebody", "registry log succeed"):
        with writing(engine) as session:
            remark(session, REGISTER, actor=actor, reason="a remark")
    engine.dispose()
    code, _, said = run(database_url, "check")
    assert (code, said.count("wrote nothing")) == (1, 2)


@pytest.mark.parametrize(
    ("origin", "following", "first"),
    [
        ("registry", "registry/2", "registry"),
        ("registry/2", "registry/3", "registry"),
        ("a.example/v1/log/9", "a.example/v1/log/10", "a.example/v1/log"),
    ],
)
def test_names(origin: str, following: str, first: str) -> None:
    assert (successor_of(origin), first_name_of(origin)) == (following, first)


def test_a_sentence_is_read_as_it_was_written() -> None:
    class Row(NamedTuple):
        number: int
        recorded: str
        actor: str
        reason: str

    said = SuccessionStatement("a/2", "a", 7, "A" * 43 + "=", "why: because")
    found = succession_of(Row(8, "2026", "registry log succeed", str(said)))
    assert found is not None
    assert found.said == said
    assert succession_of(Row(8, "2026", "k-1", str(said))) is None
