"""The registry on one page: every collection, in the order in which a dataset loads."""

from functools import partial

from app.agreements import derived as agreement_derived
from app.agreements import rules as agreement_rules
from app.agreements.models import AgreementColumns
from app.agreements.schemas import Agreement
from app.collaborations import rules as collaboration_rules
from app.collaborations.derived import LIFECYCLE
from app.collaborations.models import AllianceColumns, JointUnitColumns
from app.collaborations.schemas import Alliance, JointUnit
from app.decisions import derived as decision_derived
from app.decisions import rules as decision_rules
from app.decisions.models import BusinessCaseColumns, DecisionColumns
from app.decisions.schemas import BusinessCase, Decision
from app.evidence import derived as evidence_derived
from app.evidence.models import ClaimColumns, FunctionColumns, SourceColumns
from app.evidence.schemas import Claim, Function, Source
from app.organisations import rules as organisation_rules
from app.organisations.models import ForceColumns, GovernanceBodyColumns, PartnerOrganisationColumns
from app.organisations.schemas import Force, GovernanceBody, PartnerOrganisation
from app.people.models import AppointmentColumns, PersonColumns
from app.people.schemas import Appointment, Person
from app.registry.collection import By, Catalogue, Collection, Detour, Incoming, LookedUp
from app.registry.documents.compilation import plan_of
from app.registry.documents.shapes import RecordShape

FORCES = ("force",)
ORGANISATIONS = ("force", "governance-body", "organisation")
DECIDED_ON = ("business-case", "agreement", "joint-unit", "alliance", "governance-body")
COVERED = ("joint-unit", "alliance", "governance-body", "function")
CLAIMED_OF = ("alliance", "joint-unit", "agreement", "business-case", *ORGANISATIONS, "function")


def _evidence(of_type: str, schema: type[RecordShape]) -> dict[str, LookedUp]:
    """When a source last shows a record, by what it cites: of what has dates."""
    shown = partial(evidence_derived.last_evidence, plan_of(schema))
    return {"last_evidence": LookedUp(f"{of_type}.citations", shown, evidence_derived.WEIGHED)}


def _by_function(field: str, text: str, detour: Detour | None = None) -> By:
    """The filter on a function, which finds what names a narrower one too."""
    return By((field,), ("function",), text, narrower="broader", detour=detour)


SOURCES = Collection(
    type="source",
    path="sources",
    summary="Documents that say something.",
    schema=Source,
    table=SourceColumns,
    judged=_evidence("source", Source),
    computed={"citation": evidence_derived.citation},
)
FUNCTIONS = Collection(
    type="function",
    path="functions",
    summary="Entries of the schemes that sort what police forces do.",
    schema=Function,
    table=FunctionColumns,
    by={"broader": By(("broader",), ("function",), "Entries directly below this one.")},
)
FORCES_COLLECTION = Collection(
    type="force",
    path="forces",
    summary="Police forces, past and present.",
    schema=Force,
    table=ForceColumns,
    judged=_evidence("force", Force),
    by={"successor": By(("successors",), FORCES, "Forces whose place this one took.")},
    incoming={
        "governed_by": Incoming("governance-body.oversees", "body"),
        "posts": Incoming("appointment.body", "appointment"),
    },
)
BODIES = Collection(
    type="governance-body",
    path="governance-bodies",
    summary="Bodies that govern or oversee.",
    schema=GovernanceBody,
    table=GovernanceBodyColumns,
    judged=_evidence("governance-body", GovernanceBody),
    by={
        "force": By(("oversees", "members"), FORCES, "Bodies that this force is governed by or a member of."),
        "oversees": By(("oversees",), (*ORGANISATIONS, "alliance", "joint-unit"), "Bodies that govern or oversee it."),
        "member": By(("members",), ORGANISATIONS, "Bodies that it is a member of."),
        "successor": By(("successors",), ("governance-body",), "Bodies whose place this one took."),
    },
    incoming={"officers": Incoming("appointment.body", "appointment")},
    rules=organisation_rules.BODY_RULES,
    bounded_by=("oversees", "members"),
)
PARTNERS = Collection(
    type="organisation",
    path="organisations",
    summary="Other organisations that take part: fire and ambulance services, councils, agencies, companies.",
    schema=PartnerOrganisation,
    table=PartnerOrganisationColumns,
    judged=_evidence("organisation", PartnerOrganisation),
    by={"successor": By(("successors",), ("organisation",), "Organisations whose place this one took.")},
)
PEOPLE = Collection(
    type="person",
    path="people",
    summary="People in public office.",
    schema=Person,
    table=PersonColumns,
    incoming={"appointments": Incoming("appointment.person", "appointment")},
)
APPOINTMENTS = Collection(
    type="appointment",
    path="appointments",
    summary="People in posts.",
    schema=Appointment,
    table=AppointmentColumns,
    judged=_evidence("appointment", Appointment),
    by={
        "person": By(("person",), ("person",), "Posts of this person."),
        "body": By(("body",), (*ORGANISATIONS, "joint-unit", "alliance"), "Posts in this body, unit or alliance."),
        "force": By(("body",), FORCES, "Posts in this force."),
    },
    bounded_by=("body",),
)
ALLIANCES = Collection(
    type="alliance",
    path="alliances",
    summary="Standing partnerships and programmes.",
    schema=Alliance,
    table=AllianceColumns,
    judged=_evidence("alliance", Alliance),
    by={
        "force": By(("participants",), FORCES, "Alliances that this force takes part in."),
        "participant": By(("participants",), ORGANISATIONS, "Alliances that this force or body takes part in."),
        "function": _by_function("scope", "Alliances that name this function, in scope or out."),
        "part_of": By(("part_of",), ("alliance",), "Alliances that belong to this one."),
        "predecessor": By(("predecessors",), ("alliance",), "Alliances that follow this one."),
    },
    rules=collaboration_rules.ALLIANCE_RULES,
    bounded_by=("participants",),
    members="participants",
    succession="predecessors",
)
UNITS = Collection(
    type="joint-unit",
    path="joint-units",
    summary="Units that two or more forces run together.",
    schema=JointUnit,
    table=JointUnitColumns,
    judged=_evidence("joint-unit", JointUnit),
    by={
        "force": By(("participants",), FORCES, "Units that this force takes part in."),
        "participant": By(("participants",), ORGANISATIONS, "Units that this force or body takes part in."),
        "function": _by_function("functions", "Units with this function or a narrower one."),
        "alliance": By(("alliance",), ("alliance",), "Units of this alliance."),
        "part_of": By(("part_of",), ("joint-unit",), "Units that belong to this wider one."),
        "governance": By(("governance",), ("governance-body",), "Units that this body governs."),
        "predecessor": By(("predecessors",), ("joint-unit",), "Units that follow this one."),
    },
    incoming={
        "successors": Incoming("joint-unit.predecessors", "unit"),
        "agreements": Incoming("agreement.covers", "agreement"),
        "proposed_by": Incoming("business-case.proposes", "business_case"),
    },
    states={"lifecycle": LIFECYCLE},
    rules=collaboration_rules.UNIT_RULES,
    bounded_by=("participants",),
    members="participants",
    succession="predecessors",
)
AGREEMENTS = Collection(
    type="agreement",
    path="agreements",
    summary="Legal instruments of collaboration.",
    schema=Agreement,
    table=AgreementColumns,
    by={
        "party": By(("parties",), ORGANISATIONS, "Agreements that this force or body is party to."),
        "force": By(
            ("parties",),
            FORCES,
            "Agreements that this force's chief officer is party to, and those without recorded parties that "
            "cover what it takes part in: see `through`. `party` finds the recorded parties alone.",
            detour=Detour("covers", ("joint-unit.participants", "alliance.participants"), unless="parties"),
        ),
        "function": _by_function(
            "covers",
            "Agreements that cover this function or a narrower one, or a unit or alliance that names it.",
            Detour("covers", ("joint-unit.functions", "alliance.scope")),
        ),
        "covers": By(("covers",), COVERED, "Agreements that cover this."),
        "part_of": By(("part_of",), ("agreement",), "Agreements that belong to this framework."),
        "varies": By(("varies",), ("agreement",), "Agreements that vary, renew or end this one."),
        "publisher": By(("publications",), ORGANISATIONS, "Agreements that this body published or withheld."),
    },
    incoming={"decisions": Incoming("decision.subject", "decision")},
    computed={"approval": agreement_derived.approval},
    judged={
        "legal_basis": LookedUp("agreement.parties", agreement_derived.legal_basis),
        **_evidence("agreement", Agreement),
    },
    looked_up={
        "missing_parties": LookedUp("agreement.parties", agreement_derived.missing_parties),
        "through": LookedUp("agreement.covers", agreement_derived.through),
    },
    rules=agreement_rules.AGREEMENT_RULES,
    bounded_by=("parties",),
    members="parties",
)
BUSINESS_CASES = Collection(
    type="business-case",
    path="business-cases",
    summary="Proposals on their way.",
    schema=BusinessCase,
    table=BusinessCaseColumns,
    judged=_evidence("business-case", BusinessCase),
    by={
        "alliance": By(("alliance",), ("alliance",), "Cases made in this alliance."),
        "function": _by_function("functions", "Cases about this function or a narrower one."),
        "proposes": By(("proposes",), ("joint-unit",), "Cases that propose this unit."),
        "approver": By(("approvers",), ORGANISATIONS, "Cases that need this body's approval."),
    },
    incoming={"decisions": Incoming("decision.subject", "decision")},
    computed={"stage": decision_derived.stage, "approval": decision_derived.approval},
    rules=decision_rules.CASE_RULES,
)
DECISIONS = Collection(
    type="decision",
    path="decisions",
    summary="What bodies decided.",
    schema=Decision,
    table=DecisionColumns,
    judged=_evidence("decision", Decision),
    by={
        "body": By(("body",), ORGANISATIONS, "Decisions of this body."),
        "subject": By(("subject",), DECIDED_ON, "Decisions on this."),
    },
    rules=decision_rules.DECISION_RULES,
)
CLAIMS = Collection(
    type="claim",
    path="claims",
    summary="What sources say of money, benefit or number.",
    schema=Claim,
    table=ClaimColumns,
    judged=_evidence("claim", Claim),
    by={
        "subject": By(("subject",), CLAIMED_OF, "Claims about this."),
        "force": By(("scope",), FORCES, "Claims whose scope names this force."),
        "supersedes": By(("supersedes",), ("claim",), "Claims that take the place of this one."),
    },
)

CATALOGUE = Catalogue(
    SOURCES,
    FUNCTIONS,
    FORCES_COLLECTION,
    BODIES,
    PARTNERS,
    PEOPLE,
    APPOINTMENTS,
    ALLIANCES,
    UNITS,
    AGREEMENTS,
    BUSINESS_CASES,
    DECISIONS,
    CLAIMS,
)
