"""Checks of the addresses of sources: which are due, and what was found, recorded with the source.

A check is an observation of an address. It is written into the source's `checks` and changes nothing else: no fact,
no citation, no address. The document keeps the last check of each address that the source has; earlier ones are in
its earlier versions.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, Engine, select
from sqlalchemy.orm import Session

from app import database
from app.evidence.schemas import CheckOutcome
from app.reads import snapshots
from app.reads.answers.evidence import ServedSource
from app.registry.dates import parse_edtf
from app.registry.documents.canonical import Document, parse_json
from app.registry.projections import Register
from app.registry.records import Version
from app.registry.serving.statements import clock
from app.registry.writing import store
from app.upkeep.link_requests import CheckResult
from app.web_addresses import ForbiddenError, web_address

BATCH = 50
"""Addresses whose checks are recorded together, as one revision."""
FIELDS = ("url", "archived_url")


class DisconnectedError(Exception):
    """Nothing answers at all: more likely this machine's fault than that of the pages."""


class DueAddress(NamedTuple):
    """An address to ask for: the sources that have it, and the day of its last check, the oldest of theirs."""

    address: str
    sources: tuple[str, ...]
    checked: str | None


def due(connection: Connection, today: date, older_than: int, hosts: Collection[str]) -> list[DueAddress]:
    """The addresses never checked, or last checked that many days ago or more; those never checked come first.

    With `hosts`, only addresses at these.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    for entry in snapshots.of_type(connection, clock(connection), ServedSource):
        last = {check["address"]: check["checked"]["edtf"] for check in entry.answer["checks"]}
        for address in filter(None, dict.fromkeys((entry.answer["url"], entry.answer["archived_url"]))):
            found.setdefault(address, []).append((last.get(address, ""), entry.answer["id"]))
    every = [
        DueAddress(address, tuple(slug for _, slug in having), min(having)[0] or None)
        for address, having in found.items()
    ]
    wanted = [
        one for one in every if _is_old(one.checked, today, older_than) and (not hosts or _host(one.address) in hosts)
    ]
    return sorted(wanted, key=lambda one: (one.checked or "", one.address))


def _is_old(checked: str | None, today: date, older_than: int) -> bool:
    return checked is None or today.toordinal() - parse_edtf(checked).latest >= older_than


def _host(address: str) -> str | None:
    try:
        return web_address(address).host
    except ForbiddenError:
        return None


class Recorder:
    """Takes what was heard, and records it batch by batch: a run that is killed goes on where it stopped."""

    def __init__(
        self,
        engine: Engine,
        register: Register,
        due: Iterable[DueAddress],
        today: date,
        say: Callable[[str], None],
    ) -> None:
        self.engine, self.register, self.today, self.say = engine, register, today, say
        self.sources = {one.address: one.sources for one in due}
        self.pending: list[CheckResult] = []
        self.heard: list[CheckResult] = []
        self.connected = False

    async def hear(self, heard: CheckResult) -> None:
        """Take one, and record the batch when it is full. Raises DisconnectedError."""
        self.heard.append(heard)
        if heard.outcome is not None:
            self.pending.append(heard)
        if len(self.pending) >= BATCH:
            await asyncio.to_thread(self.record)

    def record(self) -> None:
        """Record what is still to be recorded. Raises DisconnectedError when nothing at all answers."""
        batch, self.pending = self.pending, []
        answered = any(heard.outcome is not CheckOutcome.UNREACHABLE for heard in batch)
        if batch and not answered and (not self.connected or len(batch) >= BATCH):
            raise DisconnectedError(f"none of the last {len(batch)} addresses answered; they are left unrecorded")
        self.connected = self.connected or answered
        if batch:
            saved = self._save({heard.address: heard for heard in batch})
            where = f"revision {saved.revision}" if saved.revision else "recorded today already"
            self.say(f"{where}: {len(batch)} addresses checked")

    def _save(self, batch: dict[str, CheckResult]) -> store.Saved:
        slugs = sorted({slug for address in batch for slug in self.sources[address]})
        with database.writing(self.engine) as session:
            # as they are now, not as they were when the run began
            documents = [checked(document, batch, self.today) for document in _current(session, slugs)]
            return store.save(
                session,
                self.register,
                [store.Entry(f"source:{document['id']}", document) for document in documents],
                actor="registry links",
                reason=f"{len(batch)} addresses of sources checked",
            )

    @property
    def counted(self) -> Counter[str]:
        """How often each outcome was heard."""
        return Counter(heard.outcome or "not asked" for heard in self.heard)


def _current(session: Session, slugs: list[str]) -> list[Document]:
    """The sources as they are recorded; those withdrawn meanwhile are left out."""
    asked = select(Version.document).where(
        Version.collection == "source", Version.record_id.in_(slugs), Version.recorded_to.is_(None)
    )
    return [{"type": "source", **parse_json(text)} for text in session.scalars(asked.order_by(Version.record_id))]


def checked(source: Document, batch: dict[str, CheckResult], today: date) -> Document:
    """The source's document with these checks: one for each address that it has, the newest."""
    known = {check["address"]: check for check in source.get("checks", ())}
    known |= {address: _check(heard, today) for address, heard in batch.items()}
    addresses = dict.fromkeys(source.get(field) for field in FIELDS)
    return {**source, "checks": [known[address] for address in addresses if address in known]}


def _check(heard: CheckResult, today: date) -> Document:
    return {
        "address": heard.address,
        "checked": today.isoformat(),
        "outcome": heard.outcome,
        "status": heard.status,
        "location": heard.location,
    }
