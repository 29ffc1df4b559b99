"""Processes that write into a register, one revision after another, and say of each that it was acknowledged."""

import itertools
import multiprocessing
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from typing import Any, NamedTuple, Protocol

from sqlalchemy.exc import DBAPIError

from app.database import connect, writing
from app.register import REGISTER
from app.registry.writing.store import Entry, save
from tests.registry_in_use import force

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__])

AMENDMENTS = 3
"""So often each record is written: what is superseded must not be left half done either."""
PAUSE = 0.005
"""Seconds between two writes."""


class Acknowledgement(NamedTuple):
    """What a writer was told to be recorded."""

    revision: int
    record_id: str
    note: str


class Writer(Protocol):
    """One way to write. Another that goes over HTTP needs nothing more."""

    def write(self, document: dict[str, Any]) -> int | None:
        """Write the document; the revision, once it is acknowledged; None: nobody can say whether it is written."""
        ...


class SaveWriter:
    """Writes with `save()`, as the command line does."""

    def __init__(self, url: str) -> None:
        self.engine = connect(url, pool_size=1)

    def write(self, document: dict[str, Any]) -> int | None:
        try:
            with writing(self.engine) as session:
                entries = [Entry("document", document)]
                return save(session, REGISTER, entries, actor="writer", reason=document["note"]).revision
        except DBAPIError:
            # the server went away
            time.sleep(0.05)
            return None


class RunningWriter:
    """A process that writes until it is killed."""

    def __init__(self, make: Callable[[str], Writer], address: str, name: str) -> None:
        self.acknowledgements, end = PROCESSES.Pipe(duplex=False)
        self.process: ForkServerProcess = PROCESSES.Process(target=write, args=(make, address, name, end), daemon=True)
        self.process.start()
        end.close()
        self.heard: list[Acknowledgement] = []

    def hear(self) -> None:
        """Wait for the next acknowledgement."""
        self.heard.append(self.acknowledgements.recv())

    def kill(self) -> list[Acknowledgement]:
        """Kill it as it stands, and give all that was acknowledged until then."""
        self.process.kill()
        self.process.join()
        with suppress(EOFError), self.acknowledgements:
            while True:
                self.hear()
        return self.heard


def write(make: Callable[[str], Writer], address: str, name: str, acknowledgements: Connection) -> None:
    """Write records of one's own, and amend each, without end."""
    writer = make(address)
    for count in itertools.count():
        document = force(f"{name}-{count // AMENDMENTS}", note=f"{name} {count}")
        # who tries again at once would keep the others from a file's lock
        time.sleep(PAUSE)
        if revision := writer.write(document):
            acknowledgements.send(Acknowledgement(revision, document["id"], document["note"]))
