"""Whether a log holds: exported, changed in every way that somebody may think of, and verified by one file alone."""

import ast
import json
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import app.log.register_verifier as verifier
from app.cli import main
from app.log.signed_notes import SigningKey, signed, text_of
from app.settings import get_settings
from tests.registry_in_use import SOURCE, force, save, serving, withdraw
from tests.test_cli import run
from tests.upgrades.registers import old_register

KEY = SigningKey.make("registry.example.org/v1/log")
Lines = list[dict[str, Any]]
Change = Callable[[Lines], Any]


def fill(url: str) -> None:
    save(url, SOURCE, force("alpha"), force("beta"), force("gamma"))
    save(url, force("beta", name="Beta Police"))
    withdraw(url, "force:beta", "force:alpha")


@pytest.fixture(scope="module")
def exported(module_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The log of a register of three revisions."""
    fill(module_url)
    folder = tmp_path_factory.mktemp("log")
    (folder / "log.key").write_text(f"{KEY}\n")
    target = folder / "log.ndjson"
    code, _, said = run(module_url, "log", "export", str(target), REGISTRY_LOG_KEY_FILE=str(folder / "log.key"))
    assert code == 0, said
    return target.read_text()


def verify(path: Path, *more: str) -> tuple[int, str]:
    """`registry verify`, which needs no database for a file."""
    get_settings.cache_clear()
    result = CliRunner().invoke(main, ["verify", str(path), *more])
    get_settings.cache_clear()
    return result.exit_code, result.stdout + result.stderr


def changed(exported: str, path: Path, change: Change) -> Path:
    lines = [json.loads(line) for line in exported.splitlines()]
    change(lines)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def place(lines: Lines, record: str, nth: int = 0) -> int:
    """Where the nth change of the record stands."""
    return [at for at, line in enumerate(lines) if line.get("line", "").startswith(f"force/{record} ")][nth]


def heads(lines: Lines) -> list[int]:
    return [at for at, line in enumerate(lines) if "head" in line]


def test_a_log_that_holds(exported: str, tmp_path: Path) -> None:
    path = changed(exported, tmp_path / "log.ndjson", len)
    code, said = verify(path, "--key", str(KEY.public))
    assert (code, "3 revisions hold, and 6 changes" in said, f"signed by {KEY.name}" in said) == (0, True, True)
    code, said = verify(path)
    assert (code, "who signed it was not asked" in said) == (0, True)


def rewrite(lines: Lines, nth: int, **fields: Any) -> None:
    """Another head for a revision."""
    at = heads(lines)[nth]
    head = json.loads(lines[at]["head"]) | fields
    lines[at]["head"] = json.dumps(head, sort_keys=True, separators=(",", ":"))


def exchange(lines: Lines, one: int, other: int) -> None:
    lines[one], lines[other] = lines[other], lines[one]


def rehash(lines: Lines) -> None:
    """Another document for alpha, with a line that fits it."""
    line = lines[place(lines, "alpha")]
    line["document"] = line["document"].replace("Alpha", "Alfa")
    line["line"] = "force/alpha " + sha256(bytes.fromhex(line["salt"]) + line["document"].encode()).hexdigest()


def pretend(lines: Lines) -> None:
    """The document of gamma in the place of alpha's, with a line that fits it."""
    alpha, gamma = lines[place(lines, "alpha")], lines[place(lines, "gamma")]
    alpha |= {"document": gamma["document"], "salt": gamma["salt"]}
    alpha["line"] = gamma["line"].replace("gamma", "alpha")


def sign_again(lines: Lines) -> None:
    lines[0]["checkpoint"] = signed(text_of(lines[0]["checkpoint"]), [SigningKey.make(KEY.name)])


def break_signature(lines: Lines) -> None:
    note = lines[0]["checkpoint"]
    lines[0]["checkpoint"] = note[:-10] + ("A" if note[-10] != "A" else "B") + note[-9:]


CHANGES: list[tuple[str, Change, str]] = [
    ("a letter", lambda ls: ls[place(ls, "alpha")].update(document="{}"), "the document of force/alpha is another"),
    (
        "a document taken away",
        lambda ls: ls[place(ls, "alpha")].update(document=None, salt=None, redacted=2),
        "revision 1: force/alpha has no document, and was not redacted",
    ),
    ("a salt", lambda ls: ls[place(ls, "alpha")].update(salt="00" * 16), "the document of force/alpha is another"),
    ("a document and its line", rehash, "revision 1 wrote something else"),
    ("the document of another", pretend, "the document of force/alpha is that of gamma"),
    ("a change left out", lambda ls: ls.pop(place(ls, "gamma")), "revision 1 wrote something else, or not all"),
    ("a change twice", lambda ls: ls.append(ls[-1]), "revision 3 wrote something else"),
    ("changes exchanged", lambda ls: exchange(ls, place(ls, "alpha"), place(ls, "gamma")), "revision 1 wrote"),
    ("a withdrawal taken back", lambda ls: ls.pop(), "revision 3 wrote something else"),
    ("a reason", lambda ls: ls[heads(ls)[1]].update(reason="another"), "revision 2: the reason is another"),
    ("an actor", lambda ls: rewrite(ls, 1, actor="another"), "revision 3 does not follow the one before"),
    ("a time of the newest", lambda ls: rewrite(ls, 2, recorded="2001"), "its checkpoint of revision 3 is not of this"),
    ("a number", lambda ls: rewrite(ls, 1, number=5), "revision 2 is missing"),
    ("the newest cut off", lambda ls: ls.__delitem__(slice(heads(ls)[2], None)), "it was cut off"),
    ("one in the middle", lambda ls: ls.__delitem__(slice(heads(ls)[1], heads(ls)[2])), "revision 2 is missing"),
    ("another signer", sign_again, "the checkpoint is not signed by this key"),
    ("a signature", break_signature, "the signature of"),
    ("no log at all", lambda ls: ls.clear(), "it cannot be read as a log"),
    ("no checkpoint", lambda ls: ls.pop(0), "it cannot be read as a log"),
]


@pytest.mark.parametrize(("change", "said"), [each[1:] for each in CHANGES], ids=[each[0] for each in CHANGES])
def test_whatever_is_changed_in_a_log_is_found(exported: str, tmp_path: Path, change: Change, said: str) -> None:
    code, found = verify(changed(exported, tmp_path / "log.ndjson", change), "--key", str(KEY.public))
    assert code == 1
    assert said in found


def test_a_reason_can_be_erased_and_the_rest_holds(exported: str, tmp_path: Path) -> None:
    def erase(lines: Lines) -> None:
        lines[heads(lines)[1]] |= {"reason": None}

    assert verify(changed(exported, tmp_path / "log.ndjson", erase), "--key", str(KEY.public))[0] == 0


def test_a_history_written_anew_is_found_by_a_checkpoint_that_was_kept(database_url: str, tmp_path: Path) -> None:
    """All its hashes fit each other; only what somebody kept elsewhere tells."""
    fill(database_url)
    kept, other = tmp_path / "kept.txt", tmp_path / "other.txt"
    with serving(database_url) as client:
        kept.write_text(client.get("/v1/log/checkpoint").text)
        save(database_url, force("delta"))
        address = str(client.base_url)
        assert verify(Path("log"), "--help")[0] == 0
        result = CliRunner().invoke(main, ["verify", address, "--against", str(kept)])
        assert (result.exit_code, "begins with what it says" in result.stdout) == (0, True)
        other.write_text(kept.read_text().replace("\n3\n", "\n2\n"))
        result = CliRunner().invoke(main, ["verify", address, "--against", str(other)])
        assert (result.exit_code, "is not of this log" in result.stderr) == (1, True)
        other.write_text(kept.read_text().replace("\n3\n", "\n9\n"))
        result = CliRunner().invoke(main, ["verify", address, "--against", str(other)])
        assert (result.exit_code, "it was cut off" in result.stderr) == (1, True)


def test_this_register_is_verified_without_an_address(database_url: str, tmp_path: Path) -> None:
    fill(database_url)
    key = tmp_path / "log.key"
    key.write_text(f"{KEY}\n")
    code, said, _ = run(database_url, "verify", REGISTRY_LOG_KEY_FILE=str(key))
    assert (code, f"signed by {KEY.name}" in said) == (0, True)


def test_what_older_releases_wrote_is_verified_in_their_form(blank_url: str) -> None:
    old_register(blank_url, "0002")
    assert [run(blank_url, *command)[0] for command in (("migrate", "--backed-up"), ("rebuild",))] == [0, 0]
    save(blank_url, SOURCE)
    code, said, _ = run(blank_url, "verify")
    assert (code, "5 revisions hold" in said) == (0, True)


def test_the_verifier_stands_alone(exported: str, tmp_path: Path) -> None:
    """One file, the standard library, and `cryptography` for those who ask for signatures."""
    source = Path(verifier.__file__)
    imported = {
        name.partition(".")[0]
        for node in ast.walk(ast.parse(source.read_text()))
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [])
        + ([each.name for each in node.names] if isinstance(node, ast.Import) else [])
    }
    assert imported - {"cryptography"} <= set(sys.stdlib_module_names)
    log = changed(exported, tmp_path / "log.ndjson", len)
    command = [sys.executable, "-I", str(source), str(log)]
    good = subprocess.run([*command, "--key", str(KEY.public)], capture_output=True, text=True, check=False)
    assert (good.returncode, "3 revisions hold" in good.stdout) == (0, True)
    log.write_text(log.read_text().replace("Alpha", "Alfa"))
    bad = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (bad.returncode, "IT DOES NOT HOLD: revision 1: the document of force/alpha" in bad.stderr) == (1, True)


GOLDEN = Path(__file__).parent / "golden.tlog-proof"
GOLDEN_KEY = "registry.example.org/v1/log+7dc74997+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"


def proof(path: Path, change: Callable[[dict[str, Any]], Any] = len, lines: Callable[[list[str]], Any] = len) -> Path:
    """The golden proof, with something else in it."""
    told = GOLDEN.read_text().split("\n")
    said = json.loads(b64decode(told[1].removeprefix("extra ")))
    change(said)
    told[1] = "extra " + b64encode(json.dumps(said).encode()).decode()
    lines(told)
    path.write_text("\n".join(told))
    return path


def test_a_proof_is_verified_by_itself() -> None:
    code, said = verify(GOLDEN, "--key", GOLDEN_KEY)
    assert (code, said.startswith("force/alpha: revision 1 of 4 wrote {"), "signed by" in said) == (0, True, True)


def other_line(said: dict[str, Any]) -> None:
    said |= {"document": None, "salt": None, "line": "force/alpha withdrawn"}


PROOFS: list[tuple[Callable[[dict[str, Any]], Any], Callable[[list[str]], Any], str]] = [
    (lambda said: said.update(document="{}"), len, "the document of force/alpha is another"),
    (lambda said: said.update(record="force/beta"), len, "the line is of another record"),
    (lambda said: said["changes"].update(index=1), len, "revision 1 did not write this"),
    (lambda said: said["changes"]["path"].pop(), len, "a path is too short"),
    (lambda said: said["changes"]["path"].extend(["", ""]), len, "a path is too long"),
    (other_line, len, "revision 1 did not write this"),
    (lambda said: said.update(head=said["head"].replace("tests", "toads")), len, "is not in the log"),
    (len, lambda told: told.__setitem__(2, "index 1"), "in another place"),
    (len, lambda told: told.pop(3), "a path is too short"),
    (len, lambda told: told.__setitem__(6, "another.example"), "the signature of"),
    (len, lambda told: told.__setitem__(0, "c2sp.org/tlog-proof@v2"), "no proof that is known"),
]


@pytest.mark.parametrize(("change", "lines", "said"), PROOFS, ids=[each[2] for each in PROOFS])
def test_whatever_is_changed_in_a_proof_is_found(
    tmp_path: Path, change: Callable[[dict[str, Any]], Any], lines: Callable[[list[str]], Any], said: str
) -> None:
    code, found = verify(proof(tmp_path / "changed.tlog-proof", change, lines), "--key", GOLDEN_KEY)
    assert (code, said in found) == (1, True), found


def test_a_proof_of_what_older_releases_wrote(blank_url: str, tmp_path: Path) -> None:
    old_register(blank_url, "0002")
    assert [run(blank_url, *command)[0] for command in (("migrate", "--backed-up"), ("rebuild",))] == [0, 0]
    path = tmp_path / "old.tlog-proof"
    with serving(blank_url) as client:
        path.write_text(client.get("/v1/forces/bedfordshire/proof").json()["data"]["proof"])
    code, said = verify(path)
    assert (code, said.startswith("force/bedfordshire: revision 2 of 4 wrote")) == (0, True)
