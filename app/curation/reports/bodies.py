"""What is sent to report something, and to say what becomes of a report."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.curation.operations import RecordName
from app.curation.reports.models import ReportState
from app.registry.documents.values import Name, Text

Told = Annotated[Text, Field(min_length=1, max_length=2000)]


class ReportBody(BaseModel):
    """Something looks wrong."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    record: RecordName
    """The record, by type and id: `joint-unit:bch-dog-unit`."""
    pointer: Annotated[Name, Field(pattern=r"^(/[^/]*)+$")] | None = None
    """A JSON Pointer (RFC 6901) to the field, as the record is served: `/ended`; left out: the record whole."""
    text: Told
    """What looks wrong, and what would be right."""
    source: Told | None = None
    """Where that can be read: an address, or a document and the place in it."""
    contact: Annotated[Name, Field(min_length=1, max_length=200)] | None = None
    """How to ask back, if you want to be asked; it is erased when the report is closed."""


class ReportStateBody(BaseModel):
    """What becomes of a report."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    state: ReportState
    """Where it stands from now on; `accepted`, `rejected` and `duplicate` close it."""
    note: Told | None = None
    """Why; reviewers read it."""
    proposal: Annotated[int, Field(ge=1, le=999_999_999, strict=True)] | None = None
    """The proposal that came of it."""
