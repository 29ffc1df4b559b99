"""The receiver in the documentation is told everything, also when it was killed in between."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from app.log.webhooks import subscriptions
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


def test_the_receiver_of_the_documentation_is_told(database_url: str, tmp_path: Path) -> None:
    (text,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    program, port = tmp_path / "receive.py", steady_port()
    program.write_text(text)
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
