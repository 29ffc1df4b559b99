"""Who signed for a party: the holders of the post that signs, on the day the agreement was made."""

import re
from typing import Any, TypedDict

from app.analysis.commitments.succession import OrganisationSnapshot
from app.reads.answers.records import ServedDate
from app.registry.dates import Span, parse_edtf
from app.registry.documents.references import ReferenceObject
from app.registry.presence import Period, Presence, weakest

_STANDING_IN = "((acting|temporary|interim) )?"
_SIGNING = {
    "force": re.compile(_STANDING_IN + r"(chief constable|commissioner( of police\b.*)?)", re.IGNORECASE),
    "governance-body": re.compile(
        _STANDING_IN + "(chair(man|woman|person)?|mayor|police(, fire)? and crime commissioner)", re.IGNORECASE
    ),
}
"""The posts that sign: a force's chief officer, and the head of a policing body (Police Act 1996 s.22A(3))."""


class SignatoryRow(TypedDict):
    """Someone who signed for a party: the shape `Signatory`."""

    person: ReferenceObject
    post: str
    appointment: ReferenceObject
    certainty: Presence


def signatories(party: OrganisationSnapshot, signed: ServedDate | None) -> list[SignatoryRow] | None:
    """Who held the signing post of the organisation on the day; None where that day or the holder is not recorded."""
    posts = {"force": "posts", "governance-body": "officers"}.get(party.collection.type)
    if posts is None or signed is None:
        return None
    days, signing = parse_edtf(signed["edtf"]), _SIGNING[party.collection.type]
    found: list[SignatoryRow] = []
    for post, period in party.parts(posts):
        certainty = _throughout(period, days)
        if signing.fullmatch(post["post"]) and certainty is not Presence.ABSENT:
            who = {name: post[name] for name in ("person", "post", "appointment")}
            found.append({**who, "certainty": certainty})  # type: ignore[typeddict-item]
    return found or None


def _throughout(period: Period, days: Span) -> Presence:
    """How sure it is that a period held on a day that is one of these: at most possible, if not on all of them."""
    if period.presence(days) is Presence.ABSENT:
        return Presence.ABSENT
    ends = weakest(period.presence(Span(day, day)) for day in days)
    return Presence.POSSIBLE if ends is Presence.ABSENT else ends


def day_signed(agreement: Any, part: Any) -> ServedDate | None:
    """When a party signed: on the day the agreement was made, or later, where it joined after that."""
    made: ServedDate | None = agreement["made"]
    joined: ServedDate | None = part["joined"]
    if made and joined and parse_edtf(joined["edtf"]).earliest > parse_edtf(made["edtf"]).latest:
        return joined
    return made
