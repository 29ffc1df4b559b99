"""Documents of sources, functions and claims."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from app.registry.documents.shapes import Derived, Held, RecordShape, Shape
from app.registry.documents.values import Day, Exact, Language, Name, Target, Text


class SourceKind(StrEnum):
    """What sort of document it is."""

    PRESS_RELEASE = "press_release"
    NEWS = "news"
    WEB_PAGE = "web_page"
    LEGISLATION = "legislation"
    REPORT = "report"
    DECISION_NOTICE = "decision_notice"
    DATASET = "dataset"


class ClaimKind(StrEnum):
    """What the claim is of."""

    SAVING = "saving"
    COST = "cost"
    FUNDING = "funding"
    FUNDING_GAP = "funding_gap"
    BENEFIT = "benefit"
    COUNT = "count"


class Standing(StrEnum):
    """Whether it is hoped for or has happened."""

    TARGET = "target"
    FORECAST = "forecast"
    APPROVED = "approved"
    REQUIRED = "required"
    ACTUAL = "actual"


class Bound(StrEnum):
    """How the amount is to be read."""

    EXACT = "exact"
    UP_TO = "up_to"
    AT_LEAST = "at_least"
    ABOUT = "about"


class ClaimBasis(StrEnum):
    """Over what time the amount counts."""

    PER_YEAR = "per_year"
    CUMULATIVE = "cumulative"
    ONE_OFF = "one_off"


class CheckOutcome(StrEnum):
    """What came of asking for an address."""

    OK = "ok"
    MOVED = "moved"
    GONE = "gone"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    ERROR = "error"


class Check(Shape):
    """What came of asking for an address of the source: an observation of the address, not of what the source says."""

    address: Annotated[str, Field(max_length=2000)]
    """The address that was asked for: the `url` or the `archived_url` of that time."""
    checked: Day
    """When."""
    outcome: CheckOutcome
    """`moved`: a permanent redirect to a page that answers; `gone`: 404 or 410; `refused`: the server would not say."""
    status: Annotated[int, Field(ge=100, le=999, strict=True)] | None = None
    """The last HTTP status, as it came: some servers use numbers of their own; null: no answer."""
    location: Annotated[str, Field(max_length=2000)] | None = None
    """Where redirects led."""


class Source(RecordShape):
    """A document that says something. It holds from the day it was `published`."""

    held: ClassVar[Held] = Held(("published",), None, None)
    kind: SourceKind | None = None
    """What sort of document it is."""
    publisher: Name | None = None
    """Who published it."""
    published: Day | None = None
    """When, as far as it can be bounded; null: undated."""
    url: Annotated[str | None, Field(max_length=2000, alias="url")] = None
    """Where it was found."""
    archived_url: Name | None = None
    """An archived copy."""
    retrieved: Day | None = None
    """When it was read."""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    """Digest of the text that was read."""
    copy_on: Name | None = None
    """The host on which a copy was read, where the document is not the host's own; `publisher` says whose it is."""
    language: Language | None = None
    """Its language (BCP 47)."""
    checks: list[Check] = []
    """The last check of each address; earlier ones are in the history of the record."""
    citation: Annotated[str | None, Derived]
    """The document as a line to cite: publisher, title, date, address, and when it was read."""


class Function(RecordShape):
    """An entry of a scheme that sorts what police forces do."""

    scheme: Name
    """The scheme."""
    code: Name | None = None
    """Its code in the scheme."""
    broader: Annotated[str, Target("function")] | None = None
    """The wider entry it belongs to."""


class Amount(Shape):
    """An amount; for a count, without a currency."""

    value: Exact
    """The amount as an exact decimal."""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None
    """The currency (ISO 4217); null for what is not money."""


class Claim(RecordShape):
    """What a source says of money, benefit or number. It holds from the day it was `claimed`."""

    held: ClassVar[Held] = Held(("claimed",), None, None)
    name: Name | None = None  # type: ignore[assignment]
    """A short title; null where it has none."""
    kind: ClaimKind
    """What the claim is of."""
    subject: (
        Annotated[
            str,
            Target(
                "alliance",
                "joint-unit",
                "agreement",
                "business-case",
                "force",
                "governance-body",
                "function",
                "organisation",
            ),
        ]
        | None
    ) = None
    """What it is said of."""
    standing: Standing | None = None
    """Target, forecast, approved, required or actual; null: only stated, announced or tendered."""
    amount: Amount | None = None
    """The amount; null for a benefit without a number."""
    bound: Bound | None = None
    """How the amount is to be read."""
    basis: ClaimBasis | None = None
    """Per year, cumulative or one-off."""
    period: Day | None = None
    """The time that the amount is for."""
    claimed: Day | None = None
    """When it was claimed."""
    text: Text | None = None
    """The claim in the registry's own words."""
    scope: list[Annotated[str, Target("force", "organisation")]] = []
    """The forces and other organisations it is about."""
    supersedes: list[Annotated[str, Target("claim")]] = []
    """Earlier claims that it takes the place of."""
