"""The OpenAPI document, made from the same descriptions that the endpoints read."""

from collections.abc import Iterable
from importlib.resources import files
from typing import Any

import orjson

from app.api import lists
from app.api.components import REF
from app.api.problems import TYPES
from app.api.view import View
from app.registry.collection import By, Catalogue, Collection
from app.registry.dates import ACCEPTED_DAYS
from app.registry.documents.canonical import Document
from app.registry.presence import SHOWN

_SUFFIX = {"many": "List", "one": "Detail", "history": "History"}

DESCRIPTION = """A registry of the units, alliances and agreements that police forces in England and Wales run together.

Every read takes two clocks: `as_of` asks what held in the world on a day, over dates as uncertain as the sources
leave them; `known_at` asks what the registry said at a revision or a time. No fact is without a source, sources that
disagree stand side by side, and nothing is ever overwritten.

`null` and empty lists mean *not recorded*, never *none*; `not_recorded` names these fields in each record."""

_LIST_TEXTS = {
    "as_of": f"What held on that day, or at some time in that month or year: {ACCEPTED_DAYS}.",
    "known_at": "What the registry said then: a revision number, or a time like 2026-11-21T22:58:51Z; else the newest.",
    "certainty": "With `as_of`: the weakest presence that the list includes; else all three.",
    "sort": "Fields to sort by, `-` for descending: `-started,name`. Dates by earliest, then latest; ties by id.",
    "fields": "Fields to show: `id,name`; else all.",
    "limit": "Items on a page.",
    "cursor": "Where to go on, from `links.next`; pins the question and the revision it began with.",
    "format": "The media type; else what `Accept` asks for. CSV and NDJSON hold the whole list, but with `limit`.",
    "id": "Records with one of these ids, separated by commas.",
    "name": "Records with this text in one of their names, in any case.",
}

_ITEM: Document = {"type": "string", "minLength": 1, "pattern": "^[^,]*[^, ][^,]*$"}
_DAY = r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"
_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
_PATTERNS = {"as_of": {"pattern": f"^{_DAY}$"}, "known_at": {"pattern": f"^([1-9][0-9]{{0,8}}|{_TIME})$"}}
_SLUG = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "The id of the record.",
    "schema": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 120},
}


ALWAYS = ("bad-request", "unknown-parameter", "uri-too-long", "internal-error", "unavailable")
OF_ONE = ("merged", "not-found", "gone")
OF_BODIES = ("content-too-large", "unsupported-media-type")
DECLARED = (*ALWAYS, *OF_ONE, *OF_BODIES)
"""The problems that operations declare, one for each status; the page of each type says which others share it."""


def tags(catalogue: Catalogue) -> list[Document]:
    """The groups of operations."""
    insight = {"name": "insight", "description": "Answers that are worked out from many records."}
    return [*({"name": one.path, "description": one.summary} for one in catalogue), insight]


def operation(collection: Collection, verb: str) -> dict[str, Any]:
    """What FastAPI is told of a common endpoint."""
    one, many = collection.type.replace("-", "_"), collection.path.replace("-", "_")
    described = {
        "many": (
            f"list_{many}",
            f"List {collection.path}",
            f"{collection.summary} Without `as_of`: all.",
        ),
        "one": (f"get_{one}", f"Read one of {collection.path}", "One record; with `as_of`, as it was on that day."),
        "history": (f"get_{one}_history", "Every version of it", "All versions, newest first, as served at the time."),
        "diff": (f"get_{one}_diff", "What changed in it", "A JSON Patch (RFC 6902) between two revisions."),
    }
    operation_id, summary, description = described[verb]
    return {
        "operation_id": operation_id,
        "summary": summary,
        "description": description,
        "tags": [collection.path],
        "openapi_extra": {"parameters": _parameters(collection, verb), "responses": _responses(collection, verb)},
    }


def _parameters(collection: Collection, verb: str) -> list[Document]:
    if verb == "many":
        return [_list_parameter(collection, name) for name in lists.parameter_names(collection)]
    names = {"one": ("as_of", "known_at", "fields"), "history": ("as_of", "known_at", "limit", "cursor")}
    found = [_SLUG]
    found += [_list_parameter(collection, name) for name in names.get(verb, ("as_of", "known_at"))]
    if verb == "diff":
        number = {"type": "integer", "minimum": 1}
        found.append({**_query("from", "The earlier revision.", number), "required": True})
        found.append(_query("to", "The later revision; else the newest.", number))
    return found


def view_operation(view: View) -> dict[str, Any]:
    """What FastAPI is told of a view."""
    parameters = [_SLUG] if "{id}" in view.path else []
    formats = ("json", *view.forms)
    parameters += [_query(name, _LIST_TEXTS[name], _schema(name, formats, view.page)) for name in view.shared]
    for name, parameter in view.parameters.items():
        parameters.append({**_query(name, parameter.text, parameter.schema), "required": parameter.required})
    responses = _answers(view.schema_name, one="{id}" in view.path)
    for rendering in view.forms.values():
        responses["200"]["content"][rendering.media_type] = {"schema": {"type": "string"}}
    return {
        "operation_id": view.operation_id,
        "summary": view.summary,
        "description": view.description,
        "tags": ["insight"],
        "openapi_extra": {"parameters": parameters, "responses": responses},
    }


def file_operation(
    operation_id: str,
    summary: str,
    description: str,
    content: Document,
    path: Document | None = None,
    clocks: Iterable[str] = ("as_of", "known_at"),
) -> dict[str, Any]:
    """What FastAPI is told of an endpoint that answers with a file; `content` is by media type, `path` a parameter."""
    parameters = [{"in": "path", "required": True, **path}] if path else []
    parameters += [_query(name, _LIST_TEXTS[name], _schema(name)) for name in clocks]
    responses = _answers("", one=False)
    responses["200"] = {**responses["200"], "content": content}
    if path:
        responses["404"] = {"$ref": "#/components/responses/not-found"}
    return {
        "operation_id": operation_id,
        "summary": summary,
        "description": description,
        "tags": ["insight"],
        "openapi_extra": {"parameters": parameters, "responses": dict(sorted(responses.items()))},
    }


def _query(name: str, text: str, schema: Document) -> Document:
    # no examples: the documentation page would fill them in, and send them unseen
    return {"name": name, "in": "query", "required": False, "description": text, "schema": schema}


def _list_parameter(collection: Collection, name: str) -> Document:
    if name in lists.filters(collection):
        return _reference_parameter(name, lists.filters(collection)[name])
    if name in _LIST_TEXTS:
        return _query(name, _LIST_TEXTS[name], _schema(name))
    if name in collection.states:
        return _several(name, collection.states[name].text, lists.choices(collection, name))
    if name in collection.scalars:
        text = collection.schema.model_fields[name].description or ""
        return _several(name, text, lists.choices(collection, name))
    field, _, end = name.rpartition("_")
    text = f"Records whose `{field}` can lie {'on or after' if end == 'from' else 'on or before'} this date."
    return _query(name, text, {"type": "string", **_PATTERNS["as_of"]})


def _schema(name: str, formats: Iterable[str] = ("json",), page: int = lists.DEFAULT_LIMIT) -> Document:
    if name == "limit":
        return {"type": "integer", "minimum": 1, "maximum": lists.MOST_ITEMS, "default": page}
    if name == "certainty":
        return {"type": "string", "enum": [str(value) for value in SHOWN]}
    if name == "format":
        return {"type": "string", "enum": list(formats)}
    return {"type": "string", "minLength": 1, **_PATTERNS.get(name, {})}


def _several(name: str, text: str, values: list[str] | None = None) -> Document:
    item: Document = {"type": "string", "enum": values} if values else _ITEM
    found = _query(name, text + " Several with commas: any of them.", {"type": "array", "items": item})
    return {**found, "style": "form", "explode": False}


def _reference_parameter(name: str, by: By) -> Document:
    several = " Several with commas: any of them; with `all:` in front, each of them."
    found = _query(name, by.text + several, {"type": "array", "items": _ITEM})
    return {**found, "style": "form", "explode": False}


def _responses(collection: Collection, verb: str) -> Document:
    name = "Diff" if verb == "diff" else collection.schema.__name__ + _SUFFIX[verb]
    found = _answers(name, one=verb != "many")
    if verb == "many":
        text = {"schema": {"type": "string", "description": "One record a line."}}
        found["200"]["content"] |= {"text/csv": text, "application/x-ndjson": text}
    return found


def _answers(schema: str, *, one: bool) -> Document:
    """Every answer of an operation; `one`: it asks for a record, which may not be there."""
    content: Document = {"schema": {"$ref": REF + schema}}
    headers = {"ETag": {"$ref": "#/components/headers/ETag"}, "Link": {"$ref": "#/components/headers/Link"}}
    ok = {"description": "The answer.", "headers": headers, "content": {"application/json": content}}
    found: Document = {"200": ok, "304": {"description": "The client has this very answer already (`If-None-Match`)."}}
    for slug in (*ALWAYS, *(OF_ONE if one else ())):
        found[str(TYPES[slug].status)] = {"$ref": f"#/components/responses/{slug}"}
    return dict(sorted(found.items()))


def add_examples(document: Document) -> None:
    """Put into an OpenAPI document what the built-in dataset answers, as `make openapi` kept it beside this module.

    Done last: FastAPI leaves out what is null from all that it puts together itself.
    """
    file = files("app.api").joinpath("examples.json")
    examples = orjson.loads(file.read_bytes()) if file.is_file() else {}
    for methods in document["paths"].values():
        for operation in methods.values():
            if example := examples.get(operation["operationId"]):
                operation["responses"]["200"]["content"]["application/json"]["example"] = example
