"""The service's operations, as the OpenAPI document has them."""

from typing import Any

from app.api.components import REF
from app.api.documentation import OF_ONE, OperationWords, fixed_operation
from app.api.form_bodies import FORM
from app.api.responses import JSON
from app.reconciliation.requests import MOST_IDS, MOST_QUERIES
from app.reconciliation.suggestions import FURTHEST
from app.registry.documents.canonical import Document

TAG = {"name": "reconciliation", "description": "Names in other people's tables, matched to records."}

_QUERIES = (
    f"""A batch of at most {MOST_QUERIES} queries as JSON: `{{"q0": {{"query": "Beds Police", "type": "force"}}}}`."""
)
_EXTEND = f"""An extension as JSON, of at most {MOST_IDS} records: \
`{{"ids": ["force:bedfordshire"], "properties": [{{"id": "started"}}]}}`."""
_WIDGET_TEXT = "OpenRefine sends it to every service; it makes no difference."

QUERY: Document = {
    "type": "object",
    "description": "A text to be matched, properties, or both.",
    "properties": {
        "query": {"type": "string", "description": "The name, or the id, to be matched."},
        "type": {
            "description": "The types that candidates can be of.",
            "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
        },
        "limit": {"type": "integer", "minimum": 1, "maximum": 100, "description": "The most candidates."},
        "type_strict": {
            "type": "string",
            "enum": ["any", "should", "all"],
            "description": "Of several types: any of them; `all` of them is no record.",
        },
        "properties": {
            "type": "array",
            "description": "What else is known of the record.",
            "items": {"$ref": REF + "GivenProperty"},
        },
    },
}
EXTENSION: Document = {
    "type": "object",
    "description": "Records, and the properties to be fetched of each.",
    "required": ["ids", "properties"],
    "properties": {
        "ids": {"type": "array", "items": {"type": "string"}, "description": "The ids: `force:bedfordshire`."},
        "properties": {
            "type": "array",
            "description": "The properties.",
            "items": {"$ref": REF + "WantedProperty"},
        },
    },
}
REQUESTS: Document = {
    "ReconciliationQuery": QUERY,
    "GivenProperty": {
        "type": "object",
        "description": "A property and the values it should have: any of them.",
        "required": ["pid", "v"],
        "properties": {
            "pid": {"type": "string", "description": "The property."},
            "v": {"description": "A text, number, boolean or `{id}`, or a list of them."},
        },
    },
    "ReconciliationQueryBatch": {
        "type": "object",
        "description": "Queries by their names.",
        "additionalProperties": {"$ref": REF + "ReconciliationQuery"},
    },
    "WantedProperty": {
        "type": "object",
        "description": "A property to be fetched.",
        "required": ["id"],
        "properties": {
            "id": {"type": "string", "description": "The property."},
            "settings": {"type": "object", "description": "`limit`: the most values."},
        },
    },
    "DataExtensionQuery": EXTENSION,
}
"""What requests hold, by the names that operations refer to them with."""


def _embedded(text: str, schema: str) -> Document:
    return {
        "type": "string",
        "description": text,
        "contentMediaType": "application/json",
        "contentSchema": {"$ref": REF + schema},
    }


def _parameter(name: str, text: str, schema: Document | None = None) -> Document:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": text,
        "schema": schema or {"type": "string"},
    }


_ID = {"type": "string", "pattern": "^[a-z]+(-[a-z]+)*:[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 150}
_TYPE = _parameter("type", "Of records of this type; else of any.")
_PREFIX = _parameter("prefix", "What somebody typed.")
_CURSOR = _parameter("cursor", "How many suggestions to skip.", {"type": "integer", "minimum": 0, "maximum": FURTHEST})
_LIMIT = _parameter("limit", "The most properties; 0: all.", {"type": "integer", "minimum": 0, "maximum": 1000})
WIDGET = ("spell", "exact", "scoring", "prefixed", "filter", "lang")
"""What OpenRefine's suggest box sends along to any service, from the search it was made for."""


def operation(
    words: OperationWords,
    schemas: tuple[str, ...],
    *,
    problems: tuple[str, ...] = (),
    parameters: tuple[Document, ...] = (),
    kept: bool = True,
) -> dict[str, Any]:
    """What FastAPI is told of an operation that answers with one of these shapes."""
    shapes = [{"$ref": REF + name} for name in schemas]
    content = {JSON: {"schema": shapes[0] if len(shapes) == 1 else {"anyOf": shapes}}}
    return fixed_operation(words, content, tag=TAG["name"], problems=problems, parameters=parameters, kept=kept)


def suggest(name: str, schema: str, text: str, *, typed: bool) -> dict[str, Any]:
    """A suggest service."""
    widget = [_parameter(each, _WIDGET_TEXT) for each in WIDGET]
    return operation(
        OperationWords(
            f"suggest_{name}", f"Suggest {text.lower()}", f"{text} with a name that begins with a text, or holds it."
        ),
        (schema,),
        parameters=(_PREFIX, _CURSOR, *([_TYPE] if typed else []), *widget),
    )


READ = operation(
    OperationWords(
        "reconcile",
        "Match names, or read what the service offers",
        "Without `queries` and `extend`, the manifest of a Reconciliation Service API 0.2; else as with POST.",
    ),
    ("ServiceManifest", "ReconciliationResultBatch", "DataExtensionResponse"),
    problems=("content-too-large",),
    parameters=(
        {**_parameter("queries", _QUERIES), "schema": _embedded(_QUERIES, "ReconciliationQueryBatch")},
        {**_parameter("extend", _EXTEND), "schema": _embedded(_EXTEND, "DataExtensionQuery")},
    ),
)
POSTED = operation(
    OperationWords(
        "reconcile_posted",
        "Match names, or fetch properties",
        "With `queries`, the candidates for each; with `extend`, the values of properties. Nothing is written.",
    ),
    ("ReconciliationResultBatch", "DataExtensionResponse"),
    problems=("content-too-large", "unsupported-media-type"),
    kept=False,
)
POSTED["openapi_extra"]["requestBody"] = {
    "required": True,
    "description": "One of `queries` and `extend`.",
    "content": {
        FORM: {
            "schema": {
                "type": "object",
                "description": "One of the two.",
                "minProperties": 1,
                "maxProperties": 1,
                "additionalProperties": False,
                "properties": {
                    "queries": _embedded(_QUERIES, "ReconciliationQueryBatch"),
                    "extend": _embedded(_EXTEND, "DataExtensionQuery"),
                },
            }
        }
    },
}
PROPOSE = operation(
    OperationWords(
        "propose_properties",
        "Propose properties to fetch",
        "The properties that records of a type can have, references to other records first.",
    ),
    ("PropertyProposal",),
    parameters=(_TYPE, _LIMIT),
)
VIEW = fixed_operation(
    OperationWords(
        "view_entity",
        "Show a record as a page",
        "A small page about one record, to be shown in a frame; it runs and loads nothing.",
    ),
    {"text/html": {"schema": {"type": "string"}}},
    tag=TAG["name"],
    problems=OF_ONE,
    parameters=(
        {"name": "id", "in": "path", "required": True, "description": "The id: `force:bedfordshire`.", "schema": _ID},
    ),
)
