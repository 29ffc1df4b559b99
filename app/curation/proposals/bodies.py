"""What is sent to propose a change, and to say something of one that was proposed."""

from datetime import date, timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.curation.operations import Batch
from app.registry.documents.values import Name, Text
from app.registry.problems import Fault, Unsupported
from app.registry.serving.statements import today

LONGEST_LIFE = timedelta(days=366)
RemarkText = Annotated[Text, Field(min_length=1, max_length=2000)]


class ProposalBody(Batch):
    """A change that is proposed: the operations make one revision once it is accepted."""

    title: Annotated[Name, Field(min_length=1, max_length=200, pattern=r"^[^\n\t]*$")]
    """What it is about, in one line."""
    due: date | None = None
    """The last day on which reviewers should have looked at it; nothing happens by itself when it has passed."""
    expires: date | None = None
    """The first day on which it can no longer be accepted; at most 366 days from now."""

    def last_days(self, standing: str | None, days: int) -> tuple[str | None, str]:
        """When it is due and when it expires; unless it is said, as it stands, else so many days from now.

        Raises Unsupported for days that have passed or contradict each other.
        """
        now = date.fromisoformat(today())
        usual = date.fromisoformat(standing) if standing else now + timedelta(days=days)
        expires = self.expires or (max(usual, self.due + timedelta(days=1)) if self.due else usual)
        if self.due and self.due < now:
            raise _wrong("due", "has passed")
        if not now < expires <= now + LONGEST_LIFE:
            raise _wrong("expires", "is not one of the 366 days after this one")
        if self.due and self.due >= expires:
            raise _wrong("due", "is not before the day on which it expires")
        return self.due.isoformat() if self.due else None, expires.isoformat()


def _wrong(name: str, message: str) -> Unsupported:
    return Unsupported("invalid-parameter", f"{name}: {message}", (Fault(f"body/{name}", message),))


class Remark(BaseModel):
    """What is said of a proposal."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    text: RemarkText
    """What there is to say; those who can read the proposal read it."""


class Aside(BaseModel):
    """What may be said beside."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    text: RemarkText | None = None
    """What there is to say; those who can read the proposal read it."""
