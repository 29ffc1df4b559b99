"""What answers hold of evidence, as types. Written by `scripts/answer_types.py`: change the shapes instead."""

from typing import TypedDict

from app.reads.answers.records import ServedDate, ServedRecord
from app.registry.documents.references import ReferenceObject


class ServedCheck(TypedDict):
    """What came of asking for an address of the source: an observation of the address, not of what the source says."""

    address: str
    checked: ServedDate
    outcome: str
    status: int | None
    location: str | None


class ServedAmount(TypedDict):
    """An amount; for a count, without a currency."""

    value: str
    currency: str | None


class ServedSource(ServedRecord):
    """A document that says something. It holds from the day it was `published`."""

    url: str | None
    name: str
    kind: str | None
    publisher: str | None
    published: ServedDate | None
    archived_url: str | None
    retrieved: ServedDate | None
    sha256: str | None
    copy_on: str | None
    language: str | None
    checks: list[ServedCheck]
    citation: str | None


class ServedFunction(ServedRecord):
    """An entry of a scheme that sorts what police forces do."""

    url: str
    name: str
    scheme: str
    code: str | None
    broader: ReferenceObject | None


class ServedClaim(ServedRecord):
    """What a source says of money, benefit or number. It holds from the day it was `claimed`."""

    url: str
    name: str | None
    kind: str
    subject: ReferenceObject | None
    standing: str | None
    amount: ServedAmount | None
    bound: str | None
    basis: str | None
    period: ServedDate | None
    claimed: ServedDate | None
    text: str | None
    scope: list[ReferenceObject]
    supersedes: list[ReferenceObject]
