"""The one write: `save()`.

All documents of one call become one revision, or nothing does. A document that says what is already recorded writes
nothing. Documents may refer to each other in any order, and the input is read twice rather than kept in memory.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.orm import Session

from app.registry import answers, log
from app.registry.collection import Catalogue
from app.registry.indexing import Indexer
from app.registry.problems import Fault, RuleBroken
from app.registry.reading import Draft, Reader, identity_of
from app.registry.records import Answer, Pointer, Record, Revision, Version, rows_of

CHUNK = 500
MOST_FAULTS = 100
T = TypeVar("T")
Rows = list[dict[str, Any]]
Say = Callable[[str, int], None]
"""Hears of progress: what is being done, and to how many documents."""


class Entry(NamedTuple):
    """A document to save, and where it stands ("forces.yaml line 3"), so that what is wrong with it can be found."""

    where: str
    document: Any


@dataclass
class Saved:
    """What a save did. `revision` is None when everything was already recorded as given."""

    revision: int | None
    changed: int = 0
    unchanged: int = 0
    amended: int = 0
    """Documents left out: their record said the same before, and was amended since."""
    warnings: list[Fault] = field(default_factory=list)


def _silent(step: str, done: int) -> None:
    pass


def chunked(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Lists of at most `size` items."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def save(
    session: Session,
    catalogue: Catalogue,
    entries: Iterable[Entry],
    *,
    actor: str,
    reason: str,
    say: Say = _silent,
    restore: bool = True,
) -> Saved:
    """Write documents as one revision; `entries` is read twice, so it must not be an iterator. `say` hears of progress.

    Without `restore`, a document that its record said before, and that was amended since, is left out: a dataset that
    is loaded again takes back nothing.
    The session must hold the write lock (`app.database.writing`). Raises RuleBroken, naming every fault, and writes
    nothing then.
    """
    return _Write(session, catalogue, actor, reason, say, restore).run(entries)


def withdraw(
    session: Session, catalogue: Catalogue, target: str, *, actor: str, reason: str, merge_into: str | None = None
) -> Saved:
    """Withdraw the record "type:id", or join it as a duplicate into `merge_into`: a tombstone, nothing is erased.

    Raises RuleBroken when either record is not there to be withdrawn or joined.
    """
    return _Write(session, catalogue, actor, reason).withdraw(target, merge_into)


class _Write:
    """One revision in the making."""

    def __init__(
        self,
        session: Session,
        catalogue: Catalogue,
        actor: str,
        reason: str,
        say: Say = _silent,
        restore: bool = True,
    ) -> None:
        self.say, self.restore = say, restore
        self.session, self.catalogue, self.actor, self.reason = session, catalogue, actor, reason
        self.head = log.newest(session)
        self.number = self.head.number + 1 if self.head else 1
        self.reader = Reader(session, catalogue)
        self.indexer = Indexer(session, catalogue, self.number)
        self.faults: list[Fault] = []
        self.changed: dict[int, str] = {}
        self.renamed: set[int] = set()
        self.saved = Saved(None)

    def run(self, entries: Iterable[Entry]) -> Saved:
        self._identify(entries)
        self._refuse_faults()
        next_pk = _next(self.session, Version.pk)
        for chunk in chunked(entries):
            next_pk = self._write(chunk, next_pk)
            self.say("read", self.saved.changed + self.saved.unchanged + self.saved.amended)
        self._refuse_faults()
        if not self.changed:
            return self.saved
        self._check_rules()
        self._refuse_faults()
        return self._commit()

    def _identify(self, entries: Iterable[Entry]) -> None:
        """Give every new record its identity, so that references may point forward."""
        next_pk, seen = _next(self.session, Record.pk), set[str]()
        for chunk in chunked(entries):
            targets = {}
            for entry in chunk:
                target, faults = identity_of(entry.document, self.catalogue)
                if target and target in seen:
                    faults = [("/id", f"{target} stands in this dataset twice")]
                self._fault(entry.where, faults)
                if target and not faults:
                    targets[target] = entry.where
                    seen.add(target)
            known = self.reader.records(targets)
            for target in [target for target in targets if target in known and known[target].withdrawn]:
                self._fault(targets[target], [("/id", "was withdrawn; an id is never reused")])
            new = [target for target in targets if target not in known]
            rows = [dict(pk=next_pk + n, **_split(target)) for n, target in enumerate(new)]
            next_pk += len(rows)
            if rows:
                self.session.execute(insert(rows_of(Record)), rows)

    def _write(self, chunk: Sequence[Entry], next_pk: int) -> int:
        drafts = self.reader.read([(entry.where, entry.document) for entry in chunk], self._fault)
        current = self._current([draft.record_pk for draft, _ in drafts])
        said_before = set() if self.restore else self._said_before([draft for draft, _ in drafts])
        new: list[tuple[Draft, Rows]] = []
        for draft, pointers in drafts:
            before = current.get(draft.record_pk)
            if before and before.document == draft.text:
                self.saved.unchanged += 1
                continue
            if draft.record_pk in said_before:
                self.saved.amended += 1
                continue
            if before and before.name != draft.name:
                self.renamed.add(draft.record_pk)
            new.append((draft, pointers))
        self._supersede([current[draft.record_pk].pk for draft, _ in new if draft.record_pk in current])
        self._insert(new, next_pk)
        self.changed.update((draft.record_pk, draft.where) for draft, _ in new)
        self.saved.changed += len(new)
        return next_pk + len(new)

    def _current(self, record_pks: list[int]) -> dict[int, Any]:
        asked = select(Version.record_pk, Version.pk, Version.name, Version.document).where(
            Version.record_pk.in_(record_pks), Version.recorded_to.is_(None)
        )
        return {row.record_pk: row for row in self.session.execute(asked)}

    def _said_before(self, drafts: list[Draft]) -> set[int]:
        """The records that said the same in a version that is superseded."""
        texts = {draft.record_pk: draft.text for draft in drafts}
        asked = select(Version.record_pk, Version.document).where(
            Version.record_pk.in_(texts), Version.recorded_to.is_not(None)
        )
        return {pk for pk, document in self.session.execute(asked) if document == texts[pk]}

    def _supersede(self, version_pks: list[int]) -> None:
        for table, column in ((Version, Version.pk), (Pointer, Pointer.version_pk)):
            self.session.execute(update(table).where(column.in_(version_pks)).values(recorded_to=self.number))

    def _insert(self, drafts: list[tuple[Draft, Rows]], next_pk: int) -> None:
        recorded = {"recorded_from": self.number, "recorded_to": None}
        rows: dict[Any, list[dict[str, Any]]] = {Version: [], Pointer: []}
        for pk, (draft, pointers) in enumerate(drafts, next_pk):
            rows[Version].append({"pk": pk, **recorded, **draft.version})
            rows.setdefault(draft.collection.table, []).append({"version_pk": pk, **draft.columns})
            rows[Pointer] += ({"version_pk": pk, **recorded, **pointer} for pointer in pointers)
        for table, values in rows.items():
            if values:
                self.session.execute(insert(rows_of(table)), values)

    def _check_rules(self) -> None:
        """The rules that look at other records, when all are there."""
        for chunk in chunked(sorted(self.changed)):
            for record_pk, rule, finding in self.reader.broken_rules(chunk):
                where = self.changed[record_pk]
                if rule.warning:
                    self.saved.warnings.append(Fault(f"{where} {finding.pointer}", finding.message))
                else:
                    self._fault(where, [finding])

    def _commit(self) -> Saved:
        # the digest covers what was written, so the revision comes last; its foreign keys wait for the commit
        for chunk in chunked(
            answers.affected(self.session, self.catalogue, set(self.changed), self.renamed, self.number)
        ):
            self.indexer.add(answers.render(self.session, self.catalogue, chunk, self.number))
            self.say("made ready to serve", len(chunk))
        self.saved.revision = self.number
        previous = self.head.digest if self.head else None
        revision = Revision(
            number=self.number,
            recorded=log.timestamp(self.head.recorded if self.head else None),
            actor=self.actor,
            reason=self.reason,
            previous=previous,
            digest="",
        )
        revision.digest = log.digest(revision, log.changes(self.session, self.number))
        self.session.add(revision)
        self.session.flush()
        return self.saved

    def withdraw(self, target: str, merge_into: str | None) -> Saved:
        known = self.reader.records([target, *filter(None, [merge_into])])
        for name in filter(None, (target, merge_into)):
            if name not in known or known[name].withdrawn:
                self._fault(name, [("", "is not recorded, or was withdrawn before")])
        self._refuse_faults()
        record = known[target]
        survivor = known[merge_into].pk if merge_into else None
        self._supersede([row.pk for row in self._current([record.pk]).values()])
        closed = update(Answer).where(Answer.record_pk == record.pk, Answer.recorded_to.is_(None))
        self.session.execute(closed.values(recorded_to=self.number))
        self.indexer.withdraw(record.pk, survivor)
        marked = update(Record).where(Record.pk == record.pk)
        self.session.execute(marked.values(withdrawn=self.number, merged_into=survivor))
        self.changed[record.pk] = target
        self.saved.changed = 1
        return self._commit()

    def _fault(self, where: str, faults: Iterable[tuple[str, str]]) -> None:
        self.faults += (Fault(f"{where} {pointer}".strip(), message) for pointer, message in faults)
        if len(self.faults) >= MOST_FAULTS:
            self._refuse_faults()

    def _refuse_faults(self) -> None:
        if self.faults:
            many = "at least " if len(self.faults) >= MOST_FAULTS else ""
            detail = f"{many}{len(self.faults)} faults; nothing was written"
            raise RuleBroken(detail, tuple(self.faults))


def _next(session: Session, column: Any) -> int:
    asked: Select[Any] = select(func.coalesce(func.max(column), 0) + 1)
    return int(session.execute(asked).scalar_one())


def _split(target: str) -> dict[str, Any]:
    collection, _, slug = target.partition(":")
    return {"collection": collection, "id": slug, "merged_into": None, "withdrawn": None}
