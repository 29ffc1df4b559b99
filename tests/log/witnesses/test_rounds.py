"""Witnesses sign what only grew; they are asked again as they wish, and nobody waits for those who do not answer."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from app.log.signed_notes import Checkpoint, NoteError, SigningKey, text_of, verified
from app.log.witnesses.cosignatures import WitnessKey
from tests.log.witnesses.witnessing import RunningWitness, witness
from tests.registry_in_use import SOURCE, force, save, serving
from tests.test_cli import run

KEY = SigningKey.make("registry.example.org/v1/log")


class Witnessed(NamedTuple):
    """A signed register of three revisions, and two witnesses."""

    url: str
    told: dict[str, str]
    one: RunningWitness
    other: RunningWitness

    def ask(self) -> tuple[int, dict[str, str]]:
        """One round: the exit status, and what came of each witness."""
        code, said, _ = run(self.url, "log", "witness", "--once", **self.told)
        return code, {name: what for name, _, what in (line.partition(": ") for line in said.splitlines())}

    @property
    def settings(self) -> dict[str, str]:
        return {name.removeprefix("REGISTRY_").lower(): value for name, value in self.told.items()}


@pytest.fixture
def witnessed(database_url: str, tmp_path: Path) -> Iterator[Witnessed]:
    save(database_url, SOURCE, force("alpha"))
    for slug in ("beta", "gamma"):
        save(database_url, force(slug))
    (tmp_path / "log.key").write_text(f"{KEY}\n")
    with witness("one.example/w", [KEY.public]) as one, witness("other.example", [KEY.public]) as other:
        policy = f"# who sees us\nlog {KEY.public}\n{one.policy}{other.policy}quorum none\n"
        (tmp_path / "policy").write_text(policy)
        told = {"REGISTRY_LOG_KEY_FILE": str(tmp_path / "log.key"), "REGISTRY_WITNESS_FILE": str(tmp_path / "policy")}
        yield Witnessed(database_url, told, one, other)


def checkpoint(client: httpx.Client) -> str:
    return client.get("/v1/log/checkpoint").text


def test_what_they_sign_stands_below_the_checkpoint(witnessed: Witnessed) -> None:
    assert witnessed.ask() == (0, {"one.example/w": "signed", "other.example": "signed"})
    with serving(witnessed.url, **witnessed.settings) as client:
        note = checkpoint(client)
        text = verified(note, [KEY.public])
        assert Checkpoint.parse(text).size == 3
        for each in (witnessed.one, witnessed.other):
            assert each.vkey.line_of(text, note[len(text) + 1 :]) in note
            assert each.known[KEY.name] == Checkpoint.parse(text)
        proof = client.get("/v1/forces/alpha/proof").json()["data"]["proof"]
        assert proof.endswith(note)
        assert json.loads(client.get("/v1/log/export").text.splitlines()[0])["checkpoint"] == note
        assert "note" not in client.get("/readyz").json()
        save(witnessed.url, force("delta"))
        later = checkpoint(client)
        assert Checkpoint.parse(text_of(later)).size == 4
        assert "one.example" not in later
    assert run(witnessed.url, "verify", **witnessed.told)[0] == 0
    assert run(witnessed.url, "check", **witnessed.told)[0] == 0


def test_each_is_given_the_proof_from_where_it_was(witnessed: Witnessed) -> None:
    sizes = [0]
    for number in range(6):
        assert witnessed.ask()[0] == 0
        assert witnessed.ask() == (0, {})
        sizes.append(3 + number)
        save(witnessed.url, force(f"force-{number}"))
    assert [old for old, _ in witnessed.one.asked] == sizes[:-1]
    assert {status for _, status in witnessed.one.asked} == {200}


def test_whoever_knows_another_size_is_asked_again_from_there(witnessed: Witnessed) -> None:
    assert witnessed.ask()[0] == 0
    for slug in ("delta", "epsilon"):
        save(witnessed.url, force(slug))
    witnessed.one.known.clear()  # it was set up anew
    assert witnessed.ask()[0] == 0
    assert witnessed.one.asked == [(0, 200), (3, 409), (0, 200)]
    assert witnessed.other.asked == [(0, 200), (3, 200)]


def test_who_has_seen_more_than_there_is_says_so(witnessed: Witnessed) -> None:
    """An older backup is noticed even where no checkpoint was kept."""
    witnessed.one.known[KEY.name] = Checkpoint(KEY.name, 9, bytes(32))
    code, said = witnessed.ask()
    assert code == 1
    assert said["one.example/w"].startswith("it has seen revision 9, and this register ends with 3")
    witnessed.one.known[KEY.name] = Checkpoint(KEY.name, 2, bytes(32))
    assert witnessed.ask()[1]["one.example/w"] == "answered 422: it did not grow"


def test_a_signature_that_is_wrong_is_not_kept(witnessed: Witnessed) -> None:
    witnessed.one.forging = True
    code, said = witnessed.ask()
    assert (code, said["one.example/w"]) == (1, "the signature of one.example/w is wrong")
    with serving(witnessed.url, **witnessed.settings) as client:
        assert "one.example" not in checkpoint(client)
        assert "other.example" in checkpoint(client)
        assert "note" not in client.get("/readyz").json()


def test_a_long_outage_is_told_with_its_beginning_and_holds_nobody_up(witnessed: Witnessed) -> None:
    with serving(witnessed.url, **witnessed.settings) as client:
        assert client.get("/readyz").json()["note"] == "no witness was asked yet: run `registry log witness`"
        witnessed.one.broken = witnessed.other.broken = 503
        assert witnessed.ask()[0] == 1
        began = client.get("/readyz").json()["note"]
        assert began.startswith("no witness signs the log since 2")
        assert began.endswith("answered 503: out of order")
        save(witnessed.url, force("delta"))
        assert witnessed.ask()[0] == 1
        ready = client.get("/readyz")
        assert (ready.status_code, ready.json()["note"]) == (200, began)
        assert verified(checkpoint(client), [KEY.public]).splitlines()[1] == "4"
        code, said, _ = run(witnessed.url, "doctor", **witnessed.told)
        assert (code, began in said) == (1, True)
        witnessed.other.broken = None
        assert witnessed.ask() == (1, {"one.example/w": "answered 503: out of order", "other.example": "signed"})
        assert "note" not in client.get("/readyz").json()


def test_after_a_succession_it_is_a_new_log_to_them(witnessed: Witnessed, tmp_path: Path) -> None:
    assert witnessed.ask()[0] == 0
    last = tmp_path / "last"
    last.write_text(f"{KEY.name}\n9\n{'A' * 43}=\n\n")
    code, said, _ = run(witnessed.url, "log", "succeed", "--reason", "lost", "--last", str(last), **witnessed.told)
    assert code == 0, said
    assert witnessed.ask()[1]["one.example/w"] == "answered 404: unknown log"
    new = SigningKey.parse((tmp_path / "log.key").read_text().strip()).public
    witnessed.one.logs.append(new)
    assert witnessed.ask()[1]["one.example/w"] == "signed"
    assert witnessed.one.asked[-1] == (0, 200)


def test_what_cannot_be_asked_is_said(witnessed: Witnessed, tmp_path: Path) -> None:
    code, _, said = run(witnessed.url, "log", "witness", "--once", REGISTRY_LOG_KEY_FILE=str(tmp_path / "log.key"))
    assert (code, "set REGISTRY_WITNESS_FILE" in said) == (1, True)
    unsigned = {"REGISTRY_WITNESS_FILE": witnessed.told["REGISTRY_WITNESS_FILE"]}
    code, _, said = run(witnessed.url, "log", "witness", "--once", **unsigned)
    assert (code, "the log has no key" in said) == (1, True)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("witness one x http://127.0.0.1:1", "is no key of a witness"),
        (f"witness one {KEY.public} http://127.0.0.1:1", "is no key of a witness"),
        (f"witness one {WitnessKey('one', bytes(32))} ftp://127.0.0.1", "is not an address of the web"),
        ("witness one", "write it as: witness NAME VKEY URL"),
        ("wittness one", "has a line that is none of a policy"),
    ],
)
def test_a_file_that_is_wrong_is_a_sentence(database_url: str, tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "policy").write_text(line + "\n")
    code, _, found = run(database_url, "log", "witness", "--once", REGISTRY_WITNESS_FILE=str(tmp_path / "policy"))
    assert (code, said in found) == (1, True), found


def test_a_key_of_a_witness_is_read_as_it_is_written() -> None:
    """The name, the id over name, type 4 and key, and the key."""
    key = WitnessKey("one.example/w", bytes(range(32)))
    assert WitnessKey.parse(str(key)) == key
    with pytest.raises(NoteError):
        WitnessKey.parse(str(key).replace("one", "two"))
