"""How organisations are in an agreement, an alliance or a unit, and with whom."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NotRequired, TypedDict

from app.analysis.commitments.kinds import AGREEMENT_KIND, kind_of
from app.analysis.commitments.signatures import SignatoryRow, day_signed, signatories
from app.analysis.commitments.succession import Responsible
from app.reads.answers.records import ServedDate
from app.reads.snapshots import PresenceField, RecordSnapshot, days_asked, with_presence
from app.registry.documents.references import Ref, ReferenceObject
from app.registry.presence import Presence, strongest, weakest
from app.registry.serving.statements import Clock

BySignatory = dict[Ref, list[Responsible]]
"""Who answers for an organisation that a record names, by that organisation."""


class InvolvementRow(TypedDict):
    """How an organisation is in something: the shape `Involvement`."""

    organisation: ReferenceObject
    role: str | None
    inherited_from: ReferenceObject | None
    presence: NotRequired[Presence]
    started: ServedDate | None
    ended: ServedDate | None
    signed_by: list[SignatoryRow] | None


class PartnerRow(TypedDict):
    """Someone with whom it is: the shape `Partner`."""

    organisation: ReferenceObject
    role: str | None
    presence: NotRequired[Presence]


def by_signatory(found: Iterable[Responsible]) -> BySignatory:
    """These, by the organisation that records name."""
    by_ref: BySignatory = {}
    for party in found:
        by_ref.setdefault(party.signatory.ref, []).append(party)
    return by_ref


def involvements(entry: RecordSnapshot, among: BySignatory, when: Clock) -> Iterator[InvolvementRow]:
    """How these are in the record: a line for each part and each organisation that answers for it."""
    kind = kind_of(entry)
    for part, period in entry.parts(kind.field):
        for party in among.get(Ref.of(part["organisation"]), ()):
            presence = party.involved(period, entry.period).presence(days_asked(when))
            if presence is not Presence.ABSENT:
                signed = day_signed(entry.answer, part) if kind is AGREEMENT_KIND else None
                yield {
                    "organisation": party.organisation.reference,
                    "role": part[kind.role],
                    "inherited_from": party.predecessor.reference if party.predecessor else None,
                    **with_presence(presence, when),
                    "started": part[kind.starts],
                    "ended": part[kind.ends],
                    "signed_by": signatories(party.signatory, signed),
                }


def surest(found: Iterable[Mapping[str, Any]], most: Presence, when: Clock) -> PresenceField:
    """The presence of the surest of these, but no more than `most`."""
    if not when.days:
        return {}
    return with_presence(weakest((most, strongest(Presence(each["presence"]) for each in found))), when)


def partners(others: Iterable[InvolvementRow], most: Presence, when: Clock) -> list[PartnerRow]:
    """Each of these once, by its name, no surer than `most`: of several parts the surest, and a role if one is said."""
    by_ref: dict[Ref, list[InvolvementRow]] = {}
    for each in others:
        by_ref.setdefault(Ref.of(each["organisation"]), []).append(each)
    found: list[PartnerRow] = [
        {
            "organisation": rows[0]["organisation"],
            "role": next((row["role"] for row in rows if row["role"]), None),
            **surest(rows, most, when),
        }
        for rows in by_ref.values()
    ]
    return sorted(found, key=lambda each: (each["organisation"]["name"], each["organisation"]["id"]))
