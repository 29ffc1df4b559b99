"""A proposed change, brought to what is recorded now: what was touched since, and what stands in its way."""

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app.curation.changes import Change, document_at
from app.curation.reverts import refused
from app.curation.stale_writes import touched_since
from app.registry.documents.canonical import Document
from app.registry.problems import Refused
from app.registry.writing.merging import Clash, three_way


@dataclass(frozen=True)
class Carryover:
    """A change on what is recorded now. `result` is None where the record would be withdrawn, or is gone."""

    change: Change
    now: Document | None
    result: Document | None
    touched: list[Document] = field(default_factory=list)
    """Each field that was changed since: both values, what is wanted, who and when, and whether that clashes."""

    @property
    def moved(self) -> bool:
        """Whether the record says something else than when the change was proposed."""
        return self.now != self.change.before

    @property
    def clashes(self) -> list[Document]:
        """What cannot be carried over without a choice."""
        return [each for each in self.touched if each["clashes"]]


def carried(session: Session, changes: list[Change], base: int, newest: int) -> list[Carryover]:
    """Proposed changes on what is recorded now."""
    return [_carried(session, change, base, document_at(session, change.target, newest)) for change in changes]


def _carried(session: Session, change: Change, base: int, now: Document | None) -> Carryover:
    if now == change.before:
        return Carryover(change, now, change.after)
    if now is None:
        return Carryover(change, now, None, [_whole(change, "was withdrawn since")])
    if change.before is None:
        return Carryover(change, now, change.after, [_whole(change, "was recorded since by somebody else")])
    touched = touched_since(session, change.target, base)
    if change.after is None:
        # who wanted it gone had not seen this
        told = [_field(change, each, None, clashes=True) for each in touched.values()]
        return Carryover(change, now, None, told)
    result, clashes = three_way(change.before, now, change.after)
    found = {clash.field: clash for clash in clashes}
    told = [_field(change, each, found.get(each["field"]), clashes=each["field"] in found) for each in touched.values()]
    return Carryover(change, now, result, told)


def _whole(change: Change, message: str) -> Document:
    return {"record": change.target, "field": None, "message": message, "clashes": True}


def _field(change: Change, told: Document, clash: Clash | None, *, clashes: bool) -> Document:
    wanted = clash.wanted if clash else (change.after or {}).get(told["field"])
    message = f"was changed in revision {told['revision']} by {told['by']} at {told['recorded']}"
    return {"record": change.target, **told, "wanted": wanted, "message": message, "clashes": clashes}


def refuse_moved(found: list[Carryover], number: int) -> None:
    """Raise Refused where a record has moved on since it was looked at: the proposal must be rebased first."""
    conflicts = [told for each in found if each.moved for told in each.touched]
    if any(each.moved for each in found):
        raise refused(f"records have moved on since proposal {number} was made: rebase it, and look again", conflicts)


def rebased(found: list[Carryover], number: int) -> list[Change]:
    """The changes against what is recorded now. Raises Refused for a clash, and where nothing is left to change."""
    if conflicts := [told for each in found for told in each.clashes]:
        raise refused(f"proposal {number} cannot be rebased: others changed the same; amend it", conflicts)
    changes = [each.change._replace(before=each.now, after=each.result) for each in found if each.result != each.now]
    if not changes:
        raise Refused("conflict", f"all that proposal {number} says is recorded by now: withdraw it")
    return changes
