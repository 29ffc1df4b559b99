"""The registry on one page: every collection, in the order in which a dataset loads."""

from app.agreements import models as agreement_models
from app.agreements import rules as agreement_rules
from app.agreements import schemas as agreement_schemas
from app.collaborations import models as collaboration_models
from app.collaborations import rules as collaboration_rules
from app.collaborations import schemas as collaboration_schemas
from app.collaborations.queries import lifecycle_is
from app.decisions import models as decision_models
from app.decisions import rules as decision_rules
from app.decisions import schemas as decision_schemas
from app.evidence import derived as evidence_derived
from app.evidence import models as evidence_models
from app.evidence import schemas as evidence_schemas
from app.organisations import models as organisation_models
from app.organisations import rules as organisation_rules
from app.organisations import schemas as organisation_schemas
from app.people import models as people_models
from app.people import schemas as people_schemas
from app.registry.collection import By, Catalogue, Collection, Incoming, LookedUp, Rule, State

FORCES, ORGANISATIONS = ("force",), ("force", "governance-body", "organisation")

SOURCES = Collection(
    *("source", "sources", "Documents that say something."),
    *(evidence_schemas.Source, evidence_models.SourceColumns),
    computed={"citation": evidence_derived.citation},
)
FUNCTIONS = Collection(
    *("function", "functions", "Entries of the schemes that sort what police forces do."),
    *(evidence_schemas.Function, evidence_models.FunctionColumns),
    by={"broader": By(("broader",), ("function",), "Entries directly below this one.")},
)
FORCES_COLLECTION = Collection(
    *("force", "forces", "Police forces, past and present."),
    *(organisation_schemas.Force, organisation_models.ForceColumns),
    by={"successor": By(("successors",), FORCES, "Forces whose place this one took.")},
    incoming={
        "governed_by": Incoming("governance-body.oversees", "body"),
        "posts": Incoming("appointment.body", "appointment"),
    },
)
BODIES = Collection(
    *("governance-body", "governance-bodies", "Bodies that govern or oversee."),
    *(organisation_schemas.GovernanceBody, organisation_models.GovernanceBodyColumns),
    by={
        "force": By(("oversees", "members"), FORCES, "Bodies that this force is governed by or a member of."),
        "oversees": By(("oversees",), (*ORGANISATIONS, "alliance", "joint-unit"), "Bodies that govern or oversee it."),
        "member": By(("members",), ORGANISATIONS, "Bodies that it is a member of."),
        "successor": By(("successors",), ("governance-body",), "Bodies whose place this one took."),
    },
    incoming={"officers": Incoming("appointment.body", "appointment")},
    rules=(Rule("commissioner-before-2012", organisation_rules.commissioners_not_before_2012, warning=True),),
)
PARTNERS = Collection(
    type="organisation",
    path="organisations",
    summary="Other organisations that take part: fire and ambulance services, councils, agencies, companies.",
    schema=organisation_schemas.PartnerOrganisation,
    table=organisation_models.PartnerOrganisationColumns,
    by={"successor": By(("successors",), ("organisation",), "Organisations whose place this one took.")},
)
PEOPLE = Collection(
    *("person", "people", "People in public office."),
    *(people_schemas.Person, people_models.PersonColumns),
    incoming={"appointments": Incoming("appointment.person", "appointment")},
)
APPOINTMENTS = Collection(
    *("appointment", "appointments", "People in posts."),
    *(people_schemas.Appointment, people_models.AppointmentColumns),
    by={
        "person": By(("person",), ("person",), "Posts of this person."),
        "body": By(("body",), (*ORGANISATIONS, "joint-unit", "alliance"), "Posts in this body, unit or alliance."),
        "force": By(("body",), FORCES, "Posts in this force."),
    },
)
ALLIANCES = Collection(
    *("alliance", "alliances", "Standing partnerships and programmes."),
    *(collaboration_schemas.Alliance, collaboration_models.AllianceColumns),
    by={
        "force": By(("participants",), FORCES, "Alliances that this force takes part in."),
        "participant": By(("participants",), ORGANISATIONS, "Alliances that this force or body takes part in."),
        "function": By(("scope",), ("function",), "Alliances that name this function, in scope or out.", "broader"),
        "part_of": By(("part_of",), ("alliance",), "Alliances that belong to this one."),
        "predecessor": By(("predecessors",), ("alliance",), "Alliances that follow this one."),
    },
    rules=(
        Rule("own-predecessor", collaboration_rules.no_own_predecessor),
        Rule("own-part", collaboration_rules.not_part_of_itself),
    ),
)
UNITS = Collection(
    *("joint-unit", "joint-units", "Units that two or more forces run together."),
    *(collaboration_schemas.JointUnit, collaboration_models.JointUnitColumns),
    by={
        "force": By(("participants",), FORCES, "Units that this force takes part in."),
        "participant": By(("participants",), ORGANISATIONS, "Units that this force or body takes part in."),
        "function": By(("functions",), ("function",), "Units with this function or a narrower one.", "broader"),
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
    computed={"lifecycle": collaboration_rules.lifecycle},
    states={
        "lifecycle": State(
            tuple(collaboration_schemas.Lifecycle), lifecycle_is, "Where the unit stands, on `as_of` if given."
        )
    },
    rules=(
        Rule("own-predecessor", collaboration_rules.no_own_predecessor),
        Rule("own-part", collaboration_rules.not_part_of_itself),
        Rule("takes-part-twice", collaboration_rules.one_part_at_a_time),
        Rule("fewer-than-two", collaboration_rules.two_forces, warning=True),
    ),
)
AGREEMENTS = Collection(
    *("agreement", "agreements", "Legal instruments of collaboration."),
    *(agreement_schemas.Agreement, agreement_models.AgreementColumns),
    by={
        "party": By(("parties",), ORGANISATIONS, "Agreements that this force or body is party to."),
        "force": By(("parties",), FORCES, "Agreements that this force's chief officer is party to."),
        "covers": By(
            ("covers",), ("joint-unit", "alliance", "governance-body", "function"), "Agreements that cover this."
        ),
        "part_of": By(("part_of",), ("agreement",), "Agreements that belong to this framework."),
        "varies": By(("varies",), ("agreement",), "Agreements that vary, renew or end this one."),
        "publisher": By(("publications",), ORGANISATIONS, "Agreements that this body published or withheld."),
    },
    incoming={"decisions": Incoming("decision.subject", "decision")},
    computed={"legal_basis": agreement_rules.legal_basis, "approval": agreement_rules.approval},
    looked_up={"missing_parties": LookedUp("agreement.parties", agreement_rules.missing_parties)},
    rules=(
        Rule("own-part", collaboration_rules.not_part_of_itself),
        Rule("shares-not-100", agreement_rules.shares_make_100, warning=True),
    ),
)
BUSINESS_CASES = Collection(
    *("business-case", "business-cases", "Proposals on their way."),
    *(decision_schemas.BusinessCase, decision_models.BusinessCaseColumns),
    by={
        "alliance": By(("alliance",), ("alliance",), "Cases made in this alliance."),
        "function": By(("functions",), ("function",), "Cases about this function or a narrower one.", "broader"),
        "proposes": By(("proposes",), ("joint-unit",), "Cases that propose this unit."),
        "approver": By(("approvers",), ORGANISATIONS, "Cases that need this body's approval."),
    },
    incoming={"decisions": Incoming("decision.subject", "decision")},
    computed={"stage": decision_rules.stage, "approval": decision_rules.approval},
    rules=(Rule("stages-out-of-order", decision_rules.stages_in_order),),
)
DECISIONS = Collection(
    *("decision", "decisions", "What bodies decided."),
    *(decision_schemas.Decision, decision_models.DecisionColumns),
    by={
        "body": By(("body",), ORGANISATIONS, "Decisions of this body."),
        "subject": By(
            *(("subject",), ("business-case", "agreement", "joint-unit", "alliance", "governance-body")),
            "Decisions on this.",
        ),
    },
    rules=(Rule("not-an-approver", decision_rules.decided_by_an_approver),),
)
CLAIMS = Collection(
    *("claim", "claims", "What sources say of money, benefit or number."),
    *(evidence_schemas.Claim, evidence_models.ClaimColumns),
    by={
        "subject": By(
            ("subject",),
            ("alliance", "joint-unit", "agreement", "business-case", *ORGANISATIONS, "function"),
            "Claims about this.",
        ),
        "force": By(("scope",), FORCES, "Claims whose scope names this force."),
        "supersedes": By(("supersedes",), ("claim",), "Claims that take the place of this one."),
    },
)

CATALOGUE = Catalogue(
    *(SOURCES, FUNCTIONS, FORCES_COLLECTION, BODIES, PARTNERS, PEOPLE, APPOINTMENTS),
    *(ALLIANCES, UNITS, AGREEMENTS, BUSINESS_CASES, DECISIONS, CLAIMS),
)
