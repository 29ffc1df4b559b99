"""A registry at work: a throw-away database with the built-in data set, served by a process of its own."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

REGISTRY = str(Path(sys.executable).parent / "registry")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served_registry(*more: str) -> Iterator[tuple[str, str]]:
    """Serve a throw-away database with the built-in data set, and with those that are named besides.

    Gives the address, and a key that may do everything.
    """
    with TemporaryDirectory() as folder:
        port = str(free_port())
        database = f"sqlite:///{folder}/registry.db"
        own = {"REGISTRY_DATABASE_URL": database, "REGISTRY_HOST": "127.0.0.1", "REGISTRY_PORT": port}
        # whoever tries everything is no flood
        rates = dict.fromkeys(("REGISTRY_WRITE_RATE", "REGISTRY_FAILED_KEY_RATE"), "100000/second")
        environment = {**os.environ, **own, **rates}
        for command in (["migrate"], ["load", "bch", *more]):
            subprocess.run([REGISTRY, *command], env=environment, check=True)
        making = [REGISTRY, "keys", "create", "checks", "--scope", "admin"]
        key = subprocess.run(making, env=environment, check=True, capture_output=True, text=True).stdout.strip()
        server = subprocess.Popen([REGISTRY, "serve"], env=environment)
        try:
            wait_until_healthy(int(port), server)
            yield f"http://127.0.0.1:{port}", key
        finally:
            server.terminate()
            server.wait(20)


def wait_until_healthy(port: int, server: subprocess.Popen[Any], path: str = "/healthz") -> None:
    for _ in range(600):
        if server.poll() is not None:
            sys.exit(f"the server ended with code {server.returncode}")
        if status(port, path) == 200:
            return
        time.sleep(0.1)
    sys.exit("the server did not become healthy")


def status(port: int, path: str) -> int | None:
    """The status that this machine's own port answers with; None: it does not answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
