"""The client in the documentation keeps a perfect copy, also when it is killed."""

import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx

from tests.registry_in_use import SOURCE, force, save, serving, unit, withdraw

PAGE = Path(__file__).parents[2] / "docs" / "following.md"
DEADLINE = 60


def example() -> str:
    (found,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    return str(found)


def test_the_client_of_the_documentation_keeps_a_copy(database_url: str, tmp_path: Path) -> None:
    program, kept = tmp_path / "follow.py", tmp_path / "units.json"
    program.write_text(example().replace("time.sleep(2)", "time.sleep(0.05)"))
    save(database_url, SOURCE, force("alpha"), force("beta"), unit("dogs", "alpha", "beta"), unit("cats", "alpha"))
    with serving(database_url) as client:
        command = [sys.executable, str(program), str(client.base_url)]
        running = subprocess.Popen(command, cwd=tmp_path)
        wait_for(kept, client, 2)
        running.kill()
        running.wait()
        save(database_url, unit("dogs", "alpha"), unit("drones", "beta"))
        withdraw(database_url, "joint-unit:cats", "joint-unit:dogs")
        running = subprocess.Popen(command, cwd=tmp_path)
        try:
            wait_for(kept, client, 2)
            withdraw(database_url, "joint-unit:drones")
            wait_for(kept, client, 1)
        finally:
            running.kill()
            running.wait()


def wait_for(kept: Path, client: httpx.Client, units: int) -> None:
    """Wait until the copy is what the registry has, which is so many units."""
    listed = client.get("/v1/joint-units").json()["data"]
    assert len(listed) == units
    wanted: dict[str, Any] = {each["url"]: each for each in listed}
    until = time.monotonic() + DEADLINE
    while not kept.exists() or json.loads(kept.read_text())["records"] != wanted:
        assert time.monotonic() < until
        time.sleep(0.02)
