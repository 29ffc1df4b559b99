"""What answers hold of records, as types. Written by `scripts/answer_types.py`: change the shapes instead."""

from typing import Any, NotRequired, TypedDict

from typing_extensions import ReadOnly

from app.registry.documents.references import ReferenceObject


class ServedDate(TypedDict):
    """A day as well as the sources know it."""

    edtf: str
    earliest: str | None
    latest: str | None
    text: str


ServedOtherName = TypedDict("ServedOtherName", {"name": str, "from": ServedDate | None, "to": ServedDate | None})
"""A name that is or was also used."""


class ServedIdentifier(TypedDict):
    """The record's id in another scheme."""

    scheme: str
    value: str


class ServedCitation(TypedDict):
    """The evidence for a record or for some of its fields."""

    source: ReferenceObject
    locator: str | None
    about: list[str]
    basis: str
    among: int | None
    value: Any
    note: str | None


class ServedLastEvidence(TypedDict):
    """The newest day on which a source shows a record in being."""

    on: ServedDate
    kind: str
    source: ReferenceObject


class ServedPresent(TypedDict):
    """Something that holds on some days and not on others."""

    presence: NotRequired[str]


class ServedDated(ServedPresent):
    """Something that held from `started` until, not including, `ended`."""

    started: ServedDate | None
    ended: ServedDate | None
    observed: list[ServedDate]


class ServedRecord(TypedDict):
    """What every answer holds."""

    id: str
    type: str
    url: ReadOnly[str | None]
    name: ReadOnly[str | None]
    presence: NotRequired[str]
    presence_of_record: NotRequired[str]
    other_names: list[ServedOtherName]
    note: str | None
    identifiers: list[ServedIdentifier]
    citations: list[ServedCitation]
    last_evidence: ServedLastEvidence | None
    revision: int
    not_recorded: list[str]
