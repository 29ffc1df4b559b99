"""Which records a caller who is limited to forces may change: those in which one of these takes part, before and after.

It is asked of what a revision changed, in its transaction, so no route and no batch gets round it. What a record says
of others decides by what those were before: a post speaks for the body it is in, a decision for the body that decided,
a claim for its subject. What it says may not change how another's record stands either: a unit that takes the place of
one in which none of these forces takes part would end that one.
"""

from collections.abc import Iterator, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.api.callers import Caller
from app.curation.actors import wrote
from app.curation.changes import Change, changes_in, look_before
from app.curation.models import AccessKey
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
BEARS_ON: Mapping[str, tuple[str, ...]] = {
    "governance-body": ("oversees",),
    "alliance": ("predecessors",),
    "joint-unit": ("predecessors",),
    "agreement": ("covers",),
    "business-case": ("proposes",),
    "decision": ("subject",),
    "claim": ("supersedes",),
}
"""By type, the fields that change what is derived of the records they lead to: what stands, is approved or governed."""
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
    """The "type:id"s in a field: a reference, or those of its parts."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name in ("organisation", "subject", "unit", "alliance"):
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
    if not forces:
        return "was not written: the key is limited to no force at all"
    if kind in BY_CREATION:
        return _refusal_of_made(session, change, caller)
    if kind not in SPEAKS_FOR and kind != "force":
        return f"is a {kind}: these need a key that is not limited to forces"
    return _refusal_of_part(change, forces, look) or _refusal_of_bearing(change, forces, look)


def _refusal_of_part(change: Change, forces: frozenset[str], look: Look) -> str | None:
    """Why a record may not be changed in which none of the forces takes part: before, after, or where it is joined."""
    if change.before is not None and not forces & forces_of(change.target, change.before, look):
        return "is a record in which none of these forces takes part"
    if change.after is not None and not forces & forces_of(change.target, change.after, look):
        return "would be a record in which none of these forces takes part"
    into = change.merged_into
    if into is not None and not forces & forces_of(into, look(into), look):
        return f"was to be joined into {into}, in which none of these forces takes part"
    return None


def _refusal_of_made(session: Session, change: Change, caller: Caller) -> str | None:
    """Why a source or a person may not be changed: another made it, or what it is joined into."""
    if change.before is not None and not _made_by(session, change.target, caller):
        return "was not made with a key of this account"
    if change.merged_into is not None and not _made_by(session, change.merged_into, caller):
        return f"was to be joined into {change.merged_into}, which was not made with a key of this account"
    return None


def _refusal_of_bearing(change: Change, forces: frozenset[str], look: Look) -> str | None:
    """Why a record may not say what it newly says of another."""
    for field in BEARS_ON.get(Ref.parse(change.target).type, ()):
        before = set(_targets((change.before or {}).get(field)))
        for target in _targets((change.after or {}).get(field)):
            spoken_for = target.startswith("force:") or Ref.parse(target).type in SPEAKS_FOR
            if target not in before and spoken_for and not forces & forces_of(target, look(target), look):
                return f"would bear on {target} by its {field}, and none of these forces takes part in that"
    return None


def _made_by(session: Session, target: str, caller: Caller) -> bool:
    """Whether the first version of a record was written by the account that asks, with whichever of its keys."""
    kind, slug = Ref.parse(target)
    asked = (
        select(Revision.actor)
        .join(Version, Version.recorded_from == Revision.number)
        .where(Version.collection == kind, Version.record_id == slug)
        .order_by(Version.recorded_from)
        .limit(1)
    )
    actors = wrote(session.scalars(asked).first() or "")
    holders = select(AccessKey.account_id).where(AccessKey.id.in_(actors))
    return caller.account in {*actors, *session.scalars(holders)}
