"""What fields and collections are called on pages, in the words of who has never seen the register."""

LABELS = {
    "started": "Began",
    "ended": "Ended",
    "observed": "Shown in being",
    "functions": "Does",
    "part_of": "Part of",
    "end_reason": "Why it ended",
    "governance": "Governed by",
    "governed_by": "Governed by",
    "oversees": "Oversees",
    "proposes": "Units it proposes",
    "proposed_by": "Business cases that propose it",
    "approvers": "Whose approval is needed",
    "made": "Made",
    "commences": "Holds from",
    "expires": "Holds until",
    "review_due": "Review due",
    "legal_basis_as_stated": "Legal basis, as stated",
    "legal_basis": "Legal basis, from its date",
    "missing_parties": "Parties that are missing",
    "cost_shares": "Who pays what share",
    "covers": "Covers",
    "through": "Comes through",
    "url": "Address",
    "archived_url": "Archived copy",
    "sha256": "SHA-256 of the copy",
    "kind": "Kind",
    "sources": "Sources",
    "short_name": "Short name",
    "broader": "Wider function",
    "posts": "Posts and who held them",
    "officers": "Officers",
    "appointments": "Posts held",
    "participants": "Who takes part",
    "members": "Members",
    "parties": "Parties",
    "predecessors": "What came before",
    "successors": "What took its place",
    "agreements": "Agreements that cover it",
    "decisions": "Decisions on it",
    "stages": "Stages reached",
    "scope": "Scope",
    "publications": "Where it was published",
    "checks": "Checks of the address",
    "lifecycle": "Where it stands",
    "last_evidence": "Last shown by a source",
    "other_names": "Also called",
    "identifiers": "Identifiers",
    "newest_evidence": "Newest evidence",
    "one_of": "One of several documents",
    "records": "Records",
    "remedy": "What to do",
    "citations": "Evidence",
    "reason": "Why",
    "title": "In one line",
    "locator": "Where in it",
    "about": "What it shows",
}
COLLECTIONS = {
    "joint-units": ("Joint units", "Units, departments and services that two or more forces run together"),
    "alliances": ("Alliances", "Standing partnerships, programmes and consortia"),
    "agreements": ("Agreements", "Collaboration agreements and other instruments"),
    "forces": ("Forces", "Police forces, past and present"),
    "governance-bodies": ("Governance bodies", "Authorities, commissioners, joint committees, boards"),
    "organisations": ("Other organisations", "Fire and ambulance services, councils, agencies, companies"),
    "people": ("People", "Holders of public office"),
    "appointments": ("Appointments", "Who held which post, and when"),
    "business-cases": ("Business cases", "Proposals on their way to approval"),
    "decisions": ("Decisions", "What each body decided"),
    "claims": ("Claims", "What sources say of savings, costs and numbers"),
    "functions": ("Functions", "What units do: the scheme of functions"),
    "sources": ("Sources", "The documents all this rests on"),
}
"""Each collection, in the order of the front page: its title, and what is in it."""
INLINE = frozenset({"other_names", "identifiers"})
"""Lists of parts that stand among the facts."""
APART = frozenset(
    {"id", "type", "url", "name", "presence", "presence_of_record", "note", "citations", "citation", "revision"}
    | {"not_recorded", "last_evidence", "lifecycle", "approval"}
)
"""Fields that a page shows elsewhere than among its facts."""


def label(name: str, kind: str = "") -> str:
    """What a field is called."""
    if name == "url" and kind == "source":
        return "Address"
    return LABELS.get(name) or name.replace("_", " ").capitalize()


def words(value: str) -> str:
    """A value of a list of choices, or a type, in words: `shared service` for `shared_service`."""
    return value.replace("_", " ").replace("-", " ")


def title(path: str) -> str:
    """The title of a collection."""
    return COLLECTIONS[path][0]


def singular(kind: str) -> str:
    """A record of a type, in words: `Joint unit`."""
    return {"organisation": "Other organisation"}.get(kind) or words(kind).capitalize()
