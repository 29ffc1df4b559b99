"""What a force, or the body that maintains it, is party to on a day: the question of Police Act 1996 s.23HA."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, NotRequired, TypedDict

from sqlalchemy import Connection

from app.analysis.commitments import oversight, succession
from app.analysis.commitments.schemas import Collaborations
from app.analysis.commitments.succession import RelatedOrganisation, Responsible
from app.api.parameters import Parameters
from app.api.view import View
from app.catalogue import BODIES, FORCES_COLLECTION
from app.reads import snapshots
from app.reads.answer_part_types import ServedDate
from app.reads.snapshots import PresenceField, RecordSnapshot, days_asked, with_presence
from app.registry.collection import Collection
from app.registry.documents.canonical import Document
from app.registry.documents.references import Ref, ReferenceObject
from app.registry.presence import Presence, strongest, weakest
from app.registry.serving.statements import Clock, find


class CommitmentKind(NamedTuple):
    """A kind of collaboration that an organisation can be committed to, and what its fields are called.

    `key` names its list in the answer and `type` its records; `field` holds those in it, each with a `role` and with
    the days that `starts` and `ends` name; `shown` are the record's own fields that the answer repeats.
    """

    key: str
    type: str
    field: str
    role: str
    starts: str
    ends: str
    shown: tuple[str, ...]


COMMITMENT_KINDS = (
    CommitmentKind(
        key="agreements",
        type="agreement",
        field="parties",
        role="capacity",
        starts="joined",
        ends="left",
        shown=("made", "commences", "expires", "review_due"),
    ),
    CommitmentKind(
        key="alliances",
        type="alliance",
        field="participants",
        role="role",
        starts="started",
        ends="ended",
        shown=("started", "ended"),
    ),
    CommitmentKind(
        key="joint_units",
        type="joint-unit",
        field="participants",
        role="role",
        starts="started",
        ends="ended",
        shown=("started", "ended", "lifecycle"),
    ),
)


class InvolvementRow(TypedDict):
    """How an organisation is in something: the shape `Involvement`."""

    organisation: ReferenceObject
    role: str | None
    inherited_from: ReferenceObject | None
    presence: NotRequired[Presence]
    started: ServedDate | None
    ended: ServedDate | None


BySignatory = dict[Ref, list[Responsible]]
"""Who answers for an organisation that a record names, by that organisation."""


def answer_for(collection: Collection) -> Callable[[Connection, Parameters, Clock], Document]:
    """The function of the view on organisations of the collection: it answers for the one that `id` names."""

    def answer(connection: Connection, parameters: Parameters, when: Clock) -> Document:
        asked = RecordSnapshot.read(collection, find(connection, collection, parameters["id"], when))
        return collaborations(connection, asked, when)

    return answer


def collaborations(connection: Connection, asked: RecordSnapshot, when: Clock) -> Document:
    """Everything that the organisation is in, kind by kind."""
    related = succession.related_organisations(connection, asked, when)
    ours = _by_signatory(succession.with_predecessors(connection, related, when))
    entries = _naming(connection, ours, when)
    named = {Ref.of(part["organisation"]) for entry in entries for part, _ in entry.parts(_kind(entry).field)}
    theirs = _by_signatory(succession.with_successors(connection, named - set(ours), when))
    held = {entry.ref: item for entry in entries if (item := _held(entry, ours, theirs, when))["as"]}
    covering = _covering(connection, held, when)
    held |= {entry.ref: _covered(entry, held, when) for entry in covering}
    entries = sorted((entry for entry in (*entries, *covering) if entry.ref in held), key=_by_date)
    bodies = oversight.bodies(connection, entries, when)
    answer: Document = {"organisations": [_organisation(each, when) for each in related]}
    for kind in COMMITMENT_KINDS:
        refs = [entry.ref for entry in entries if entry.collection.type == kind.type]
        answer[kind.key] = [{**held[ref], "governing_bodies": bodies[ref]} for ref in refs]
    return answer


def _by_signatory(found: Iterable[Responsible]) -> BySignatory:
    by_ref: BySignatory = {}
    for party in found:
        by_ref.setdefault(party.signatory.ref, []).append(party)
    return by_ref


def _naming(connection: Connection, ours: BySignatory, when: Clock) -> list[RecordSnapshot]:
    """The agreements, alliances and units that name one of these, if they can have held on the days asked for."""
    signatories = {party.signatory.pk for group in ours.values() for party in group}
    fields = [f"{kind.type}.{kind.field}" for kind in COMMITMENT_KINDS]
    arrows = snapshots.pointing(connection, when, signatories, fields)
    entries = snapshots.of_pks(connection, when, (arrow.record_pk for arrow in arrows))
    return [entry for entry in entries if entry.held(when)]


def _kind(entry: RecordSnapshot) -> CommitmentKind:
    return next(kind for kind in COMMITMENT_KINDS if kind.type == entry.collection.type)


def _by_date(entry: RecordSnapshot) -> tuple[bool, int, int, str]:
    """What collaborations are sorted by: their start; where none is recorded, behind all others."""
    undated = not any(entry.answer.get(name) for name in ("commences", "made", "started"))
    return undated, entry.period.begins_earliest, entry.period.begins_latest, entry.answer["id"]


def _organisation(each: RelatedOrganisation, when: Clock) -> Document:
    """An organisation that the answer is for, with those who held its posts."""
    entry = each.organisation
    field = "posts" if entry.collection.type == "force" else "officers"
    posts = ((post, period.within(entry.period).presence(days_asked(when))) for post, period in entry.parts(field))
    presence = each.period.presence(days_asked(when))
    return {
        "organisation": entry.reference,
        "relation": each.relation,
        **with_presence(presence, when),
        "started": each.dates["started"],
        "ended": each.dates["ended"],
        "post_holders": [_post(post, presence, when) for post, presence in posts if presence is not Presence.ABSENT],
    }


def _post(post: Document, presence: Presence, when: Clock) -> Document:
    names = ("appointment", "person", "post", "status", "started", "ended")
    return {**{name: post[name] for name in names}, **with_presence(presence, when)}


def _covering(connection: Connection, held: Mapping[Ref, Document], when: Clock) -> list[RecordSnapshot]:
    """Agreements of which no party is recorded, but that cover one of these alliances or units."""
    arrows = snapshots.pointing(connection, when, snapshots.keys(connection, held).values(), ["agreement.covers"])
    entries = snapshots.of_pks(connection, when, (arrow.record_pk for arrow in arrows))
    return [entry for entry in entries if not entry.answer["parties"] and entry.held(when)]


def _covered(entry: RecordSnapshot, held: Mapping[Ref, Document], when: Clock) -> Document:
    """An agreement as something that the organisation is in through what it covers: no surer than either."""
    through = [held[ref] for each in entry.answer["covers"] if (ref := Ref.of(each)) in held]
    names = ", ".join(item["name"] for item in through)
    return {
        **_described(entry, when),
        **_strongest(through, entry.period.presence(days_asked(when)), when),
        "text": f"{entry.reference['name']}: covers {names}; its parties are not recorded",
        "as": [],
        "others": [],
        "through": [{name: item[name] for name in ("id", "type", "name", "url")} for item in through],
    }


def _described(entry: RecordSnapshot, when: Clock) -> Document:
    answer = entry.shown(when)
    return {**entry.reference, "kind": answer["kind"], **{name: answer[name] for name in _kind(entry).shown}}


def _strongest(found: Iterable[Mapping[str, Any]], most: Presence, when: Clock) -> PresenceField:
    """The presence of the surest of these, but no more than `most`."""
    if not when.days:
        return {}
    return with_presence(weakest((most, strongest(Presence(each["presence"]) for each in found))), when)


def _held(entry: RecordSnapshot, ours: BySignatory, theirs: BySignatory, when: Clock) -> Document:
    """One record, as it was on the days asked for, and who is in it."""
    involved = list(_involved(entry, ours, when))
    through: Document = {"through": []} if entry.collection.type == "agreement" else {}
    return {
        **_described(entry, when),
        **(_strongest(involved, Presence.CERTAIN, when) if involved else {}),
        **through,
        "text": f"{entry.reference['name']}: {'; '.join(map(_in_words, involved))}",
        "as": involved,
        "others": list(_involved(entry, theirs, when)),
    }


def _involved(entry: RecordSnapshot, among: BySignatory, when: Clock) -> Iterator[InvolvementRow]:
    """How these are in the record: a line for each part and each organisation that answers for it."""
    kind = _kind(entry)
    for part, period in entry.parts(kind.field):
        for party in among.get(Ref.of(part["organisation"]), ()):
            presence = party.involved(period, entry.period).presence(days_asked(when))
            if presence is not Presence.ABSENT:
                yield {
                    "organisation": party.organisation.reference,
                    "role": part[kind.role],
                    "inherited_from": party.predecessor.reference if party.predecessor else None,
                    **with_presence(presence, when),
                    "started": part[kind.starts],
                    "ended": part[kind.ends],
                }


def _in_words(involved: InvolvementRow) -> str:
    role = f" ({involved['role'].replace('_', ' ')})" if involved["role"] else ""
    before = f", in place of {involved['inherited_from']['name']}" if involved["inherited_from"] else ""
    return f"{involved['organisation']['name']}{role}{before}"


def _views() -> Iterator[View]:
    for collection, operation in ((FORCES_COLLECTION, "force"), (BODIES, "governance_body")):
        yield View(
            path=f"/{collection.path}/{{id}}/collaborations",
            operation_id=f"get_{operation}_collaborations",
            summary="What it is party to",
            description=(
                "The agreements, alliances and joint units that the force, or the body that maintains it, is in at "
                "`as_of` (without it: ever), what it took over from its predecessors included: what Police Act 1996 "
                "s.23HA asks to be considered before another agreement is made."
            ),
            item=Collaborations,
            rows=tuple(kind.key for kind in COMMITMENT_KINDS),
            answer=answer_for(collection),
        )


VIEWS: tuple[View, ...] = tuple(_views())
