"""Reverting a revision: a new one that undoes it, where nothing touched the same since."""

from sqlalchemy.orm import Session

from app.curation.changes import Change, changes_in, document_at
from app.curation.editing import Edit
from app.registry.documents.canonical import Document
from app.registry.documents.references import Ref
from app.registry.problems import Fault, NotFound, Refused
from app.registry.records import Revision
from app.registry.redactions import gaps_at
from app.registry.writing.merging import Clash, fields_changed, three_way
from app.registry.writing.store import Entry, Withdrawal


def reverting(session: Session, number: int, newest: int) -> Edit:
    """What undoes a revision: what it made is withdrawn, what it amended says again what it said.

    Raises NotFound, and Refused naming each field that was touched since, and each record that it withdrew: those do
    not come back, for an id is never used again.
    """
    if session.get(Revision, number) is None:
        raise NotFound(f"there is no revision {number}; the newest is {newest}")
    if gaps_at(session, number):
        raise Refused("conflict", f"some of what revision {number} wrote, or took the place of, is redacted")
    edit, conflicts = Edit(), list[Document]()
    for change in changes_in(session, number):
        now = document_at(session, change.target, newest)
        if change.after is None:
            conflicts.append(_conflict(change, "was withdrawn, and does not come back; make a new record", None))
        elif change.before is None:
            conflicts += _withdrawing(change, now, edit)
        elif now is None:
            conflicts.append(_conflict(change, "was withdrawn since", None))
        else:
            conflicts += _taking_back(change, change.before, now, edit)
    if conflicts:
        raise refused(f"revision {number} cannot be reverted", conflicts)
    return edit


def refused(detail: str, conflicts: list[Document]) -> Refused:
    """409, with each record and field in the way."""
    faults = tuple(
        Fault(f"{each['record']}/{each['field']}" if each["field"] else each["record"], each["message"])
        for each in conflicts
    )
    return Refused("conflict", f"{detail}; nothing was written", faults, more={"conflicts": conflicts})


def _withdrawing(change: Change, now: Document | None, edit: Edit) -> list[Document]:
    """Withdraw what the revision made; what was withdrawn since is as it should be."""
    if now is None:
        return []
    made = change.after or {}
    touched = [Clash(name, made.get(name), now.get(name), None) for name in fields_changed(made, now)]
    edit.withdrawals.append(Withdrawal(change.target))
    return [_conflict(change, "was changed since", clash) for clash in touched]


def _taking_back(change: Change, before: Document, now: Document, edit: Edit) -> list[Document]:
    """Write a record as it was before the revision, with what was changed otherwise since."""
    document, clashes = three_way(change.after or {}, now, before)
    edit.entries.append(Entry(change.target, {**document, "type": Ref.parse(change.target).type}))
    return [_conflict(change, "was changed since", clash) for clash in clashes]


def _conflict(change: Change, message: str, clash: Clash | None) -> Document:
    values = {"was": clash.base, "is": clash.now, "wanted": clash.wanted} if clash else {}
    return {"record": change.target, "field": clash.field if clash else None, "message": message, **values}
