"""A revision that is written again as it was written before: time, salts, digest and all."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.registry.problems import RuleBroken
from app.registry.projections import Register
from app.registry.writing.outcome import Entry, Saved, Withdrawal
from app.registry.writing.store import RevisionWrite


class Original(NamedTuple):
    """What a revision was when it was first written."""

    actor: str
    reason: str
    recorded: str
    salt: str | None
    """That of the reason; None: form 1."""
    salts: Mapping[str, str | None]
    """That of each document, by its record: "force:kent"."""
    digest: str


class RevisionRepetition(RevisionWrite):
    """A revision in the making that was made before."""

    even_empty = True

    def __init__(self, session: Session, register: Register, original: Original) -> None:
        super().__init__(session, register, original.actor, original.reason)
        self.original = original

    def _check_rules(self) -> None:
        """They are not asked: it was recorded once, and rules may have come since."""

    def _recorded(self, after: str | None) -> str:  # noqa: ARG002 - it had its time
        return self.original.recorded

    def _salt(self, target: str | None) -> str | None:
        return self.original.salt if target is None else self.original.salts.get(target)


def repeat(
    session: Session,
    register: Register,
    entries: Sequence[Entry],
    withdrawals: Sequence[Withdrawal],
    original: Original,
) -> Saved:
    """Write the revision. Raises what `save` raises, and RuleBroken where it would not be the same one."""
    write = RevisionRepetition(session, register, original)
    saved = write.run(entries, withdrawals)
    if write.revision is None or write.revision.digest != original.digest:
        raise RuleBroken(f"revision {write.number} would not be what was written: its digest would be another one")
    return saved


class EmptyRevision(RevisionWrite):
    """A revision that changes no record, and says something by its reason alone."""

    even_empty = True


def remark(session: Session, register: Register, *, actor: str, reason: str) -> Saved:
    """Write a revision that changes no record. Raises what `save` raises."""
    nothing: Iterable[Entry] = ()
    return EmptyRevision(session, register, actor, reason).run(nothing, ())
