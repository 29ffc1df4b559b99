"""What a force, or the body that maintains it, is party to on a day: the question of Police Act 1996 s.23HA."""

from collections.abc import Callable, Iterator, Mapping

from sqlalchemy import Connection, select

from app.analysis.commitments import items, oversight, succession
from app.analysis.commitments.involvement import BySignatory, by_signatory
from app.analysis.commitments.kinds import COMMITMENT_KINDS, kind_of
from app.analysis.commitments.schemas import Collaborations, CollaborationsMeta
from app.analysis.commitments.succession import RelatedOrganisation
from app.api import lists
from app.api.parameters import Parameters
from app.api.view import View
from app.catalogue import BODIES, CATALOGUE, FORCES_COLLECTION, UNITS
from app.reads import filters, snapshots
from app.reads.snapshots import RecordSnapshot, days_asked, with_presence
from app.registry.collection import Collection
from app.registry.documents.canonical import Document
from app.registry.documents.references import Ref
from app.registry.presence import Presence
from app.registry.records import Version
from app.registry.serving.statements import Clock, find


def answer_for(collection: Collection) -> Callable[[Connection, Parameters, Clock], Document]:
    """The function of the view on organisations of the collection: it answers for the one that `id` names."""

    def answer(connection: Connection, parameters: Parameters, when: Clock) -> Document:
        asked = RecordSnapshot.read(collection, find(connection, collection, parameters["id"], when))
        return collaborations(connection, asked, when, _of_function(connection, parameters, when))

    return answer


def collaborations(
    connection: Connection, asked: RecordSnapshot, when: Clock, only: frozenset[int] | None = None
) -> Document:
    """Everything that the organisation is in, kind by kind; with `only`, of the records with these keys."""
    related = succession.related_organisations(connection, asked, when)
    ours = by_signatory(succession.with_predecessors(connection, related, when))
    entries = _naming(connection, ours, when)
    named = {Ref.of(part["organisation"]) for entry in entries for part, _ in entry.parts(kind_of(entry).field)}
    theirs = by_signatory(succession.with_successors(connection, named - set(ours), when))
    held = {entry.ref: item for entry in entries if (item := items.held(entry, ours, theirs, when))["as"]}
    covering = _covering(connection, held, when)
    held |= {entry.ref: items.covered(entry, held, when) for entry in covering}
    shown = [entry for entry in (*entries, *covering) if entry.ref in held and (only is None or entry.pk in only)]
    return {
        "organisations": [_organisation(each, when) for each in related],
        **_by_kind(connection, sorted(shown, key=_by_date), held, when),
    }


def _by_kind(
    connection: Connection, entries: list[RecordSnapshot], held: Mapping[Ref, Document], when: Clock
) -> Document:
    """The items in the order of the entries, kind by kind, each with what it is about, who governs it, and in words."""
    bodies = oversight.bodies(connection, entries, when)
    about = items.functions(connection, entries, when)
    described = {
        ref: {**item, "functions": about.get(ref, []), "governing_bodies": bodies.get(ref, [])}
        for ref, item in held.items()
    }
    found = items.evidenced(connection, entries, described, when)
    return {kind.key: [item for ref, item in found.items() if ref.type == kind.type] for kind in COMMITMENT_KINDS}


def _of_function(connection: Connection, parameters: Parameters, when: Clock) -> frozenset[int] | None:
    """The records that the lists of these give for `function`, None where it is not given. Raises Unsupported."""
    if "function" not in parameters:
        return None
    found: set[int] = set()
    for kind in COMMITMENT_KINDS:
        collection = CATALOGUE.by_type[kind.type]
        question = lists.ask(collection, {"function": parameters["function"]}, when, None)
        asked = select(Version.record_pk).where(*lists.conditions(connection, question))
        found.update(connection.scalars(asked))
    return frozenset(found)


def _naming(connection: Connection, ours: BySignatory, when: Clock) -> list[RecordSnapshot]:
    """The agreements, alliances and units that name one of these, if they can have held on the days asked for."""
    signatories = {party.signatory.pk for group in ours.values() for party in group}
    fields = [f"{kind.type}.{kind.field}" for kind in COMMITMENT_KINDS]
    arrows = snapshots.pointing(connection, when, signatories, fields)
    entries = snapshots.of_pks(connection, when, (arrow.record_pk for arrow in arrows))
    return [entry for entry in entries if entry.held(when)]


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


def _views() -> Iterator[View]:
    for collection, operation in ((FORCES_COLLECTION, "force"), (BODIES, "governance_body")):
        yield View(
            path=f"/{collection.path}/{{id}}/collaborations",
            operation_id=f"get_{operation}_collaborations",
            summary="What it is party to",
            description=(
                "The agreements, alliances and joint units that the force, or the body that maintains it, is in at "
                "`as_of` (without it: ever), what it took over from its predecessors included: what Police Act 1996 "
                "s.23HA asks to be considered before another agreement is made. Each with what it is about, with whom, "
                "on whose word, and as a paragraph (`text`) that can be pasted. Without `limit` all; with it, the "
                "first of each of the three, and in `meta.parts` how many there are and where each goes on."
            ),
            item=Collaborations,
            rows=tuple(kind.key for kind in COMMITMENT_KINDS),
            answer=answer_for(collection),
            parameters={"function": filters.list_parameter(UNITS.by["function"].text, each=True)},
            parts=tuple(kind.key for kind in COMMITMENT_KINDS),
            meta=CollaborationsMeta,
        )


VIEWS: tuple[View, ...] = tuple(_views())
