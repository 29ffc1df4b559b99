"""What is asked and said of webhooks."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from app.registry.documents.shapes import Shape


class WebhookRequest(BaseModel):
    """A webhook that is wanted."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    url: Annotated[str, Field(min_length=1, max_length=2000)]
    """Where to post: an https address in no private network."""
    type: list[str] = []
    """Only changes of records of these types."""
    force: list[str] = []
    """Only what concerns these forces, or what they are or were in."""
    record: list[str] = []
    """Only these records."""
    after: Annotated[int, Field(ge=0, le=999_999_999)] | None = None
    """Tell what came after this revision; else what will come."""

    @property
    def filters(self) -> dict[str, str]:
        """The parameters of `/v1/changes` that ask for the same."""
        named = {"type": self.type, "force": self.force, "record": self.record}
        return {name: ",".join(values) for name, values in named.items() if values}


class ReplayRequest(BaseModel):
    """From where to tell again."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    after: Annotated[int, Field(ge=0, le=999_999_999)]
    """Tell again what came after this revision."""


class WebhookAnswer(Shape):
    """A subscription."""

    id: str
    """Its id."""
    url: str
    """Where notices are posted."""
    filters: dict[str, str]
    """What is asked for, as parameters of `/v1/changes`."""
    state: Annotated[str, Field(json_schema_extra={"enum": ["active", "off"]})]
    """Whether it is called."""
    reason: str | None
    """Why it is off."""
    public_key: str
    """The Ed25519 key by which signatures `v1a` are verified: `whpk_` and base64."""
    position: int
    """The revision until which all is told, or was not asked for."""
    created: AwareDatetime
    """When it was made."""
    failures: int
    """Attempts that failed since one did not."""
    failing_since: AwareDatetime | None
    """Since when."""
    next_attempt: AwareDatetime | None
    """From when on it is called, if there is something to tell."""


class DeliveryAttempt(Shape):
    """One attempt to deliver a notice."""

    revision: int
    """The revision that it told of."""
    attempted: AwareDatetime
    """When."""
    milliseconds: int
    """How long it took."""
    status: int | None
    """What was answered; null: nothing."""
    error: str | None
    """Why it failed; null: it did not."""


class NoticeRecord(Shape):
    """The record that a change is of."""

    type: str
    """Its type."""
    id: str
    """Its id."""


class NoticeChange(Shape):
    """One change in a notice."""

    record: NoticeRecord
    """What was changed."""
    change: Annotated[str, Field(json_schema_extra={"enum": ["created", "amended", "redacted", "withdrawn", "merged"]})]
    """What was done."""
    url: str
    """Where to read it."""


class NoticeData(Shape):
    """What a notice tells."""

    revision: int
    """The revision that changed something."""
    after: int
    """The revision of the notice before this one, or from which it was begun: who has not had it has missed one."""
    changes: list[NoticeChange]
    """What it changed; at most 100 of it."""
    complete: bool
    """Whether that is all."""
    url: str
    """Where to read what changed since `after`."""


class WebhookNotice(Shape):
    """What is posted."""

    type: Annotated[str, Field(json_schema_extra={"enum": ["register.changed"]})]
    """What it is about."""
    timestamp: AwareDatetime
    """When the revision was recorded."""
    data: NoticeData
    """What it tells."""
