"""Values that a reader of the documentation can try: shown beside each parameter, filled in when they are clicked.

They are no OpenAPI `example`: Swagger UI would fill those in by itself, and send every one of them unseen.
"""

from app.registry.documents.canonical import Document

KEY = "x-example"

RECORDS = {
    "agreements": "bch-strategic-framework-agreement",
    "alliances": "bch-strategic-alliance",
    "appointments": "david-lloyd-hertfordshire-pcc",
    "business-cases": "bch-dog-unit",
    "claims": "bch-saving-20m-a-year",
    "decisions": "bch-dog-unit-bedfordshire-police-authority",
    "forces": "bedfordshire",
    "functions": "dogs",
    "governance-bodies": "hertfordshire-police-authority",
    "joint-units": "bch-major-crime-unit",
    "organisations": "national-crime-agency",
    "people": "david-lloyd",
    "revisions": "1",
    "sources": "three-force-release-2011-06-02",
}
"""A record of each collection, by the collection's path: all are in the data sets that come with the registry."""

OF_ALL = {
    "as_of": "2012-01-01",
    "limit": "5",
    "sort": "name",
    "force": "bedfordshire",
    "function": "dogs",
    "alliance": RECORDS["alliances"],
    "person": RECORDS["people"],
    "participant": "bedfordshire",
    "party": "bedfordshire",
    "body": RECORDS["governance-bodies"],
    "post": "Chair",
    "q": "dog unit",
    "from": "2009",
    "to": "2012",
    "type": "force",
    "prefix": "bed",
    "queries": '{"q0": {"query": "Beds Police", "type": "force"}}',
    "country": "England",
    "scheme": "registry",
    "actor": "registry load",
    "reason": "The programme's own list of March 2026",
}
"""A value of a parameter that means the same wherever it stands."""

PROOF = "/v1/{collection}/{id}/proof"
REFS = {"/v1/reconcile/entities/{id}": "force:bedfordshire", PROOF: RECORDS["sources"]}
LOG = {"level": "0", "path": "000.p/1", "from": "1", "to": "2"}
DAYS = {"_from": "2000", "_to": "2030"}
REVISIONS = {"organisations": "2"}
"""A revision that has records of a collection, where 1 has none: the data set `bch` has no other organisations."""


def example(operation_id: str, path: str, parameter: Document) -> str | None:
    """A value for a parameter of an operation that gives an answer, None where none is known."""
    name, schema, collection = parameter["name"], parameter["schema"], path.split("/")[2] if path != "/v1" else ""
    if name == "id":
        return REFS.get(path) or RECORDS.get(collection)
    if path.startswith("/v1/log/"):
        return LOG.get(name)
    if (
        name == "known_at"
        or (path == PROOF and name == "revision")
        or (operation_id.endswith("_diff") and name in ("from", "to"))
    ):
        return REVISIONS.get(collection, "1")
    if path == "/v1/network" and name in ("from", "to"):
        return None  # they need `interval`
    if "enum" in schema or "enum" in schema.get("items", ()):
        return None  # there is a list to choose from
    return OF_ALL.get(name) or next((day for ending, day in DAYS.items() if name.endswith(ending)), None)


def add_examples_to_try(document: Document) -> None:
    """Put the values beside the parameters of an OpenAPI document."""
    for path, methods in document["paths"].items():
        for operation in methods.values():
            shown = ((each, example(operation["operationId"], path, each)) for each in operation["parameters"])
            # operations share the descriptions of their parameters
            operation["parameters"] = [each if value is None else {**each, KEY: value} for each, value in shown]
