"""Documents of alliances and joint units."""

from enum import StrEnum
from typing import Annotated

from pydantic import StrictBool

from app.organisations.schemas import Organisation
from app.registry.documents.shapes import Basis, Dated, Derived, DerivedList, Present, RecordShape, Shape
from app.registry.documents.values import Name, OneOrMany, Reference, Target, Text


class AllianceKind(StrEnum):
    """What sort of partnership it is."""

    STRATEGIC_ALLIANCE = "strategic_alliance"
    PROGRAMME = "programme"
    REGIONAL = "regional_collaboration"
    CONSORTIUM = "consortium"
    NATIONAL = "national"


class UnitKind(StrEnum):
    """What is shared."""

    UNIT = "unit"
    DEPARTMENT = "department"
    FUNCTION = "function"
    COMMAND = "command"
    SHARED_SERVICE = "shared_service"
    SHARED_POST = "shared_post"


class Role(StrEnum):
    """The part an organisation takes in a unit."""

    LEAD = "lead"
    HOST = "host"
    PARTICIPANT = "participant"
    PARTNER = "partner"


class Relation(StrEnum):
    """How a unit or an alliance follows an earlier one."""

    REPLACES = "replaces"
    EXPANDS = "expands"
    MERGES = "merges"
    SPLITS = "splits"


class Lifecycle(StrEnum):
    """Where a unit stands: derived from its dates, its successors and the cases that propose it."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    SUPERSEDED = "superseded"
    ENDED = "ended"


class AllianceParticipation(Dated):
    """An organisation's part in an alliance."""

    organisation: Organisation
    """The force, body or other organisation that takes part."""
    role: Name | None = None
    """Its role, where one is recorded."""


class ScopeStatement(Shape):
    """What is expressly in or out of scope."""

    function: Annotated[str, Target("function")] | None = None
    """The function, where the scheme has it."""
    text: Text | None = None
    """The scope in words, where no function fits."""
    in_scope: StrictBool
    """True: in scope; false: expressly excluded."""
    reason: Text | None = None
    """The reason given."""


class AlliancePredecessor(Shape):
    """An earlier alliance that this one follows."""

    alliance: Annotated[str, Target("alliance")]
    """The earlier alliance."""
    relation: Relation
    """How it follows it."""
    basis: Basis = Basis.STATED
    """Whether a source says so."""


class Alliance(RecordShape, Dated):
    """A standing partnership or programme of forces."""

    kind: AllianceKind | None = None
    """What sort of partnership it is."""
    participants: list[AllianceParticipation] = []
    """Who takes part, and when."""
    scope: list[ScopeStatement] = []
    """What is expressly in or out of scope."""
    part_of: Annotated[str, Target("alliance")] | None = None
    """The wider alliance it belongs to."""
    predecessors: list[AlliancePredecessor] = []
    """Earlier alliances that it follows."""


class UnitParticipation(Dated):
    """An organisation's part in a joint unit."""

    organisation: Organisation
    """The force, body or other organisation that takes part."""
    role: Role | None = None
    """Lead, host, participant or partner."""


class Predecessor(Shape):
    """An earlier unit that this one follows."""

    unit: Annotated[str, Target("joint-unit")]
    """The earlier unit."""
    relation: Relation
    """How it follows it."""
    basis: Basis = Basis.STATED
    """Whether a source says so."""


class Successor(Dated):
    """A later unit that follows this one, with the later unit's dates."""

    unit: Reference
    """The later unit."""
    relation: Relation
    """How it follows this one."""
    basis: Basis
    """Whether a source says so."""


class CoveringAgreement(Dated):
    """An agreement that covers the unit; it holds from `commences` (else `made`) until `expires`."""

    agreement: Reference
    """The agreement."""
    kind: str | None
    """What sort of instrument it is."""


class ProposingCase(Present):
    """A business case that proposes the unit."""

    business_case: Reference
    """The business case."""


class JointUnit(RecordShape, Dated):
    """A unit run by two or more forces."""

    kind: UnitKind | None = None
    """What is shared."""
    functions: list[Annotated[str, Target("function")]] = []
    """What it does."""
    alliance: Annotated[str, Target("alliance")] | None = None
    """The alliance it belongs to."""
    part_of: Annotated[str, Target("joint-unit")] | None = None
    """The wider unit it belongs to."""
    participants: list[UnitParticipation] = []
    """Who takes part, and when."""
    governance: Annotated[list[Annotated[str, Target("governance-body")]], OneOrMany] = []
    """The bodies that govern it."""
    location: Text | None = None
    """Where it sits."""
    end_reason: Text | None = None
    """Why it ended."""
    predecessors: list[Predecessor] = []
    """Earlier units that it follows."""
    successors: Annotated[list[Successor], DerivedList]
    """Later units that follow it, from their `predecessors`."""
    agreements: Annotated[list[CoveringAgreement], DerivedList]
    """Agreements that cover it."""
    proposed_by: Annotated[list[ProposingCase], DerivedList]
    """Business cases that propose it."""
    lifecycle: Annotated[Lifecycle | None, Derived]
    """Where it stands by what is recorded. `active`: it began, and no end is recorded; `presence` says how sure."""
