"""What a force, or the body that maintains it, is party to on a day: the question of Police Act 1996 s.23HA."""

from collections.abc import Callable, Iterator, Mapping

from sqlalchemy import ColumnElement, Connection, exists

from app.analysis.commitments import items, succession
from app.analysis.commitments.involvement import by_signatory
from app.analysis.commitments.kinds import COMMITMENT_KINDS
from app.analysis.commitments.paging import CommitmentQuestion
from app.analysis.commitments.schemas import Collaborations, CollaborationsMeta
from app.analysis.commitments.succession import RelatedOrganisation
from app.analysis.commitments.tables import Commitment
from app.api import lists
from app.api.parameters import Parameters
from app.api.remembered import Remembered
from app.api.view import PageMade, PageWanted, Parted, View
from app.catalogue import BODIES, CATALOGUE, FORCES_COLLECTION, UNITS
from app.reads import filters
from app.reads.snapshots import RecordSnapshot, days_asked, with_presence
from app.registry.collection import Collection
from app.registry.documents.canonical import Document
from app.registry.presence import Presence
from app.registry.records import Version
from app.registry.serving.statements import Clock, find

_TOTALS = Remembered[int](1000)


def answer_for(collection: Collection) -> Callable[[Connection, Parameters, Clock], Parted]:
    """The function of the view on organisations of the collection: it answers for the one that `id` names."""

    def answer(connection: Connection, parameters: Parameters, when: Clock) -> Parted:
        asked = RecordSnapshot.read(collection, find(connection, collection, parameters["id"], when))
        return collaborations(connection, asked, when, parameters.get("function"))

    return answer


def collaborations(connection: Connection, asked: RecordSnapshot, when: Clock, function: str | None = None) -> Parted:
    """Everything that the organisation is in, kind by kind, the earliest first. Raises Unsupported."""
    related = succession.related_organisations(connection, asked, when)
    ours = by_signatory(succession.with_predecessors(connection, related, when))
    members = CommitmentQuestion(when, ours, _of_function(connection, function, when))
    return Parted(
        {"organisations": [_organisation(each, when) for each in related]},
        {kind.key: _total(connection, members, asked, kind.type, function) for kind in COMMITMENT_KINDS},
        lambda wanted: _pages(connection, members, wanted),
    )


def _pages(
    connection: Connection, members: CommitmentQuestion, wanted: Mapping[str, PageWanted]
) -> dict[str, PageMade]:
    """The pages that are wanted of the three lists, made together."""
    placed = {
        kind.key: members.page(connection, kind.type, wanted[kind.key].after, wanted[kind.key].most + 1)
        for kind in COMMITMENT_KINDS
        if kind.key in wanted
    }
    shown = {name: found[: wanted[name].most] for name, found in placed.items()}
    made = items.made(connection, [each.pk for found in shown.values() for each in found], members.ours, members.when)
    return {
        name: PageMade(
            [made[each.pk] for each in found if each.pk in made],
            list(found[-1].place) if len(placed[name]) > len(found) else None,
        )
        for name, found in shown.items()
    }


def _total(
    connection: Connection, members: CommitmentQuestion, asked: RecordSnapshot, kind: str, function: str | None
) -> int:
    question = (members.when, asked.ref, kind, function)
    return _TOTALS.get(question, lambda: members.total(connection, kind))


def _of_function(connection: Connection, function: str | None, when: Clock) -> dict[str, ColumnElement[bool]]:
    """By type, that a record is one that the list of these gives for `function`, if given. Raises Unsupported."""
    if function is None:
        return {}
    found: dict[str, ColumnElement[bool]] = {}
    for kind in COMMITMENT_KINDS:
        question = lists.ask(CATALOGUE.by_type[kind.type], {"function": function}, when, None)
        conditions = lists.conditions(connection, question)
        found[kind.type] = exists().where(Version.record_pk == Commitment.record_pk, *conditions)
    return found


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
