"""Documents of agreements."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field

from app.approvals.schemas import AgreementDecision, Approval
from app.organisations.schemas import Organisation
from app.registry.documents.shapes import Derived, DerivedList, Held, Present, RecordShape, Shape
from app.registry.documents.values import (
    Day,
    End,
    Exact,
    Name,
    Observed,
    Reference,
    Target,
    Text,
    WebAddress,
    whole_number,
)


class AgreementKind(StrEnum):
    """What sort of instrument it is."""

    FRAMEWORK = "framework"
    COLLABORATION = "collaboration"
    FUNCTIONAL = "functional"
    VARIATION = "variation"
    RENEWAL = "renewal"
    TERMINATION = "termination"
    MEMORANDUM = "memorandum"
    STRATEGY = "strategy"
    CONTRACT = "contract"


class Capacity(StrEnum):
    """In what capacity a party signs (Police Act 1996 s.22A)."""

    CHIEF_OFFICER = "chief_officer"
    POLICING_BODY = "policing_body"
    OTHER = "other"


class Regime(StrEnum):
    """The law under which an agreement was made."""

    S23_1996 = "s23_1996"
    S23_2009 = "s23_2009"
    S22A = "s22a"
    S12_1967 = "s12_1967"
    ART8_2013 = "art8_2013"
    PCA_2017 = "pca_2017"


class PublicationForm(StrEnum):
    """How much was published (Police Act 1996 s.23E)."""

    FULL = "full"
    REDACTED = "redacted"
    SUMMARY = "summary"
    FACT_ONLY = "fact_only"
    WITHHELD = "withheld"


class Party(Present):
    """A party to an agreement, from `joined` until, not including, `left`."""

    held: ClassVar[Held] = Held(("joined",), "left", "observed")
    organisation: Organisation
    """The force (for its chief officer), the policing body, or another organisation."""
    capacity: Capacity | None = None
    """In what capacity it signed."""
    joined: Day | None = None
    """First day as a party; like every date, not taken over from the agreement when it is not recorded."""
    left: End | None = None
    """First day on which it was no longer a party."""
    observed: Observed = []
    """Days on which a source shows it as a party."""


class CostShare(Shape):
    """The share of the cost that a party bears (Police Act 1996 s.23B)."""

    party: Organisation
    """Who pays."""
    percent: Exact | None = None
    """The share in percent."""
    method: Name | None = None
    """How the share is worked out: "net_revenue_budget", "equal", "fixed_percentage"."""
    from_: Annotated[Day | None, Field(alias="from")] = None
    """First day of this share."""


class Termination(Shape):
    """What the agreement says of its end."""

    notice_months: Annotated[int, Field(ge=0, le=600, strict=True), BeforeValidator(whole_number)] | None = None
    """Months of notice."""
    cost_rule: Text | None = None
    """Who bears the cost of ending it."""


class Publication(Shape):
    """How one party published the agreement (Police Act 1996 s.23E)."""

    publisher: Organisation
    """Who published it, or withheld it."""
    form: PublicationForm
    """How much was published."""
    url: WebAddress | None = None
    """Where."""
    on: Day | None = None
    """When."""
    reason: Text | None = None
    """Why it, or a part of it, was withheld."""


class LegalBasis(Shape):
    """The law that applied when the agreement was made, derived from `made` and from who the parties are."""

    regimes: list[Regime]
    """One regime, or more where the date straddles a boundary or the parties leave more than one open.

    `s23_1996`, `s23_2009`, `s22a`: Police Act 1996; `s12_1967`: Police (Scotland) Act 1967 s.12; `art8_2013`: article 8
    of SI 2013/602; `pca_2017`: Policing and Crime Act 2017 ss.1-5, police with fire or ambulance in England.
    """
    certain: bool
    """False where the date and the parties leave more than one regime."""


class MissingParty(Shape):
    """A signature that the law asks for and that is not recorded."""

    force: Reference
    """The force concerned."""
    capacity: Capacity
    """The capacity that is missing."""
    organisation: Reference | None
    """Who would sign, where known."""


class Agreement(RecordShape):
    """A legal instrument. It holds from `commences` (else `made`) until, not including, `expires`."""

    held: ClassVar[Held] = Held(("commences", "made"), "expires", "observed")
    kind: AgreementKind | None = None
    """What sort of instrument it is."""
    legal_basis_as_stated: Text | None = None
    """The legal basis as a source words it."""
    legal_basis: Annotated[LegalBasis | None, Derived]
    """The legal basis that the date it was made implies; null: that date is not recorded."""
    parties: list[Party] = []
    """The parties, each in its capacity."""
    covers: list[Annotated[str, Target("joint-unit", "alliance", "governance-body", "function")]] = []
    """The units, alliances, bodies or functions it covers."""
    made: Day | None = None
    """When it was signed."""
    commences: Day | None = None
    """First day on which it holds."""
    expires: End | None = None
    """First day on which it no longer holds."""
    observed: Observed = []
    """Days on which a source shows it in force."""
    review_due: Day | None = None
    """When it is next to be reviewed."""
    part_of: Annotated[str, Target("agreement")] | None = None
    """The framework it belongs to."""
    varies: Annotated[str, Target("agreement")] | None = None
    """The agreement that it varies, renews or ends."""
    cost_shares: list[CostShare] = []
    """Who bears what share of the cost."""
    termination: Termination | None = None
    """What it says of its end."""
    publications: list[Publication] = []
    """How each party published it."""
    through: Annotated[list[Reference], DerivedList]
    """Where no party is recorded: what it covers of units and alliances, by which it reaches those who take part."""
    missing_parties: Annotated[list[MissingParty], DerivedList]
    """Signatures that the law asks for and that are not recorded."""
    decisions: Annotated[list[AgreementDecision], DerivedList]
    """What was decided on it, from the decisions."""
    approval: Annotated[Approval | None, Derived]
    """Whose approval is needed, and where it stands."""
