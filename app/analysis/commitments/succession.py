"""In whose name a force or a policing body is asked what it is party to: Police Act 1996 s.23HA.

A force's chief officer and the body that maintains the force answer for the same collaborations, and whoever took an
organisation's place answers for what that organisation had agreed.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple, TypedDict

from sqlalchemy import Connection

from app.organisations.derived import POLICING_BODIES
from app.reads import snapshots
from app.reads.answers.organisations import ServedForce, ServedGovernanceBody
from app.reads.answers.records import ServedDate
from app.reads.snapshots import RecordSnapshot, days_asked, pointing
from app.registry.dates import AFTER_ALL, BEFORE_ALL, ENDED_UNKNOWN, Span, parse_edtf
from app.registry.documents.references import Ref
from app.registry.presence import ALWAYS, Period, Presence
from app.registry.serving.statements import Clock

SUCCESSIONS = ("force.successors", "governance-body.successors")


class Relationship(StrEnum):
    """How an organisation stands to the one asked."""

    ASKED = "asked"
    MAINTAINS = "maintains"
    MAINTAINED = "maintained"


class RecordedDates(TypedDict):
    """What has a start and an end: an organisation, or the part that it takes."""

    started: ServedDate | None
    ended: ServedDate | None


ServedOrganisation = ServedForce | ServedGovernanceBody
OrganisationSnapshot = RecordSnapshot[ServedOrganisation]


class RelatedOrganisation(NamedTuple):
    """The organisation asked, or one that answers with it: the force that it maintains, or the body that maintains it.

    `dates` is where `started` and `ended` of that relation are recorded, `period` when it held; `limits` are the days
    on which it can have been in anything for the one asked.
    """

    organisation: OrganisationSnapshot
    relation: Relationship
    dates: RecordedDates
    period: Period
    limits: Period


class Responsible(NamedTuple):
    """An organisation that answers for a part in something: its own, or a predecessor's whose place it has taken."""

    organisation: OrganisationSnapshot
    limits: Period
    predecessor: OrganisationSnapshot | None

    @property
    def signatory(self) -> OrganisationSnapshot:
        """The organisation that the record names."""
        return self.predecessor or self.organisation

    @property
    def identity(self) -> tuple[int, Period, int]:
        """What tells it from every other: the keys of both organisations, and the days between."""
        return self.organisation.pk, self.limits, self.signatory.pk

    def involved(self, part: Period, whole: Period) -> Period:
        """When it was in something, by a part of that which names the signatory.

        What a body had agreed passes to its successor: that the body ended does not end the part, only leaving does.
        """
        if self.predecessor is None:
            return part.within(self.limits)
        if part.possible_until >= self.predecessor.period.presumed_until:
            part = part._replace(presumed_until=whole.presumed_until, possible_until=whole.possible_until)
        return part.within(self.limits)


def limits_of(*lives: RecordedDates) -> Period:
    """The days that the `started` and `ended` of all these leave open: where none is recorded, no day is ruled out.

    That an organisation took part is itself evidence that it was there: an unrecorded founding makes that no less sure.
    """
    found = ALWAYS
    for life in lives:
        first, last = _recorded(life["started"], BEFORE_ALL), _recorded(life["ended"], AFTER_ALL)
        found = found.within(Period(*first, last.earliest, *last))
    return found


def _recorded(date: ServedDate | None, otherwise: int) -> Span:
    if date is None or date["edtf"] == ENDED_UNKNOWN:
        return Span(otherwise, otherwise)
    return parse_edtf(date["edtf"])


def related_organisations(
    connection: Connection, asked: OrganisationSnapshot, when: Clock
) -> list[RelatedOrganisation]:
    """The organisation asked, and the force it maintains or the bodies that maintain it, on the days asked for."""
    if asked.collection.type == "force":
        found = _related(connection, asked, when, Relationship.MAINTAINS)
        found = [one for one in found if one.organisation.answer["kind"] in POLICING_BODIES]
    elif asked.answer["kind"] in POLICING_BODIES:
        found = _related(connection, asked, when, Relationship.MAINTAINED)
        found = [one for one in found if one.organisation.collection.type == "force"]
    else:
        found = []
    return [RelatedOrganisation(asked, Relationship.ASKED, asked.answer, asked.period, limits_of(asked.answer)), *found]


def _related(
    connection: Connection, asked: OrganisationSnapshot, when: Clock, relation: Relationship
) -> list[RelatedOrganisation]:
    """The bodies that govern the force asked, or the forces and bodies that the body asked oversees."""
    field, key = ("governed_by", "body") if relation is Relationship.MAINTAINS else ("oversees", "subject")
    parts = asked.parts(field)
    entries = snapshots.of_refs(connection, when, (Ref.of(part[key]) for part, _ in parts))
    by_target = {entry.ref: entry for entry in entries}
    found = []
    for part, period in parts:
        if organisation := by_target.get(Ref.of(part[key])):
            inside = period.within(asked.period).within(organisation.period)
            if inside.presence(days_asked(when)) is not Presence.ABSENT:
                limits = limits_of(part, asked.answer, organisation.answer)
                found.append(RelatedOrganisation(organisation, relation, part, inside, limits))
    return found


def with_predecessors(connection: Connection, related: Iterable[RelatedOrganisation], when: Clock) -> list[Responsible]:
    """Each of these for itself, then for each of those whose place it took, however long ago."""
    found = [Responsible(one.organisation, one.limits, None) for one in related]
    known = {party.identity for party in found}
    frontier = found
    while frontier:
        arrows = pointing(connection, when, (party.signatory.pk for party in frontier), SUCCESSIONS)
        entries = snapshots.of_pks(connection, when, (arrow.record_pk for arrow in arrows))
        before = {entry.pk: entry for entry in entries}
        steps = [
            party._replace(predecessor=before[arrow.record_pk])
            for party in frontier
            for arrow in arrows
            if arrow.target_pk == party.signatory.pk
        ]
        frontier = _new(steps, known)
        found = [*found, *frontier]
    return found


def with_successors(connection: Connection, refs: Iterable[Ref], when: Clock) -> list[Responsible]:
    """Each of these organisations for itself, then whoever took its place, however much later."""
    found = [Responsible(entry, limits_of(entry.answer), None) for entry in snapshots.of_refs(connection, when, refs)]
    known = {party.identity for party in found}
    frontier = found
    while frontier:
        names = (Ref.of(later) for party in frontier for later in party.organisation.answer["successors"])
        heirs = {entry.ref: entry for entry in snapshots.of_refs(connection, when, names)}
        steps = [
            Responsible(heir, limits_of(heir.answer), party.signatory)
            for party in frontier
            for later in party.organisation.answer["successors"]
            if (heir := heirs.get(Ref.of(later)))
        ]
        frontier = _new(steps, known)
        found = [*found, *frontier]
    return found


def _new(steps: Iterable[Responsible], known: set[tuple[int, Period, int]]) -> list[Responsible]:
    """The steps that are not in `known` yet, which takes them in: a circle of successors is not walked for ever."""
    found = []
    for party in steps:
        if party.identity not in known and party.organisation.pk != party.signatory.pk:
            known.add(party.identity)
            found.append(party)
    return found
