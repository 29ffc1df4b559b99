"""Linked data: records as JSON-LD 1.1 (https://www.w3.org/TR/json-ld11/), written node by node."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import orjson

from app.catalogue import CATALOGUE
from app.exports.extract import Extract
from app.exports.rdf_terms import CLASSES, FORMAL, LABELS, OWN, PREDICATES, context
from app.registry.collection import Collection
from app.registry.dates import ENDED_UNKNOWN
from app.registry.documents.canonical import parse_json
from app.registry.documents.field_types import ValueType, value_type
from app.registry.documents.plan import FieldPlan, Kind, Plan
from app.registry.documents.references import Ref

JsonLdNode = dict[str, Any]
"""A node object of JSON-LD: terms and their values."""

DATED = ("started", "ended", "observed")
ELSEWHERE = frozenset(
    {
        "id",
        "type",
        "name",
        "other_names",
        "identifiers",
        "citations",
        *DATED,
        "participants",
        "members",
        "predecessors",
        "successors",
    }
)
"""Fields that have a form of their own here."""


def write(extract: Extract) -> Iterator[bytes]:
    """The register as one JSON-LD document, its context in it, so that it can be read without the registry."""
    yield b'{"@context":' + orjson.dumps(context(extract.base)) + b',"@graph":[\n' + orjson.dumps(_register(extract))
    for collection in CATALOGUE:
        linker = Linker(extract.base, collection)
        for answer in extract.documents(collection):
            for node in linker.nodes(parse_json(answer)):
                yield b",\n" + orjson.dumps(node)
    yield b"\n]}\n"


def _register(extract: Extract) -> JsonLdNode:
    """What the file says of itself."""
    facts = extract.facts()
    said = {"@id": f"{extract.base}/v1", "@type": "prov:Collection", "dcterms:license": facts["licence"]["url"]}
    for name, value in (facts["revision"] or {}).items():
        said["registry:revision" if name == "number" else f"registry:{name}"] = value
    return said | {f"registry:{name}": facts[name] for name in ("as_of", "presumed_for") if facts[name]}


class Linker:
    """Makes the nodes of a collection's records, with addresses that begin with `base`."""

    def __init__(self, base: str, collection: Collection) -> None:
        self.base, self.collection = base, collection

    def nodes(self, answer: Mapping[str, Any]) -> Iterator[JsonLdNode]:
        """The record, and what ORG has as things of their own: memberships, posts and successions."""
        here = self.base + CATALOGUE.url(Ref.of(answer))
        node = {"@id": here, "@type": _classes(answer), **_identity(answer)}
        node |= self._fields(self.collection.plan, answer) | self._evidence(answer)
        if self.collection.type == "appointment":
            yield node | self._appointed(answer) | _during("org:memberDuring", answer)
            yield self._post(answer)
            return
        before, after = self._changes(here, answer)
        node |= {"org:resultedFrom": _ids(before), "org:changedBy": _ids(after)}
        yield {name: value for name, value in node.items() if value != []} | _during("dcterms:temporal", answer)
        yield from before + after
        for part in answer.get("participants") or answer.get("members") or ():
            yield self._membership(here, part)

    def _fields(self, plan: Plan, part: Mapping[str, Any]) -> JsonLdNode:
        """Every recorded field that has no form of its own, by its term."""
        found = {}
        for field in plan.fields:
            value = part.get(field.name)
            if stated(field) and value is not None and value != []:
                term = PREDICATES.get(field.name, f"registry:{field.name}")
                one = [self._value(plan, field, item) for item in (value if field.many else [value])]
                found[term] = one if field.many else one[0]
        return found

    def _value(self, plan: Plan, field: FieldPlan, value: Any) -> Any:
        if field.kind is Kind.DATE:
            return instant(value)
        if field.kind is Kind.REFERENCE:
            return {"@id": self.base + value["url"]}
        if field.part:
            return self._fields(field.part, value) | _during("dcterms:temporal", value)
        sort = value_type(plan, field)
        if sort is ValueType.EXACT:
            return {"@value": value, "@type": "xsd:decimal"}
        return orjson.dumps(value).decode() if sort is ValueType.JSON else value

    def _evidence(self, answer: Mapping[str, Any]) -> JsonLdNode:
        plan = self.collection.plan.field("citations").part
        cited = answer["citations"]
        if not cited or plan is None:
            return {}
        derivations = [{"@type": "prov:Derivation", **self._fields(plan, citation)} for citation in cited]
        sources = list(dict.fromkeys(self.base + citation["source"]["url"] for citation in cited))
        return {"prov:wasDerivedFrom": sources, "prov:qualifiedDerivation": derivations}

    def _membership(self, here: str, part: Mapping[str, Any]) -> JsonLdNode:
        member = self.base + part["organisation"]["url"]
        found = {"@type": "org:Membership", "org:member": member, "org:organization": here}
        if part["role"]:
            found["org:role"] = self._role(part["role"])
        return found | _present(part) | _during("org:memberDuring", part)

    def _appointed(self, answer: Mapping[str, Any]) -> JsonLdNode:
        person, body = (self.base + answer[name]["url"] for name in ("person", "body"))
        return {"org:member": person, "org:organization": body, "org:role": self._role(answer["post"])}

    def _post(self, answer: Mapping[str, Any]) -> JsonLdNode:
        """The post itself: one for all who held a post of that name in that body."""
        body, name = self.base + answer["body"]["url"], answer["post"]
        post = {"@id": f"{body}#post={quote(name, safe='')}", "@type": "org:Post", "skos:prefLabel": name}
        return post | {"org:postIn": body, "org:heldBy": self.base + answer["person"]["url"]}

    def _role(self, name: str) -> JsonLdNode:
        return {
            "@id": f"{self.base}{OWN}role={quote(name, safe='')}",
            "@type": "org:Role",
            "skos:prefLabel": name,
        }

    def _changes(self, here: str, answer: Mapping[str, Any]) -> tuple[list[JsonLdNode], list[JsonLdNode]]:
        """The successions that led to it, and those that led on from it. No date of theirs is recorded."""
        before, after = [], []
        for part in answer.get("predecessors") or ():
            earlier = self.base + next(part[name]["url"] for name in ("unit", "alliance") if name in part)
            said = {"registry:relation": part["relation"], "registry:basis": part["basis"]}
            before.append(_change(earlier, here) | said)
        if not self._successors_are_derived():
            after = [_change(here, self.base + later["url"]) for later in answer.get("successors") or ()]
        return before, after

    def _successors_are_derived(self) -> bool:
        """Whether they come from the predecessors of the records that followed, which have the events."""
        return any(field.name == "successors" and field.read_only for field in self.collection.plan.fields)


def stated(field: FieldPlan) -> bool:
    """Whether the field is written by its term: not what is worked out, nor what has a form of its own."""
    return field.name not in ELSEWHERE and (not field.read_only or field.name in ("presence", "revision"))


def _change(earlier: str, later: str) -> JsonLdNode:
    event = {"@id": f"{later}#from={quote(earlier.rpartition('/')[2], safe='')}", "@type": "org:ChangeEvent"}
    return event | {"org:originalOrganization": earlier, "org:resultingOrganization": later}


def _ids(nodes: list[JsonLdNode]) -> list[JsonLdNode]:
    return [{"@id": node["@id"]} for node in nodes]


def _classes(answer: Mapping[str, Any]) -> list[str]:
    return ["org:FormalOrganization"] if answer.get("kind") in FORMAL else CLASSES[answer["type"]]


def _identity(answer: Mapping[str, Any]) -> JsonLdNode:
    """Names and identifiers."""
    found: JsonLdNode = {LABELS.get(answer["type"], "skos:prefLabel"): answer["name"]} if answer["name"] else {}
    if names := [other["name"] for other in answer["other_names"]]:
        found["skos:altLabel"] = names
    if answer["identifiers"]:
        found["schema:identifier"] = [
            {"@type": "schema:PropertyValue", "schema:propertyID": one["scheme"], "schema:value": one["value"]}
            for one in answer["identifiers"]
        ]
    return found


def _present(part: Mapping[str, Any]) -> JsonLdNode:
    return {"registry:presence": part["presence"]} if part.get("presence") else {}


def _during(term: str, part: Mapping[str, Any]) -> JsonLdNode:
    """When it held, as an interval: from its beginning until, not including, its end."""
    ends = {"time:hasBeginning": part.get("started"), "time:hasEnd": part.get("ended")}
    found: JsonLdNode = {name: instant(date) for name, date in ends.items() if date}
    if observed := part.get("observed"):
        found["registry:observed"] = [instant(date) for date in observed]
    return {term: {"@type": "time:Interval", **found}} if found else {}


def instant(date: Mapping[str, Any]) -> JsonLdNode:
    """A day as well as the sources know it: the EDTF text, the first and the last day it can be, and no day else."""
    found = {"@type": "time:Instant", "rdfs:label": date["text"]}
    if date["edtf"] == ENDED_UNKNOWN:
        return found
    found["dcterms:date"] = date["edtf"]
    bounds = {"registry:earliest": date["earliest"], "registry:latest": date["latest"]}
    found |= {name: day for name, day in bounds.items() if day}
    return found | ({"time:inXSDDate": date["edtf"]} if date["edtf"] == date["earliest"] else {})
