"""The registry's own terms in RDF, made from the shapes of its documents, and the SHACL shapes of its linked data."""

from collections.abc import Iterator
from importlib.resources import files

import orjson

from app.catalogue import CATALOGUE
from app.exports.jsonld import stated
from app.exports.rdf_terms import CLASSES, OWN, PREDICATES, PREFIXES
from app.registry.documents.field_types import description
from app.registry.documents.plan import Plan

MORE = {
    "archivedUrl": "An archived copy of a document.",
    "as_of": "The days in the world that the file was asked for.",
    "digest": "The digest of a revision in the registry's log.",
    "earliest": "First day that a date can be; not there: no bound.",
    "latest": "Last day that a date can be; not there: no bound.",
    "number": "The number of a revision.",
    "observed": "A day on which a source shows it in being.",
    "presence": "How sure it is that it held on the days asked for.",
    "presumed_for": "How long a presumption was taken to last after the last evidence; not there: for ever.",
    "recorded": "When a revision was recorded.",
    "revision": "The revision that wrote the record, or that the file holds.",
}
PREFIXED = {**PREFIXES, "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "sh": "http://www.w3.org/ns/shacl#"}


def shapes(base: str) -> str:
    """Terms and shapes as Turtle (https://www.w3.org/TR/turtle/), for the registry at an address."""
    prefixes = [f"@prefix {name}: <{iri}> ." for name, iri in sorted((PREFIXED | {"registry": base + OWN}).items())]
    kept = files("app.exports").joinpath("shapes.ttl").read_text("utf-8")
    return "\n".join([*prefixes, "", *_classes(), "", *_properties(), "", kept])


def _classes() -> Iterator[str]:
    for collection in CATALOGUE:
        for name in CLASSES[collection.type]:
            if name.startswith("registry:"):
                yield f"{name} a rdfs:Class ; rdfs:comment {_text(collection.summary)} ."


def _properties() -> Iterator[str]:
    found: dict[str, list[str]] = {name: [text] for name, text in MORE.items()}
    for collection in CATALOGUE:
        for name, text in _own(collection.plan):
            if text not in found.setdefault(name, []):
                found[name].append(text)
    for name, texts in sorted(found.items()):
        comments = ", ".join(map(_text, texts))
        yield f"registry:{name} a rdf:Property ; rdfs:comment {comments} ."


def _own(plan: Plan) -> Iterator[tuple[str, str]]:
    """The fields that have a term of the registry's own."""
    for field in plan.fields:
        if field.part and not field.read_only:
            yield from _own(field.part)
        if stated(field) and field.name not in PREDICATES and field.name not in MORE:
            yield field.name, description(plan, field)


def _text(text: str) -> str:
    # JSON escapes what Turtle does, in the same way
    return f"{orjson.dumps(text).decode()}@en"
