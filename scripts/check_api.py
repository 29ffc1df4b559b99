"""Try the API as its users do: lint its description, make clients of it and ask them, send it all that it allows."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from scripts.served import served_registry

ROOT = Path(__file__).parent.parent
CONTRACT = ROOT / "openapi" / "v1.json"
TOOLS = ROOT / "tools"
FOLDERS = [Path(sys.executable).parent, ROOT / ".venv-api" / "bin", TOOLS / "node_modules" / ".bin"]
QUIET = {"NO_COLOR": "1", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}

# few examples of each operation, the same ones each time: found and mended, a fault stays mended
FUZZ = ["--max-examples=4", "--seed=1", "--generation-deterministic", "--phases=examples,coverage,fuzzing,stateful"]

# schemathesis ends with a line of pytest's look, which readers of the output would take for the result of the tests
CLOSING = re.compile(r"^=+ (.* in [0-9.]+s) =+$")


class FaultError(Exception):
    """A step that did not pass."""


def run(*command: str | Path, folder: Path = ROOT, **variables: str) -> None:
    """Run one of the tools; its own words say what is wrong."""
    path = os.pathsep.join([*map(str, FOLDERS), os.environ["PATH"]])
    environment = {**os.environ, **QUIET, **variables, "PATH": path}
    program = shutil.which(command[0], path=path)
    if program is None:
        raise FaultError(f"{command[0]} is not installed")
    with subprocess.Popen(
        [program, *command[1:]], cwd=folder, env=environment, stdout=subprocess.PIPE, encoding="utf-8", errors="replace"
    ) as process:
        assert process.stdout
        for line in process.stdout:
            print(CLOSING.sub(r"schemathesis: \1", line), end="", flush=True)
    if process.returncode:
        raise FaultError(f"{command[0]} ended with status {process.returncode}")


def check_rules() -> None:
    run("openapi-spec-validator", CONTRACT)
    run("spectral", "lint", "--quiet", "--fail-severity=warn", "--ruleset", TOOLS / "spectral.yaml", CONTRACT)
    run("redocly", "lint", "--config", TOOLS / "redocly.yaml", CONTRACT)


def check_breaking() -> None:
    run("python", ROOT / "scripts" / "check_breaking.py")


def check_served(address: str) -> None:
    with urllib.request.urlopen(f"{address}/openapi.json") as answer:
        if json.load(answer) != json.loads(CONTRACT.read_text()):
            raise FaultError("the service describes itself in other words than openapi/v1.json; run: make openapi")


def check_python_client(address: str) -> None:
    with TemporaryDirectory() as folder:
        client = Path(folder) / "registry_client"
        options = ["--meta", "none", "--fail-on-warning", "--output-path"]
        described = f"--path={CONTRACT}"
        run("openapi-python-client", "generate", described, f"--config={TOOLS}/python_client.yaml", *options, client)
        python = ROOT / ".venv-api" / "bin" / "python"
        run(python, TOOLS / "questions.py", address, PYTHONPATH=folder, PYTHONDONTWRITEBYTECODE="1")


def check_typescript_client(address: str) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        for file in ("questions.ts", "tsconfig.json"):
            shutil.copy(TOOLS / file, folder)
        (folder / "package.json").write_text('{"type": "module"}')
        run("openapi-typescript", CONTRACT, "--output", folder / "registry.ts")
        run("tsc", "--project", folder)
        run("node", folder / "questions.js", address)


def check_requests(address: str, key: str) -> None:
    settings = ROOT / "schemathesis.toml"
    with TemporaryDirectory() as folder:  # where it is started, it leaves a cache
        described = f"{address}/openapi.json"
        options: list[str | Path] = [
            "--config-file",
            settings,
            "run",
            *FUZZ,
            "--header",
            f"Authorization: Bearer {key}",
            described,
        ]
        run("schemathesis", *options, folder=Path(folder))


def passes(name: str, step: Callable[[], None]) -> bool:
    """Take one step, and say what came of it and how long it took."""
    print(f"== {name}", flush=True)
    started = time.monotonic()
    try:
        step()
        fault = ""
    except FaultError as error:
        fault = f", FAILED: {error}"
    print(f"-- {name}: {time.monotonic() - started:.1f} s{fault}", flush=True)
    return not fault


def main() -> None:
    """Take every step, also after one that failed: each finds something else."""
    passed = [passes("rules for API descriptions", check_rules), passes("breaking changes", check_breaking)]
    with served_registry() as (address, key):
        passed += [
            passes("description as served", lambda: check_served(address)),
            passes("client in Python", lambda: check_python_client(address)),
            passes("client in TypeScript", lambda: check_typescript_client(address)),
            passes("requests of all kinds", lambda: check_requests(address, key)),
        ]
    if not all(passed):
        sys.exit("The API has faults; see FAILED above.")
    print("The API keeps its description, and its description is fit for use.")


if __name__ == "__main__":
    main()
