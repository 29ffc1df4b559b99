"""The terms of the linked data: W3C ORG and PROV first, the registry's own where those have none.

ORG: https://www.w3.org/TR/vocab-org/, PROV: https://www.w3.org/TR/prov-o/, OWL-Time: https://www.w3.org/TR/owl-time/,
EDTF literals: https://id.loc.gov/datatypes/edtf/EDTF.html.
"""

from app.registry.documents.canonical import Document

PREFIXES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "edtf": "http://id.loc.gov/datatypes/edtf/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "time": "http://www.w3.org/2006/time#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
REFERRING = (
    "org:member",
    "org:organization",
    "org:originalOrganization",
    "org:resultingOrganization",
    "org:heldBy",
    "org:postIn",
    "prov:wasDerivedFrom",
    "dcterms:license",
)
TYPED = {
    "dcterms:date": "edtf:EDTF",
    "time:inXSDDate": "xsd:date",
    "registry:earliest": "xsd:date",
    "registry:latest": "xsd:date",
    "registry:recorded": "xsd:dateTime",
}
OWN = "/v1/shapes.ttl#"
"""Where the registry's own terms are defined, behind the base address."""

CLASSES = {
    "source": ["foaf:Document"],
    "function": ["skos:Concept"],
    "force": ["org:FormalOrganization"],
    "governance-body": ["org:Organization"],
    "organisation": ["org:Organization"],
    "person": ["foaf:Person"],
    "appointment": ["org:Membership"],
    "alliance": ["org:OrganizationalCollaboration"],
    "joint-unit": ["org:OrganizationalCollaboration"],
    "agreement": ["registry:Agreement"],
    "business-case": ["registry:BusinessCase"],
    "decision": ["registry:Decision"],
    "claim": ["registry:Claim"],
}
FORMAL = frozenset(
    {
        "police_authority",
        "police_and_crime_commissioner",
        "police_fire_and_crime_commissioner",
        "mayor",
        "common_council",
        "inspectorate",
    }
)
"""The kinds of governance bodies that the law knows as such; of the others nothing says so."""

LABELS = {"person": "foaf:name"} | dict.fromkeys(
    ("source", "agreement", "business-case", "decision", "claim"), "dcterms:title"
)
PREDICATES = {
    "alliance": "dcterms:isPartOf",
    "archived_url": "registry:archivedUrl",
    "broader": "skos:broader",
    "code": "skos:notation",
    "functions": "org:purpose",
    "language": "dc:language",
    "note": "skos:note",
    "part_of": "dcterms:isPartOf",
    "publisher": "dc:publisher",
    "source": "prov:entity",
    "url": "schema:url",
    "website": "schema:url",
}
"""Terms for fields, wherever they stand; any other field has a term of the registry's own, with its name."""


def context(base: str) -> Document:
    """The JSON-LD context of the registry at an address."""
    referring = {name: {"@type": "@id"} for name in REFERRING}
    typed = {name: {"@type": kind} for name, kind in TYPED.items()}
    return {**PREFIXES, "registry": base + OWN, **referring, **typed}
