"""Trials: what is proposed is written as it would be, looked at, and taken back."""

from collections.abc import Iterable
from typing import NamedTuple

import orjson
from sqlalchemy.orm import Session

from app.api.callers import Caller
from app.curation.changes import Change, changes_in, look_before
from app.curation.desk import Desk
from app.curation.editing import Edit
from app.curation.permissions import forces_of
from app.registry.documents.references import Ref
from app.registry.problems import Fault, Refused
from app.registry.writing.store import Entry, Withdrawal

TRIAL = "a trial"


class Trial(NamedTuple):
    """What came of a trial: what each record would say, for which forces these speak, and what looks wrong."""

    changes: list[Change]
    forces: frozenset[str]
    warnings: list[Fault]


def tried(session: Session, desk: Desk, edit: Edit, callers: tuple[Caller, ...]) -> Trial:
    """Write what is asked for, for each of the callers, and take it back.

    Raises what a write raises, and Refused where nothing would be changed.
    """
    attempt = session.begin_nested()
    try:
        written = desk.write(session, edit, actor=TRIAL, reason=TRIAL, callers=callers)
        if written.revision is None:
            raise Refused("conflict", "all of it is recorded already as it is given")
        changes = sorted(changes_in(session, written.revision), key=lambda change: change.target)
        look = look_before(session, written.revision)
        found = [forces_of(each.target, document, look) for each in changes for document in each[1:3] if document]
        return Trial(changes, frozenset().union(*found), written.warnings)
    finally:
        if attempt.is_active:
            attempt.rollback()


def edit_of(changes: Iterable[Change]) -> Edit:
    """What is written to carry out changes: the very documents that were looked at."""
    edit = Edit()
    for change in changes:
        if change.after is None:
            edit.withdrawals.append(Withdrawal(change.target, change.merged_into))
        else:
            edit.entries.append(Entry(change.target, {**change.after, "type": Ref.parse(change.target).type}))
    return edit


def kept(changes: Iterable[Change]) -> str:
    """Changes as they are kept."""
    return orjson.dumps([change._asdict() for change in changes]).decode()


def read(text: str) -> list[Change]:
    """Changes that were kept."""
    return [Change(**each) for each in orjson.loads(text)]
