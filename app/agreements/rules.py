"""Rules of agreements: who could be party to one, and what the shares of its cost make."""

from collections import defaultdict
from collections.abc import Container, Iterator
from dataclasses import replace
from decimal import Decimal

from app.agreements.schemas import Agreement
from app.organisations.derived import COMMISSIONERS, COMMISSIONERS_FROM, abolished_in_2012
from app.organisations.rules import AUTHORITY_AFTER_2012, COMMISSIONER_BEFORE_2012
from app.organisations.schemas import BodyKind
from app.registry.collection import Finding, Look, Rule
from app.registry.dates import in_words, parse_edtf
from app.registry.documents.canonical import Document
from app.registry.documents.compilation import plan_of
from app.registry.documents.fields import edtf_of
from app.registry.rules import OUTSIDE_REMEDY, OWN_PART, outside


def shares_make_100(document: Document, look: Look) -> Iterator[Finding]:
    """Cost shares that hold from the same day make 100 percent."""
    totals: dict[str | None, Decimal] = defaultdict(Decimal)
    for share in document.get("cost_shares", []):
        if "percent" in share:
            since = edtf_of(share["from"]) if "from" in share else None
            totals[since] += Decimal(share["percent"])
    for since, total in totals.items():
        if total != 100:
            from_ = f" from {in_words(since)}" if since else ""
            yield Finding("/cost_shares", f"make {total:f} percent{from_}, not 100")


def no_commissioner_before_2012(document: Document, look: Look) -> Iterator[Finding]:
    """No police and crime commissioner became party to an agreement before 22 November 2012."""
    for index, party, body in _bodies(document, look, COMMISSIONERS):
        joined = party.get("joined") or _signed(document)
        if joined and parse_edtf(edtf_of(joined)).latest < COMMISSIONERS_FROM:
            yield Finding(f"/parties/{index}", f"{body['name']} did not exist when it was made")


def no_authority_after_2012(document: Document, look: Look) -> Iterator[Finding]:
    """No police authority that the Act of 2011 abolished made an agreement from 22 November 2012 on."""
    signed = _signed(document)
    if signed and parse_edtf(edtf_of(signed)).earliest >= COMMISSIONERS_FROM:
        for index, _, body in _bodies(document, look, (BodyKind.POLICE_AUTHORITY,)):
            if abolished_in_2012(body, look):
                yield Finding(f"/parties/{index}", f"{body['name']} no longer existed when it was made")


def _bodies(document: Document, look: Look, kinds: Container[str]) -> Iterator[tuple[int, Document, Document]]:
    """The parties that are governance bodies of these kinds: the place of each, the part, and the body's document."""
    for index, party in enumerate(document.get("parties", [])):
        body = look(party["organisation"]) if party["organisation"].startswith("governance-body:") else None
        if body and body.get("kind") in kinds:
            yield index, party, body


def _signed(document: Document) -> str | dict[str, str] | None:
    """The day of signing, or else of commencement, as it is stated."""
    return document.get("made") or document.get("commences")


AGREEMENT_RULES = (
    OWN_PART,
    Rule(id="covers-what-is-absent", check=outside(plan_of(Agreement), ("covers",)), remedy=OUTSIDE_REMEDY),
    Rule(id="shares-not-100", check=shares_make_100, remedy="Complete the shares, or correct them."),
    replace(COMMISSIONER_BEFORE_2012, check=no_commissioner_before_2012),
    replace(AUTHORITY_AFTER_2012, check=no_authority_after_2012),
)
