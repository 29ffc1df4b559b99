"""What the operations of the OpenAPI document refer to: shapes as they are served, envelopes, problems."""

from collections.abc import Container, Iterable
from typing import Any

from pydantic.json_schema import models_json_schema

from app.api.problems import MEDIA_TYPE, TYPES
from app.api.view import View
from app.registry.collection import Catalogue
from app.registry.documents.canonical import Document
from app.registry.documents.values import Reference

REF = "#/components/schemas/"
ANYTHING = REF + "JsonValue"


def components(catalogue: Catalogue, views: Iterable[View], declared: Container[str]) -> Document:
    """Everything that the operations refer to."""
    shapes: list[type[Any]] = [Reference, *(collection.schema for collection in catalogue)]
    shapes += dict.fromkeys(view.item for view in views)
    shapes += dict.fromkeys(view.meta for view in views if view.meta)
    _, described = models_json_schema([(shape, "validation") for shape in shapes], ref_template=REF + "{model}")
    schemas = {name: _as_served(schema) for name, schema in described["$defs"].items() if REF + name != ANYTHING}
    for collection in catalogue:
        name = collection.schema.__name__
        data: Document = {"$ref": REF + name}
        versions = {"type": "array", "items": _version(data), "description": "Newest first."}
        schemas |= {
            f"{name}List": _enveloped({"type": "array", "items": data, "description": "The records."}, "ListMeta"),
            f"{name}Detail": _enveloped(data, "Meta"),
            f"{name}History": _enveloped(versions, "ListMeta"),
        }
    for view in views:
        data = {"$ref": REF + view.item.__name__}
        if view.many:
            data = {"type": "array", "items": data, "description": view.description}
        meta = "ListMeta" if view.paged else "Meta"
        if view.meta:
            schemas[view.meta.__name__] = _with(schemas[view.meta.__name__], _SHARED[meta])
        schemas[view.schema_name] = _enveloped(data, view.meta.__name__ if view.meta else meta)
    responses = {slug: _problem_response(slug) for slug in TYPES if slug in declared}
    return {"schemas": {**schemas, **_SHARED}, "responses": responses, "headers": _HEADERS}


def _as_served(schema: Document) -> Document:
    """A shape as answers have it: every field is there (but `presence`), and more may come."""
    found = {key: value for key, value in schema.items() if key != "additionalProperties"}
    if "properties" in found:
        found["properties"] = {name: _served_property(value) for name, value in found["properties"].items()}
        found["required"] = [name for name in found["properties"] if name != "presence"]
    return found


def _with(schema: Document, more: Document) -> Document:
    """A shape with the properties of another besides."""
    found = {**schema, "properties": {**more["properties"], **schema["properties"]}}
    return {**found, "required": list(found["properties"])}


def _served_property(schema: Document) -> Document:
    found = {key: value for key, value in schema.items() if key not in ("default", "title")}
    if any(choice.get("$ref") == ANYTHING for choice in (schema, *schema.get("anyOf", ()))):
        # anything or null is anything; some generators make a type out of the choice, and fail
        found = {key: value for key, value in found.items() if key not in ("anyOf", "$ref")}
    return found


def _object(text: str, properties: Document) -> Document:
    return {"type": "object", "description": text, "properties": properties, "required": list(properties)}


def _enveloped(data: Document, meta: str) -> Document:
    return _object("An answer.", {"data": data, "meta": {"$ref": REF + meta}, "links": {"$ref": REF + "Links"}})


def _version(data: Document) -> Document:
    return _object(
        "A version of the record.",
        {
            "revision": {"type": "integer", "description": "The revision that wrote it."},
            "recorded": {"type": "string", "format": "date-time", "description": "When."},
            "actor": {"type": "string", "description": "Who wrote it."},
            "reason": {"type": "string", "description": "Why."},
            "data": data,
        },
    )


_NULLABLE = {"type": ["string", "null"]}
_KNOWN_AT = {
    **_object(
        "The revision that answered; null while the registry is empty.",
        {
            "revision": {"type": "integer", "description": "Its number."},
            "recorded": {"type": "string", "format": "date-time", "description": "When it was recorded."},
        },
    ),
    "type": ["object", "null"],
}
_META = {"as_of": {**_NULLABLE, "description": "The `as_of` asked for; null: none."}, "known_at": _KNOWN_AT}
_TOTAL = {"type": "integer", "description": "Records in all, on every page together."}
_FAULT = _object(
    "One thing that is wrong.",
    {
        "location": {"type": "string", "description": "Where: `query/as_of`."},
        "message": {"type": "string", "description": "What to do about it."},
    },
)
_OPERATIONS = ["add", "remove", "replace", "move", "copy", "test"]
_PATCH = {
    "type": "array",
    "description": "The patch (RFC 6902).",
    "items": {
        "type": "object",
        "description": "One operation.",
        "required": ["op", "path"],
        "properties": {
            "op": {
                "type": "string",
                "description": "What to do.",
                "enum": ["add", "remove", "replace", "move", "copy", "test"],
            },
            "path": {"type": "string", "description": "Where (RFC 6901)."},
            "from": {"type": "string", "description": "From where, for move and copy."},
            "value": {"description": "The value, for add and replace."},
        },
    },
}
_SHARED: Document = {
    "Meta": _object("The clocks that applied.", _META),
    "ListMeta": _object("The clocks that applied, and the total.", {"total": _TOTAL, **_META}),
    "Links": {
        "type": "object",
        "description": "Addresses that go with the answer.",
        "properties": {
            "self": {"type": "string", "description": "This answer."},
            "next": {**_NULLABLE, "description": "The next page; null: this is the last."},
            "history": {"type": "string", "description": "The record's versions."},
            "record": {"type": "string", "description": "The record."},
        },
        "required": ["self"],
    },
    "DiffMeta": _object("The clocks that applied, and the ends.", {"from": _KNOWN_AT, "to": _KNOWN_AT, **_META}),
    "Diff": _enveloped(_PATCH, "DiffMeta"),
    "Problem": _object(
        "What went wrong (RFC 9457).",
        {
            "type": {"type": "string", "description": "The address of a page about this type of problem."},
            "title": {"type": "string", "description": "The type in words."},
            "status": {"type": "integer", "description": "The HTTP status."},
            "detail": {"type": "string", "description": "What happened this time."},
            "instance": {"type": "string", "description": "The path asked for."},
            "request_id": {"type": "string", "description": "Names this request in the service's log."},
            "errors": {"type": "array", "items": _FAULT, "description": "Each thing that is wrong."},
        },
    ),
}
_HEADERS: Document = {
    "ETag": {"description": "Names this very answer, for `If-None-Match`.", "schema": {"type": "string"}},
    "Link": {"description": "`next` and `version-history` (RFC 8288).", "schema": {"type": "string"}},
}


def _problem_response(slug: str) -> Document:
    kind = TYPES[slug]
    example = {"type": f"/problems/{slug}", "title": kind.title, "status": kind.status, "detail": kind.remedy}
    example |= {"instance": "/v1/joint-units", "request_id": "0" * 32, "errors": []}
    content = {MEDIA_TYPE: {"schema": {"$ref": REF + "Problem"}, "example": example}}
    return {"description": f"{kind.title}. {kind.remedy}", "content": content}
