"""What coverage counts of a record, in one short row: made of its answer, and so replaceable."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from struct import Struct
from typing import Any

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, code_text
from app.reads.answers.records import ServedDate
from app.reads.fact_rows import RecordedFacts
from app.registry.dates import AFTER_ALL, BEFORE_ALL, parse_edtf
from app.registry.documents.canonical import Document
from app.registry.presence import Days

WANTED: Mapping[str, tuple[str, ...]] = {
    "source": ("kind", "publisher", "published", "url", "retrieved"),
    "function": ("broader",),
    "force": ("kind", "country", "region", "website", "identifiers", "started", "governed_by", "posts"),
    "governance-body": ("kind", "started", "oversees", "officers"),
    "organisation": ("kind",),
    "person": ("appointments",),
    "appointment": ("status", "started"),
    "alliance": ("kind", "participants", "scope", "started"),
    "joint-unit": ("kind", "functions", "participants", "governance", "location", "started", "agreements"),
    "agreement": ("kind", "legal_basis_as_stated", "parties", "covers", "made", "cost_shares", "publications"),
    "business-case": ("functions", "proposes", "stages", "approvers"),
    "decision": ("body", "subject", "outcome", "decided", "reference"),
    "claim": ("subject", "amount", "claimed"),
}
"""What somebody who asks of a record wants to know: the fields whose absence is worth saying.

An end, a successor or an approval may be absent because there is none; these cannot, or hardly.
"""
NUMBERS = Struct("<12I")


class Citing(StrEnum):
    """What a citation says of a record: on what basis, or something else than the record."""

    STATED = "stated"
    INFERRED = "inferred"
    ONE_OF = "one_of"
    COMPETING = "competing"


class RecordFacts(RecordedFacts, Base):
    """A record as coverage counts it: `facts` are whole numbers of four bytes, the lowest byte first.

    Its days; the fields of `WANTED` that it lacks, each a bit; how many citations there are of each `Citing`; the first
    and the last day that its newest evidence can be, both 0 where nothing is dated.
    """

    __tablename__ = "record_facts"

    collection: Mapped[str] = mapped_column(code_text(40))
    facts: Mapped[bytes] = mapped_column(LargeBinary)


def facts_of(kind: str, answer: Document, days: Days, published: Callable[[str], ServedDate | None]) -> bytes:
    """The facts of a record, by its answer and its days; `published` gives the date of a source by its id."""
    not_recorded = set(answer["not_recorded"])
    lacking = sum(1 << place for place, name in enumerate(WANTED[kind]) if name in not_recorded)
    citing = dict.fromkeys(Citing, 0)
    for citation in answer["citations"]:
        citing[Citing.COMPETING if citation["value"] is not None else Citing(citation["basis"])] += 1
    newest = newest_evidence(answer, published)
    evidence = parse_edtf(newest["edtf"]) if newest else (BEFORE_ALL, BEFORE_ALL)
    return NUMBERS.pack(*days, lacking, *citing.values(), *evidence)


def newest_evidence(answer: Document, published: Callable[[str], ServedDate | None]) -> ServedDate | None:
    """The newest date of a record's sources, or day on which one shows it in being."""
    cited = dict.fromkeys(citation["source"]["id"] for citation in answer["citations"])
    return newest_date([*answer.get("observed", ()), *map(published, cited)])


def newest_date(dates: Any) -> ServedDate | None:
    """The newest of these dates: by the first day that each can be, then by the last."""
    return max(filter(None, dates), key=lambda date: parse_edtf(date["edtf"]), default=None)


def last_day(first: int, last: int) -> int:
    """The last day that a date can be; if that is not known, the first."""
    return last if last < AFTER_ALL else first
