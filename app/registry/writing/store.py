"""The one write: `save()`.

All documents of one call become one revision, or nothing does. A document that says what is already recorded writes
nothing. Documents may refer to each other in any order, and the input is read twice rather than kept in memory.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.prepared_statements import write_rows
from app.registry.chunks import chunked
from app.registry.problems import Fault
from app.registry.projections import Register, project, refuse_stale
from app.registry.records import Pointer, Record, Revision, Version
from app.registry.writing import digest_chain, revision_heads
from app.registry.writing.erasure import Redaction, erase, superseded
from app.registry.writing.outcome import Entry, Faults, Saved, Say, Withdrawal, silent
from app.registry.writing.rows import POINTER_COLUMNS, VERSION_COLUMNS, Draft, Row
from app.registry.writing.standing import next_pk, said_before, standing
from app.registry.writing.validation import Reader, identity_of

__all__ = ("Entry", "Redaction", "Saved", "Withdrawal", "save")


def save(
    session: Session,
    register: Register,
    entries: Iterable[Entry],
    *,
    actor: str,
    reason: str,
    withdrawals: Sequence[Withdrawal | Redaction] = (),
    say: Say = silent,
    restore: bool = True,
) -> Saved:
    """Write documents as one revision; `entries` is read twice, so it must not be an iterator. `say` hears of progress.

    What is withdrawn in the same revision leaves a tombstone. Only redactions erase anything: what is derived must then
    be made anew. Without `restore`, a document that its record said before, and that was amended since, is left out: a
    dataset that is loaded again takes back nothing.
    The session must hold the write lock (`app.database.writing`). Raises RuleBroken, naming every fault, or where the
    newest revision is of the future, and Stale where what is derived must first be made anew; nothing is written then.
    """
    return RevisionWrite(session, register, actor, reason, say, restore).run(entries, withdrawals)


class RevisionWrite:
    """One revision in the making."""

    even_empty = False
    """Whether it is written though it changes nothing."""

    def __init__(
        self,
        session: Session,
        register: Register,
        actor: str,
        reason: str,
        say: Say = silent,
        restore: bool = True,
    ) -> None:
        catalogue = register.catalogue
        self.register, self.say, self.restore = register, say, restore
        self.session, self.catalogue, self.actor, self.reason = session, catalogue, actor, reason
        self.connection = session.connection()
        self.head = digest_chain.newest(session)
        if self.head:
            refuse_stale(session, self.head.number)
        digest_chain.refuse_future(self.head)
        self.number = self.head.number + 1 if self.head else 1
        self.reader = Reader(session, catalogue)
        self.faults = Faults()
        self.changed: dict[int, str] = {}
        self.saved, self.given = Saved(None), 0
        self.revision: Revision | None = None

    def run(self, entries: Iterable[Entry], withdrawals: Sequence[Withdrawal | Redaction]) -> Saved:
        self._identify(entries)
        leaving = self._leaving([each for each in withdrawals if isinstance(each, Withdrawal)])
        self.faults.refuse()
        free_pk = next_pk(self.session, Version.pk)
        for chunk in chunked(entries):
            free_pk = self._write(chunk, free_pk)
            self.say("read", self.saved.read, self.given)
        self.faults.refuse()
        for record_pk, survivor in leaving.items():
            self._withdraw(record_pk, survivor)
        for each in withdrawals:
            if isinstance(each, Redaction):
                self._redact(each)
        if self.revision is None and not self.even_empty:
            return self.saved
        self._check_rules()
        self.faults.refuse()
        return self._commit()

    def _identify(self, entries: Iterable[Entry]) -> None:
        """Give every new record its identity, so that references may point forward."""
        free_pk, seen = next_pk(self.session, Record.pk), self.reader.pks
        for chunk in chunked(entries):
            targets: dict[str, str] = {}
            self.given += len(chunk)
            for entry in chunk:
                target, faults = identity_of(entry.document, self.catalogue)
                if target and (target in seen or target in targets):
                    faults = [("/id", f"{target} stands in this dataset twice")]
                self.faults.add(entry.where, faults)
                if target and not faults:
                    targets[target] = entry.where
            known = self.reader.records(targets)
            for target in [target for target in targets if target in self.reader.withdrawn]:
                self.faults.add(targets[target], [("/id", "was withdrawn; an id is never reused")])
            new = [target for target in targets if target not in known]
            rows: list[Row] = [(pk, *target.split(":")) for pk, target in enumerate(new, free_pk)]
            free_pk += len(rows)
            seen.update((target, row[0]) for target, row in zip(new, rows, strict=True))
            write_rows(self.connection, "record", ("pk", "collection", "id"), rows)

    def _write(self, chunk: Sequence[Entry], free_pk: int) -> int:
        drafts = self.reader.read(chunk, self.faults.add)
        current = standing(self.session, [draft.record_pk for draft in drafts])
        texts = {draft.record_pk: draft.text for draft in drafts}
        repeated = set() if self.restore else said_before(self.session, texts)
        new: list[Draft] = []
        for draft in drafts:
            before = current.get(draft.record_pk)
            if before and before.document == draft.text:
                self.saved.unchanged += 1
                continue
            if draft.record_pk in repeated:
                self.saved.amended += 1
                continue
            new.append(draft)
        if new:
            self._begin()
            self._supersede([current[draft.record_pk].pk for draft in new if draft.record_pk in current])
            self._insert(new, free_pk)
        self.changed.update((draft.record_pk, draft.where) for draft in new)
        self.saved.changed += len(new)
        return free_pk + len(new)

    def _begin(self) -> Revision:
        """The row of the revision, whose time and digest are filled in at the end.

        It comes first: for a row that others refer to already, SQLite looks through all of their tables.
        """
        if self.revision is None:
            recorded, previous = (self.head.recorded, self.head.digest) if self.head else (None, None)
            written = {"number": self.number, "actor": self.actor, "reason": self.reason, "previous": previous}
            recorded, salt = self._recorded(recorded), self._salt(None)
            self.revision = Revision(**written, recorded=recorded, digest="", salt=salt)
            digest_chain.begin(self.session, self.revision)
        return self.revision

    def _supersede(self, version_pks: list[int]) -> None:
        if not version_pks:
            return
        for table, column in ((Version, Version.pk), (Pointer, Pointer.version_pk)):
            self.session.execute(update(table).where(column.in_(version_pks)).values(recorded_to=self.number))

    def _insert(self, drafts: list[Draft], free_pk: int) -> None:
        versions: list[Row] = []
        pointers: list[Row] = []
        typed: dict[str, list[Row]] = {}
        for pk, draft in enumerate(drafts, free_pk):
            versions.append(draft.version(pk, self.number, self._salt(draft.target)))
            typed.setdefault(draft.collection.type, []).append(draft.columns(pk, self.number))
            pointers += draft.pointers(pk, self.number, self.reader.pks)
        write_rows(self.connection, "version", VERSION_COLUMNS, versions)
        for kind, rows in typed.items():
            collection = self.catalogue.by_type[kind]
            write_rows(self.connection, collection.table_name, collection.written, rows)
        write_rows(self.connection, "pointer", POINTER_COLUMNS, pointers)

    def _check_rules(self) -> None:
        """The rules that look at other records, when all are there."""
        done = 0
        for chunk in chunked(sorted(self.changed)):
            done += len(chunk)
            self.say("rules checked", done, len(self.changed))
            for record_pk, rule, finding in self.reader.broken_rules(chunk):
                where = self.changed[record_pk]
                if rule.warning:
                    self.saved.warn(Fault(f"{where} {finding.pointer}", finding.message, rule.id))
                else:
                    self.faults.add(where, [finding], rule.id)

    def _commit(self) -> Saved:
        # of a whole dataset these are many, and what is derived is made of what stands in the tables
        self.changed.clear()
        self.reader.pks.clear()
        project(self.session, self.register, self.number, self.say)
        self.saved.revision = self.number
        revision = self._begin()
        written = digest_chain.changes(self.session, revision)
        revision.recorded = self.saved.recorded = self._recorded(self.head.recorded if self.head else None)
        revision.changes = written if revision.salt is not None else None
        revision.digest = digest_chain.digest(revision, written)
        digest_chain.complete(self.session, revision)
        return self.saved

    def _recorded(self, after: str | None) -> str:
        """When it is recorded."""
        return digest_chain.timestamp(after)

    def _salt(self, target: str | None) -> str | None:  # noqa: ARG002 - one that is repeated has its own for each
        """What the document of a record is hashed with; None: the reason."""
        return revision_heads.new_salt()

    def _leaving(self, withdrawals: Sequence[Withdrawal]) -> dict[int, int | None]:
        """The keys of the records to withdraw, each with that of the record into which it is joined."""
        written = set(self.reader.pks)
        leaving = {each.target for each in withdrawals}
        known = self.reader.records(leaving | {each.merge_into for each in withdrawals if each.merge_into})
        for target, into in withdrawals:
            gone = self.reader.withdrawn
            for name in (target, into or target):
                if name not in known or name in gone:
                    self.faults.add(name, [("", "is not recorded, or was withdrawn before")])
            if target in written:
                self.faults.add(target, [("", "is written and withdrawn at once")])
            if into in leaving or (into and into.partition(":")[0] != target.partition(":")[0]):
                self.faults.add(target, [("", f"cannot be joined into {into}; name a record of its type that stays")])
        self.faults.refuse()
        self.reader.withdrawn |= leaving
        return {known[target].pk: known[into].pk if into else None for target, into in withdrawals}

    def _withdraw(self, record_pk: int, survivor: int | None) -> None:
        self._begin()
        self._supersede([row.pk for row in standing(self.session, [record_pk]).values()])
        marked = update(Record).where(Record.pk == record_pk)
        self.session.execute(marked.values(withdrawn=self.number, merged_into=survivor))
        self.saved.changed += 1

    def _redact(self, redaction: Redaction) -> None:
        record_pk = self.reader.records({redaction.target})[redaction.target].pk
        if versions := superseded(self.session, record_pk, redaction.revisions):
            self._begin()
            erase(self.session, self.catalogue, versions, self.number)
