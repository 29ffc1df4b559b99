"""The command line, as processes: what users type, what they read, and what is left when one is killed."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from app.cli import main
from app.database import migrate
from app.exports.files import WHOLE
from app.settings import get_settings
from tests.registry_in_use import SOURCE, force, save

REGISTRY = str(Path(sys.executable).parent / "registry")


def start(url: str, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    own = {**os.environ, "REGISTRY_DATABASE_URL": url, **environment}
    own.pop("PYTHONDONTWRITEBYTECODE", None)  # each start would compile every module anew
    return subprocess.Popen([REGISTRY, *arguments], env=own, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def run(url: str, *arguments: str, **environment: str) -> tuple[int, str, str]:
    """The command in this process: its exit code and what it wrote."""
    get_settings.cache_clear()
    result = CliRunner().invoke(main, arguments, env={"REGISTRY_DATABASE_URL": url, **environment})
    get_settings.cache_clear()
    return result.exit_code, result.stdout, result.stderr


def write(path: Path, *documents: object) -> Path:
    path.write_text("".join(json.dumps(document) + "\n" for document in documents))
    return path


def test_load_export_and_check(database_url: str, tmp_path: Path) -> None:
    assert run(database_url, "check")[0] == 0
    code, out, _ = run(database_url, "load", "bch")
    assert (code, "revision 1: 169 documents written" in out) == (0, True)
    code, out, _ = run(database_url, "load", "bch")
    assert (code, "nothing to do" in out) == (0, True)
    target = tmp_path / "all.ndjson"
    assert run(database_url, "export", str(target))[0] == 0
    assert len(target.read_text().splitlines()) == 169
    code, out, _ = run(database_url, "export", "--as-of", "2008", "-")
    kinds = [json.loads(line)["type"] for line in out.splitlines()]
    assert (code, kinds.count("joint-unit")) == (0, 2)
    assert run(database_url, "load", str(target))[1].startswith("loading")
    code, out, _ = run(database_url, "check")
    assert (code, "the log is consistent: 1 revisions" in out) == (0, True)
    assert run(database_url, "export", "--known-at", "7", "-")[0] == 1


def test_loading_again_takes_back_no_amendment(database_url: str, tmp_path: Path) -> None:
    dataset = write(tmp_path / "dataset.ndjson", SOURCE, force("alpha", note="first"))
    assert run(database_url, "load", str(dataset))[0] == 0
    save(database_url, force("alpha", note="amended"))
    code, out, _ = run(database_url, "load", str(dataset))
    assert code == 0
    assert "1 documents were amended since and left as they are" in out
    assert "nothing to do: 1 documents" in out
    assert "revision 3: 1 documents written" in run(database_url, "load", "--restore", str(dataset))[1]


def test_a_broken_dataset_is_refused_whole(database_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    folder.mkdir()
    write(folder / "a.ndjson", SOURCE, force("alpha"), {**force("beta"), "started": "April 2009"})
    with (folder / "a.ndjson").open("a") as file:
        file.write('{"type": "force", "id": "x", "id": "y"}\nnot json\n')
    (folder / "b.yaml").write_text(
        "- type: force\n  id: gamma\n  name: Gamma\n\n- type: force\n  id: delta\n  nmae: Delta\n"
    )
    code, _, err = run(database_url, "load", str(folder))
    assert code == 1
    assert "a.ndjson line 4: is not JSON: the field 'id' stands twice" in err
    assert "a.ndjson line 5: is not JSON" in err
    write(folder / "a.ndjson", SOURCE, force("alpha"), {**force("beta"), "started": "April 2009"})
    code, _, err = run(database_url, "load", str(folder))
    assert "a.ndjson line 3 /started: 'April 2009' is not a date the registry reads" in err
    assert "b.yaml line 1 /citations: no fact without a source" in err
    assert "b.yaml line 5 /nmae: is not a field here; did you mean 'name'?" in err
    assert run(database_url, "check")[1].endswith("0 revisions\n")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("- &a {type: force}\n- *a\n", "aliases are not supported"),
        ("- type: force\n  type: force\n", "stands twice"),
        ("type: force\n", "is not a list of documents"),
        ("- [", "is not YAML"),
        ("- 2012\n", "is not an object"),
        ("- " + "[" * 49 + "]" * 49 + "\n", "is not an object"),
        ("- " + "[" * 50 + "]" * 50 + "\n", "x.yaml line 1: is not YAML: it is nested too deeply"),
        ("- " + "[" * 200_000, "x.yaml line 1: is not YAML: it is nested too deeply"),
        ("- {type: force}\n- a: " + "{a: " * 200_000, "x.yaml line 2: is not YAML: it is nested too deeply"),
    ],
)
def test_broken_yaml(tmp_path: Path, content: str, message: str) -> None:
    url = f"sqlite:///{tmp_path}/registry.db"
    migrate(url)
    (tmp_path / "x.yaml").write_text(content)
    code, _, err = run(url, "load", str(tmp_path / "x.yaml"))
    assert (code, message in err) == (1, True), err


def test_wrong_use_is_a_sentence(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/registry.db"
    for arguments, message in (
        (("serve",), "run: registry migrate"),
        (("load", "nothing"), "is no dataset"),
        (("check",), "run: registry migrate"),
    ):
        code, _, err = run(url, *arguments)
        assert (code, message in err, "Traceback" in err) == (1, True, False), err
    code, _, err = run(url, "serve", REGISTRY_PORT="99999")
    assert (code, "REGISTRY_PORT" in err) == (1, True)
    code, _, err = run("postgresql://nobody@127.0.0.1:1/none", "check")
    assert (code, "the database cannot be used" in err, "Traceback" in err) == (1, True, False)


def test_a_killed_load_leaves_the_database_as_it_was(database_url: str, tmp_path: Path) -> None:
    save(database_url, SOURCE)
    many = write(tmp_path / "many.ndjson", *(force(f"f{number}") for number in range(5_000)))
    process = start(database_url, "load", str(many))
    assert process.stdout
    while "read: 500 of 5,000" not in process.stdout.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.communicate()
    code, out, _ = run(database_url, "check")
    assert (code, "1 revisions" in out) == (0, True)
    few = write(tmp_path / "few.ndjson", force("f1"))
    assert "revision 2: 1 documents written" in run(database_url, "load", str(few))[1]


def test_serve_answers_and_ends_cleanly(loaded_url: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = start(loaded_url, "serve", "--port", str(port))
    try:
        assert answered(process, port)["status"] == "ready"
    finally:
        process.terminate()
        process.communicate(timeout=30)
    assert process.returncode == 0


def answered(process: subprocess.Popen[str], port: int) -> dict[str, object]:
    """What /readyz says, once the process serves."""
    for _ in range(300):
        try:
            found: dict[str, object] = httpx.get(f"http://127.0.0.1:{port}/readyz").json()
        except httpx.TransportError:
            assert process.poll() is None
            time.sleep(0.1)
        else:
            return found
    raise AssertionError("it does not serve")


@pytest.mark.parametrize("workers", ["1", "2"])
def test_serve_ends_in_time_though_a_client_does_not_read(national_url: str, workers: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    arguments = ("serve", "--port", str(port), "--workers", workers)
    process = start(national_url, *arguments, REGISTRY_SHUTDOWN_TIMEOUT="1")
    with socket.socket() as client:
        try:
            answered(process, port)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect(("127.0.0.1", port))
            client.sendall(b"GET /v1/exports/register.ndjson HTTP/1.1\r\nHost: x\r\n\r\n" * 50)
            assert client.recv(1)
            time.sleep(1)
            began = time.monotonic()
        finally:
            process.terminate()
            _, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert 0.5 < time.monotonic() - began < 8, err
    assert "Traceback" not in err


def test_an_export_that_fails_leaves_the_file_as_it_was(
    loaded_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: object) -> Iterator[bytes]:
        yield b"half"
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(WHOLE, "ndjson", WHOLE["ndjson"]._replace(write=fails))
    target = tmp_path / "all.ndjson"
    target.write_text("before")
    code, _, err = run(loaded_url, "export", str(target))
    assert (code, "cannot be written: No space left on device" in err) == (1, True)
    assert target.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["all.ndjson"]
