"""The OpenAPI document, made from the same descriptions that the endpoints read."""

from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import orjson

from app.api.components import HEADERS, REF
from app.api.formats import MEDIA_TYPES
from app.api.list_parameters import list_query
from app.api.problem_types import TYPES
from app.api.query_models import (
    REVISION_HEADER,
    WITH_COMMAS,
    ClockQuery,
    DetailQuery,
    DiffQuery,
    HistoryQuery,
    QueryModel,
)
from app.api.view import View
from app.registry.collection import Catalogue, Collection
from app.registry.documents.canonical import Document

_ENDINGS = {"many": "List", "one": "Detail", "history": "History"}

DESCRIPTION = """A registry of the units, alliances and agreements that police forces in England and Wales run together.

Every read takes two clocks: `as_of` asks what held in the world on a day, over dates as uncertain as the sources
leave them; `known_at` asks what the registry said at a revision or a time. No fact is without a source, sources that
disagree stand side by side, and nothing is ever overwritten.

### How sure: `presence`

On a day, or at some time in a month or a year, a record or a part of one is

| `presence` | when |
|---|---|
| `certain` | a source shows it in being: begun, and a recorded end or a later observation shows it had not stopped |
| `presumed` | it had begun and nothing says it stopped, but nothing dated later shows it either |
| `possible` | the day lies where the start or the end may be |
| `absent` | before it can have begun, or after it had ended: lists leave it out |

`certainty=certain` keeps the certain ones of a list alone, `presumed` these two, `possible` (as without it) all three.

`null` and empty lists mean *not recorded*, never *none*; `not_recorded` names these fields in each record."""

FIRST = ("joint-units", "forces", "agreements", "alliances", "governance-bodies", "people", "appointments")
GROUPS: tuple[Document, ...] = (
    {"name": "answers", "description": "What is worked out from many records."},
    {"name": "search", "description": "Names and words, looked for everywhere."},
    {"name": "changes", "description": "Every write, and what it changed."},
    {"name": "bulk", "description": "Files with the whole register, and the terms of the linked data."},
)
"""The groups of operations that belong to no collection."""

ALWAYS = ("bad-request", "unknown-parameter", "uri-too-long", "internal-error", "unavailable")
OF_ONE = ("merged", "not-found", "gone")
OF_BODIES = ("content-too-large", "unsupported-media-type")
DECLARED = (*ALWAYS, *OF_ONE, *OF_BODIES)
"""The problems that operations declare, one for each status; the page of each type says which others share it."""


REACHED: Document = {
    "name": REVISION_HEADER,
    "in": "header",
    "required": False,
    "description": "The revision that the registry must have reached, as an answer had it; else 503: try again.",
    "schema": {"type": "integer", "minimum": 1},
}
"""What a reader has seen, so that a copy that lags behind does not answer as if it had not been."""


def tags(catalogue: Catalogue) -> list[Document]:
    """The groups of operations, those first that people ask for first."""
    known = {one.path: one.summary for one in catalogue}
    ordered = [*(path for path in FIRST if path in known), *(path for path in known if path not in FIRST)]
    return [*({"name": path, "description": known[path]} for path in ordered), *GROUPS]


def operation(collection: Collection, verb: str) -> dict[str, Any]:
    """What FastAPI is told of a common endpoint, beside its signature."""
    described = {
        "many": (f"List {collection.path}", f"{collection.summary} Without `as_of`: all."),
        "one": (f"Read one of {collection.path}", "One record; with `as_of`, as it was on that day."),
        "history": (
            "Every version of it",
            "All versions, newest first, as served at the time, with the names of the fields that changed.",
        ),
        "diff": ("What changed in it", "A JSON Patch (RFC 6902) between two revisions."),
    }
    summary, description = described[verb]
    content = _json("Diff" if verb == "diff" else collection.schema.__name__ + _ENDINGS[verb])
    if verb in ("many", "one"):
        text = {"schema": {"type": "string", "description": "One record a line, or a row."}}
        content |= {media_type: text for name, media_type in MEDIA_TYPES.items() if name != "json"}
    return {
        "operation_id": _operation_id(collection, verb),
        "summary": summary,
        "description": description,
        "tags": [collection.path],
        "responses": _responses(content, OF_ONE if verb != "many" else ()),
    }


def _operation_id(collection: Collection, verb: str) -> str:
    one, many = collection.type.replace("-", "_"), collection.path.replace("-", "_")
    return f"list_{many}" if verb == "many" else f"get_{one}{'' if verb == 'one' else f'_{verb}'}"


def view_operation(view: View) -> dict[str, Any]:
    """What FastAPI is told of a view, beside its endpoint's signature."""
    forms = {media_type: {"schema": {"type": "string"}} for media_type in view.forms.values()}
    return {
        "operation_id": view.operation_id,
        "summary": view.summary,
        "description": view.description,
        "tags": [view.group],
        "responses": _responses({**_json(view.schema_name), **forms}, OF_ONE if view.of_record else ()),
    }


class OperationWords(NamedTuple):
    """What an operation is called, and what is said of it."""

    operation_id: str
    summary: str
    description: str


def fixed_operation(
    words: OperationWords,
    content: Document,
    *,
    tag: str = "bulk",
    problems: Iterable[str] = (),
    query: type[QueryModel] = ClockQuery,
    parameters: Iterable[Document] = (),
    kept: bool = True,
) -> dict[str, Any]:
    """What FastAPI is told of an endpoint that belongs to no collection and is no view; `content` is by media type.

    `problems` and `parameters` are those besides: of every read, and of `query`. `kept`: clients may keep the answer.
    """
    return {
        **words._asdict(),
        "tags": [tag],
        "responses": _responses(content, problems, kept=kept),
        "openapi_extra": {"parameters": [*_parameters(query), *parameters]},
    }


def _queries(catalogue: Catalogue, views: Iterable[View]) -> Iterator[tuple[str, type[QueryModel]]]:
    """The query model of every common endpoint and every view, by operation."""
    for collection in catalogue:
        yield _operation_id(collection, "many"), list_query(collection)
        for verb, model in (("one", DetailQuery), ("history", HistoryQuery), ("diff", DiffQuery)):
            yield _operation_id(collection, verb), model
    for view in views:
        yield view.operation_id, view.query


@cache
def _parameters(model: type[QueryModel]) -> list[Document]:
    """The parameters that a query model takes, as Pydantic describes its fields."""
    fields = model.model_json_schema().get("properties", {})
    # what another may stand for can be left out
    needed = {name for name, mark in model.required().items() if mark.instead is None}
    found = [_parameter(name, schema, required=name in needed) for name, schema in fields.items()]
    return [*found, REACHED] if issubclass(model, ClockQuery) else found


def _parameter(name: str, schema: Document, *, required: bool) -> Document:
    # no examples: the documentation page would fill them in, and send them unseen
    said = {"title", "description", *WITH_COMMAS}
    described = {key: value for key, value in schema.items() if key not in said and (key, value) != ("default", None)}
    found = {"name": name, "in": "query", "required": required, "description": schema["description"]}
    return {**found, "schema": described, **{key: schema[key] for key in WITH_COMMAS if key in schema}}


def _json(schema: str) -> Document:
    return {"application/json": {"schema": {"$ref": REF + schema}}}


def _responses(content: Document, more: Iterable[str] = (), *, kept: bool = True) -> dict[int | str, Document]:
    """Every answer of an operation: what it says, that nothing has changed, and its problems, `more` among them."""
    refs = {name: {"$ref": f"#/components/headers/{name}"} for name in HEADERS}
    headers = {"headers": refs} if kept else {}
    found: dict[int | str, Document] = {200: {"description": "The answer.", **headers, "content": content}}
    if kept:
        found[304] = {"description": "The client has this very answer already (`If-None-Match`)."}
    return found | {TYPES[slug].status: problem_reference(slug) for slug in (*ALWAYS, *more)}


def problem_reference(slug: str) -> Document:
    """A problem type among the answers of an operation."""
    return {"$ref": f"#/components/responses/{slug}"}


def complete(document: Document, catalogue: Catalogue, views: Iterable[View]) -> None:
    """Add the parameters of query models, and take out what FastAPI says twice.

    The models are made here, when the document is asked for: made with the routes, they would cost every start 200 ms.
    """
    queries = dict(_queries(catalogue, views))
    for methods in document["paths"].values():
        for operation in methods.values():
            parameters = operation.setdefault("parameters", [])
            for parameter in parameters:
                for said in ("title", "description"):
                    parameter["schema"].pop(said, None)
            if model := queries.get(operation["operationId"]):
                parameters += _parameters(model)
            answers = operation["responses"].items()
            operation["responses"] = {status: _referred(answer) for status, answer in sorted(answers)}


def _referred(answer: Document) -> Document:
    """An answer; of one that is described elsewhere, the reference alone."""
    return {"$ref": answer["$ref"]} if "$ref" in answer else answer


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
