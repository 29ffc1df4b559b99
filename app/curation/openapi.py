"""What FastAPI is told of writes, beside the signatures of their endpoints."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.api import documentation
from app.api.components import REF
from app.api.documentation import OperationWords
from app.api.envelopes import Described, PatchOperation, ProblemFault
from app.api.json_bodies import JSON_TYPES
from app.api.problem_types import TYPES
from app.api.query_models import QueryModel
from app.curation.confirmations import Confirmation
from app.curation.operations import Batch, Merging
from app.registry.collection import Collection
from app.registry.documents.canonical import Document
from app.registry.documents.values import Reference

OF_WRITES = (
    "unauthenticated",
    "not-allowed",
    "conflict",
    "content-too-large",
    "too-many-requests",
)
OF_BODIES = ("unsupported-media-type",)
OF_KEYED_READS = ("unauthenticated", "not-allowed", "too-many-requests")
OF_CHANGES = ("precondition-failed", "precondition-required", *documentation.OF_ONE)
DECLARED = (*OF_WRITES, *OF_BODIES, *OF_CHANGES)
GROUP: Document = {
    "name": "writing",
    "description": "Several records as one revision, and the revert of one; each collection's own writes stand there.",
}


class WriteMeta(Described):
    """What is said of a write."""

    revision: int | None
    """The revision that it made; null: a dry run, or all was recorded already as it was given."""
    recorded: str | None
    """When."""
    dry_run: bool
    """Whether nothing was written."""
    warnings: list[ProblemFault]
    """What looks wrong, and refuses nothing; `rule` says by which rule."""


class RecordWriteMeta(WriteMeta):
    """What is said of the write of one record."""

    difference: list[PatchOperation]
    """What was changed in it, as it is served (RFC 6902)."""


class WriteLinks(Described):
    """Addresses that go with the answer."""

    self: str = ""
    """The record."""
    history: str = ""
    """The record's versions."""
    revision: str = ""
    """The revision that was made."""


class WriteAnswer(Described):
    """What became of the write of one record."""

    data: dict[str, Any]
    """The record as it is served now; of one that was withdrawn, its type and id."""
    meta: RecordWriteMeta
    links: WriteLinks


class WrittenRecord(Described):
    """What became of one record."""

    record: Reference
    """The record."""
    data: dict[str, Any] | None
    """As it is served now; null: it was withdrawn."""
    difference: list[PatchOperation]
    """What was changed in it, as it is served (RFC 6902)."""


class RevisionWriteAnswer(Described):
    """What became of a write of several records."""

    data: list[WrittenRecord]
    """Each record."""
    meta: WriteMeta
    links: WriteLinks


MODELS: tuple[type[BaseModel], ...] = (Batch, Merging, Confirmation, WriteAnswer, RevisionWriteAnswer)


def schemas(models: Iterable[type[BaseModel]] = MODELS) -> Document:
    """The models that writes refer to, as components."""
    _, described = models_json_schema([(model, "validation") for model in models], ref_template=REF + "{model}")
    found: Document = described["$defs"]
    return {
        name: schema for name, schema in found.items() if name not in ("Reference", "PatchOperation", "ProblemFault")
    }


SECURITY_SCHEMES: Document = {
    "key": {
        "type": "http",
        "scheme": "bearer",
        "description": "A key of this register (`registry keys create`), or a token of the OpenID provider it trusts.",
    }
}


def body(content: Document) -> Document:
    """The body of a request, by media type."""
    return {"requestBody": {"required": True, "content": content}}


def of_model(name: str) -> Document:
    """The body of a request that is JSON of a component."""
    return body({JSON_TYPES[0]: {"schema": {"$ref": REF + name}}})


def operation(
    operation_id: str,
    summary: str,
    description: str,
    tag: str,
    *,
    answer: str,
    problems: Iterable[str] = OF_WRITES,
    created: bool = False,
    extra: Document | None = None,
) -> dict[str, Any]:
    """What FastAPI is told of a write."""
    content = {"application/json": {"schema": {"$ref": REF + answer}}}
    good: Document = {"description": "The answer.", "content": content}
    responses: dict[int | str, Document] = {200: good}
    if created:
        responses[201] = {**good, "description": "It was made; `Location` says where it is."}
    for slug in (*documentation.ALWAYS, *problems):
        responses.setdefault(TYPES[slug].status, documentation.problem_reference(slug))
    return {
        "operation_id": operation_id,
        "summary": summary,
        "description": description,
        "tags": [tag],
        "responses": responses,
        "openapi_extra": extra or {},
    }


def keyed_read(
    words: OperationWords,
    answer: type[BaseModel],
    tag: str,
    *,
    problems: Iterable[str],
    query: type[QueryModel] = QueryModel,
) -> dict[str, Any]:
    """What FastAPI is told of what is read with a key, and kept by nobody on the way."""
    content = {"application/json": {"schema": {"$ref": REF + answer.__name__}}}
    return documentation.fixed_operation(words, content, tag=tag, problems=problems, query=query, kept=False)


_SAID = {
    "create": ("Make one of {path}", "A record with its `id` and at least one citation; 409 if it is there."),
    "replace": (
        "Replace one of {path}",
        "What `GET` returns can be sent back: derived fields are not looked at. Makes the record if it is not there.",
    ),
    "amend": (
        "Amend one of {path}",
        (
            "A JSON Merge Patch (RFC 7396; lists are replaced whole, null takes a field out), or a JSON Patch (RFC "
            "6902, with `test`) of the record as it is served. A date or a reference is one value, replaced whole."
        ),
    ),
    "withdraw": ("Withdraw one of {path}", "A tombstone stays, and its history; the id is never used again."),
    "merge": ("Join a duplicate of {path}", "From then on its address leads to the record that stays (308)."),
    "confirm": (
        "Confirm one of {path}",
        "A force that takes part in it says that it was so on a day: an observation with a source of its own.",
    ),
}


def of_record(collection: Collection, verb: str) -> dict[str, Any]:
    """What FastAPI is told of the write of one record."""
    summary, description = _SAID[verb]
    name = collection.schema.__name__
    bodies = {
        "create": of_model(name),
        "replace": of_model(name),
        "amend": body(
            {
                "application/merge-patch+json": {"schema": {"type": "object"}},
                "application/json-patch+json": {
                    "schema": {"type": "array", "items": {"$ref": REF + PatchOperation.__name__}}
                },
            }
        ),
        "merge": of_model(Merging.__name__),
        "confirm": of_model(Confirmation.__name__),
    }
    problems = [*OF_WRITES, *(OF_BODIES if verb in bodies else ()), *(OF_CHANGES if verb != "create" else ())]
    return operation(
        f"{verb}_{collection.type.replace('-', '_')}",
        summary.format(path=collection.path),
        description,
        collection.path,
        answer=WriteAnswer.__name__,
        problems=problems,
        created=verb in ("create", "replace"),
        extra=bodies.get(verb),
    )


BATCH = operation(
    "write_revision",
    "Write several records as one revision",
    "All operations are carried out, or none. Records that are made here can be referred to here.",
    "writing",
    answer=RevisionWriteAnswer.__name__,
    problems=(*OF_WRITES, *OF_BODIES, *OF_CHANGES),
    created=True,
    extra=of_model(Batch.__name__),
)
REVERT = operation(
    "revert_revision",
    "Undo a revision",
    "What it made is withdrawn, and what it amended says again what it said; 409 names what was touched since.",
    "writing",
    answer=RevisionWriteAnswer.__name__,
    problems=(*OF_WRITES, "not-found"),
    created=True,
)
