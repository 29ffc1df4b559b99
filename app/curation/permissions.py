"""Which records a caller who is limited to forces may change: those in which one of these takes part, before and after.

It is asked of what a revision changed, in its transaction, so no route and no batch gets round it. What a record says
of others decides by what those were before: a post speaks for the body it is in, a decision for the body that decided,
a claim for its subject.
"""

from collections.abc import Iterator, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.api.callers import Caller
from app.curation.actors import wrote
from app.curation.changes import Change, changes_in, look_before
from app.registry.collection import Look
from app.registry.documents.canonical import Document
from app.registry.documents.references import Ref
from app.registry.problems import Fault, Refused
from app.registry.records import Revision, Version

SPEAKS_FOR: Mapping[str, tuple[str, ...]] = {
    "governance-body": ("oversees", "members"),
    "alliance": ("participants",),
    "joint-unit": ("participants",),
    "agreement": ("parties", "covers"),
    "business-case": ("alliance", "proposes", "approvers"),
    "appointment": ("body",),
    "decision": ("body",),
    "claim": ("subject",),
}
"""By type, the fields that lead to the forces a record speaks for; of several, the first that is recorded."""
BY_CREATION = ("source", "person")
"""Types of which a limited caller may make new records, and change what it made itself."""
MOST_HOPS = 4
"""A claim of an agreement that covers a unit leads to its forces in three; none leads further than this."""
MOST_FAULTS = 100


def forces_of(target: str, document: Document | None, look: Look, hops: int = MOST_HOPS) -> frozenset[str]:
    """The ids of the forces that a record speaks for: {"bedfordshire", "hertfordshire"}."""
    kind, slug = Ref.parse(target)
    if kind == "force":
        return frozenset({slug})
    if document is None or hops == 0:
        return frozenset()
    for field in SPEAKS_FOR.get(kind, ()):
        if targets := list(_targets(document.get(field))):
            return frozenset().union(*(forces_of(each, look(each), look, hops - 1) for each in targets))
    return frozenset()


def _targets(value: object) -> Iterator[str]:
    """The "type:id"s in a field: a reference, or those of its parts that say who takes part."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name in ("organisation", "subject"):
            yield from _targets(value.get(name))
    elif isinstance(value, list):
        for item in value:
            yield from _targets(item)


def refuse_others(session: Session, revision: int, caller: Caller) -> None:
    """Raise Refused where the revision that is being written is beyond the forces to which the caller is limited."""
    if caller.forces is None:
        return
    look = look_before(session, revision)
    faults: list[Fault] = []
    for change in changes_in(session, revision):
        if (message := _refusal(session, change, caller, look)) and len(faults) < MOST_FAULTS:
            faults.append(Fault(change.target, message))
    if faults:
        detail = f"the key is limited to {', '.join(sorted(caller.forces))}; nothing was written"
        raise Refused("not-allowed", detail, tuple(faults))


def _refusal(session: Session, change: Change, caller: Caller, look: Look) -> str | None:
    """Why a change is not allowed; None if it is."""
    forces, kind = caller.forces or frozenset(), Ref.parse(change.target).type
    if kind in BY_CREATION:
        mine = change.before is None or caller.actor in wrote(_creator(session, change.target) or "")
        return None if mine else "was not made with this key"
    if kind not in SPEAKS_FOR and kind != "force":
        return f"is a {kind}: these need a key that is not limited to forces"
    if change.before is not None and not forces & forces_of(change.target, change.before, look):
        return "is a record in which none of these forces takes part"
    if change.after is not None and not forces & forces_of(change.target, change.after, look):
        return "would be a record in which none of these forces takes part"
    into = change.merged_into
    if into is not None and not forces & forces_of(into, look(into), look):
        return f"was to be joined into {into}, in which none of these forces takes part"
    return None


def _creator(session: Session, target: str) -> str | None:
    """Who wrote the first version of a record."""
    kind, slug = Ref.parse(target)
    asked = (
        select(Revision.actor)
        .join(Version, Version.recorded_from == Revision.number)
        .where(Version.collection == kind, Version.record_id == slug)
        .order_by(Version.recorded_from)
        .limit(1)
    )
    return session.scalars(asked).first()
