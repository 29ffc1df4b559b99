"""The receiver in the documentation is told everything, also when it was killed in between."""

import os
import random
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from app.log.webhooks import posts, schedule, subscriptions
from tests.log.following import steady_port
from tests.log.webhooks.receiving import BASE, subscribers
from tests.registry_in_use import SOURCE, force, save

PAGE = Path(__file__).parents[3] / "docs" / "webhooks.md"


@contextmanager
def received(program: Path, port: int, secret: str) -> Iterator[Path]:
    """What the receiver says, while it runs; it is killed in the end."""
    said = program.with_suffix(".out")
    with said.open("a") as out:
        environment = {**os.environ, "SECRET": secret}
        command = [sys.executable, str(program), str(port)]
        running = subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield said
    finally:
        running.kill()
        running.wait()


def example(folder: Path, more: str = "") -> Path:
    """The receiver of the documentation, as a program; `more` stands behind its imports."""
    (text,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    program = folder / "receive.py"
    program.write_text(text.replace("SECRET =", f"{more}SECRET =", 1))
    return program


def test_the_receiver_of_the_documentation_is_told(database_url: str, tmp_path: Path) -> None:
    program, port = example(tmp_path), steady_port()
    save(database_url, SOURCE)
    with subscribers(database_url) as here:
        url = f"http://127.0.0.1:{port}/"
        webhook, secret = here.subscribe(url)
        with received(program, port, secret) as said:
            here.deliver_all()
            assert said.read_text() == f"revision 1: read {BASE}/v1/changes?after=0\n"
            assert httpx.post(url, content=b"{}").status_code == 400
        save(database_url, force("alpha"))
        here.deliver_all()
        assert here.shown(webhook)["failures"] == 1
        with received(program, port, secret) as said:
            here.change(subscriptions.replay, webhook, 1)
            here.deliver_all()
            assert said.read_text().splitlines()[1:] == [f"revision 2: read {BASE}/v1/changes?after=1"]
        assert here.shown(webhook)["position"] == 2


SLOW_AT_RANDOM = """
import random, time
verify = Webhook.verify
Webhook.verify = lambda *given: (time.sleep(random.choice([0, 0, 0.02, 1.5])), verify(*given))[1]
"""


def test_it_is_told_of_each_revision_however_often_it_is_killed_and_slow(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what the official library verified counts; a notice may come twice, for a killed receiver remembers none."""
    chance, rounds = random.Random(8), 5
    monkeypatch.setattr(posts, "TIMEOUT", 1.0)
    monkeypatch.setattr(schedule, "DELAYS", (0.05,) * 1000)
    program, port = example(tmp_path, SLOW_AT_RANDOM), steady_port()
    save(database_url, SOURCE)
    with subscribers(database_url) as here:
        webhook, secret = here.subscribe(f"http://127.0.0.1:{port}/")
        for number in range(rounds):
            save(database_url, force(f"force-{number}"))
            with received(program, port, secret):
                for _ in range(chance.randint(0, 3)):
                    here.deliverer.deliver_one()
            here.deliverer.deliver_one()  # it is gone
        with received(program, port, secret) as said:
            until = time.monotonic() + 60
            while here.shown(webhook)["position"] < rounds + 1:
                assert time.monotonic() < until
                here.deliverer.deliver_one()
        told = [int(line.split(":")[0].removeprefix("revision ")) for line in said.read_text().splitlines()]
    assert set(told) == set(range(1, rounds + 2))
