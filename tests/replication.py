"""A PostgreSQL primary and its synchronous standby, which take each other's place."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import Self

import psycopg
from sqlalchemy import make_url

from tests.postgres import Server, unprivileged

# as that of tests/postgres.py, for a server that is started, lost, promoted and made anew by words
GUARD = """
start() { "$0/postgres" -D data "$@" >>server.log 2>&1 & server=$!; }
copied() {
  rm -rf data
  "$0/pg_basebackup" --dbname="host=127.0.0.1 user=postgres port=$1" --pgdata=data --wal-method=stream \
    --checkpoint=fast --no-sync --write-recovery-conf &&
    echo "synchronous_standby_names = ''" >>data/postgresql.auto.conf
}
server=
while read -r word port; do
  case $word in
    init) "$0/initdb" -D data --username=postgres --auth=trust --encoding=UTF8 --locale=C --no-sync ;;
    copy) copied "$port" ;;
    start) start "$@" ;;
    buried) wait $server ;;
    promote) "$0/pg_ctl" promote -D data ;;
  esac >>server.log 2>&1
  echo "$word $?"
done
while [ "$server" ] && kill -QUIT $server; do sleep 0.1; done
rm -rf "$PWD"
"""

SETTINGS = {
    "wal_level": "replica",
    "wal_keep_size": "256MB",
    "synchronous_commit": "remote_apply",
    "max_standby_streaming_delay": "2s",
    "hot_standby_feedback": "on",
    "wal_retrieve_retry_interval": "100ms",
}


class Node(Server):
    """A server that is a primary or follows one."""

    def __init__(self, **settings: str) -> None:
        super().__init__(**{**SETTINGS, **settings})

    def __enter__(self) -> Self:
        self.guard = self.guarded(GUARD, stdout=subprocess.PIPE)
        return self

    def tell(self, *words: str) -> None:
        """Have something done, and wait until it is."""
        assert self.guard.stdin
        assert self.guard.stdout
        self.guard.stdin.write(" ".join(words).encode() + b"\n")
        self.guard.stdin.flush()
        answer = self.guard.stdout.readline().decode().split()
        if answer != [words[0], "0"] and words[0] != "buried":
            raise RuntimeError(f"{words}: {answer}: {(self.folder / 'server.log').read_text()[-3000:]}")

    def begin(self) -> None:
        """Be a primary."""
        self.tell("init")
        self.start()

    def follow(self, other: Server) -> None:
        """Be a standby of another server, from a new copy of it."""
        self.tell("copy", str(other.port))
        self.start()

    def start(self) -> None:
        before = self.status()
        self.tell("start")
        self.wait_until_ready(before)

    def promote(self) -> None:
        """Become a primary; returns as soon as it takes writes."""
        self.tell("promote")

    def lose(self) -> None:
        """Kill all of it at once, as when its machine is lost."""
        segment = self.status().splitlines()[6].split()[1]
        for pid in self.processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.tell("buried")
        subprocess.run(["ipcrm", "--shmem-id", segment], check=False, capture_output=True, **unprivileged())

    def stop_at_once(self) -> None:
        """Stop it without a word to who is connected, as a crash would."""
        os.kill(int(self.status().split()[0]), signal.SIGQUIT)
        self.tell("buried")

    def run(self, *statements: str) -> list[tuple[object, ...]]:
        """Carry out statements; the rows of the last one."""
        address = self.url("postgres").replace("+psycopg", "")
        with psycopg.connect(address, autocommit=True) as connection:
            for statement in statements[:-1]:
                connection.execute(statement.encode())
            found = connection.execute(statements[-1].encode())
            return found.fetchall() if found.description else []


class Pair:
    """Two servers, one of which follows the other and has every write before it is acknowledged."""

    def __init__(self, stack: ExitStack, **settings: str) -> None:
        self.primary, self.settings = stack.enter_context(Node(**settings)), settings
        self.primary.begin()
        self.standby = stack.enter_context(Node(**settings))
        self.standby.follow(self.primary)
        self.wait_for_each_other()

    def wait_for_each_other(self) -> None:
        """Let writes wait for the standby from now on."""
        self.primary.run("ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()")
        wait_until(lambda: self.primary.run("SELECT sync_state FROM pg_stat_replication") == [("sync",)])
        self.primary.run("SELECT pg_current_xact_id()")  # and those that wait already hear of it

    def take_turns(self) -> None:
        """Have the one that was lost follow the other, which was promoted."""
        self.primary, self.standby = self.standby, self.primary
        self.standby.follow(self.primary)
        self.wait_for_each_other()

    def url(self, name: str, attributes: str = "read-write") -> str:
        """The address of whichever of the two is the primary, or with `standby` the standby."""
        hosts = "&".join(f"host=127.0.0.1:{node.port}" for node in (self.primary, self.standby))
        return f"postgresql+psycopg://postgres@/{name}?{hosts}&target_session_attrs={attributes}"


def on_standby(node: Node, url: str) -> str:
    """The same database on this server."""
    return node.url(str(make_url(url).database))


def wait_until(true: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)
