"""What the operations of the OpenAPI document refer to: shapes as they are served, envelopes, problems."""

from collections.abc import Container, Iterable
from typing import Any

from pydantic.json_schema import models_json_schema

from app.api import envelopes
from app.api.field_choice import OnRequest
from app.api.problem_types import TYPES
from app.api.problems import MEDIA_TYPE
from app.api.view import View
from app.registry.collection import Catalogue
from app.registry.documents.canonical import Document
from app.registry.documents.plan import OF_PRESENCE

REF = "#/components/schemas/"
ANYTHING = REF + "JsonValue"
SOMETIMES = {model.__name__ for model in (envelopes.Links, envelopes.PatchOperation)}
"""Shapes with fields that are left out where they do not apply."""
ON_REQUEST = {*OF_PRESENCE, "errors_total", "rule", "facets", "presumed_for", "total", *OnRequest.model_fields}
"""Fields that are there only on reads that ask for them."""


def components(catalogue: Catalogue, views: Iterable[View], declared: Container[str]) -> Document:
    """Everything that the operations refer to."""
    answers: list[type[Any]] = [answer for collection in catalogue for answer in envelopes.of_collection(collection)]
    answers += [*map(envelopes.of_view, views), OnRequest, envelopes.Diff, envelopes.ProblemDetails]
    _, described = models_json_schema([(answer, "validation") for answer in answers], ref_template=REF + "{model}")
    schemas = {name: _as_served(name, schema) for name, schema in described["$defs"].items() if REF + name != ANYTHING}
    for collection in catalogue:
        schemas[collection.schema.__name__]["properties"] |= schemas[OnRequest.__name__]["properties"]
    del schemas[OnRequest.__name__]
    schemas["Problem"] = {**schemas.pop(envelopes.ProblemDetails.__name__), "title": "Problem"}
    responses = {slug: _problem_response(slug) for slug in TYPES if slug in declared}
    return {"schemas": schemas, "responses": responses, "headers": HEADERS}


def _as_served(name: str, schema: Document) -> Document:
    """A shape as answers have it: every field is there, but those on request, and more may come."""
    found = {key: value for key, value in schema.items() if key != "additionalProperties"}
    if "properties" in found:
        found["properties"] = {field: _served_property(value) for field, value in found["properties"].items()}
        if name not in SOMETIMES:
            found["required"] = [
                field for field in found["properties"] if field not in ON_REQUEST or field in schema.get("required", ())
            ]
    return found


def _served_property(schema: Document) -> Document:
    found = {key: value for key, value in schema.items() if key not in ("default", "title")}
    if any(choice.get("$ref") == ANYTHING for choice in (schema, *schema.get("anyOf", ()))):
        # anything or null is anything; some generators make a type out of the choice, and fail
        found = {key: value for key, value in found.items() if key not in ("anyOf", "$ref")}
    return found


HEADERS: Document = {
    "ETag": {"description": "Names this very answer, for `If-None-Match`.", "schema": {"type": "string"}},
    "Link": {"description": "`next` and `version-history` (RFC 8288).", "schema": {"type": "string"}},
    "Registry-Revision": {"description": "The revision it speaks of.", "schema": {"type": "integer"}},
}


def _problem_response(slug: str) -> Document:
    kind = TYPES[slug]
    example = {"type": f"/problems/{slug}", "title": kind.title, "status": kind.status, "detail": kind.remedy}
    example |= {"instance": "/v1/joint-units", "request_id": "0" * 32, "errors": []}
    content = {MEDIA_TYPE: {"schema": {"$ref": REF + "Problem"}, "example": example}}
    return {"description": f"{kind.title}. {kind.remedy}", "content": content}
