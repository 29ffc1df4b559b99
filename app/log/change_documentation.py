"""What the OpenAPI document says of what changed."""

from typing import Any

from pydantic import Field
from pydantic.json_schema import models_json_schema

from app.api.components import REF
from app.api.documentation import OperationWords, fixed_operation
from app.api.envelopes import Described, Links, Meta
from app.log.change_queries import FORMS, ChangesQuery, FollowQuery
from app.log.schemas import ChangeEntry
from app.registry.documents.canonical import Document

DECLARED = ("history-forked",)
TAG = "changes"
_TEXT: Document = {"schema": {"type": "string"}}


class ChangesMeta(Meta):
    """The clocks that applied, and where to go on."""

    bookmark: str
    """Where this answer ends: `after=` with it answers what came later, though a filter lets nothing through."""


class ChangesAnswer(Described):
    """A page of what changed."""

    data: list[ChangeEntry] = Field(description="The entries, oldest first.")
    meta: ChangesMeta
    links: Links


def schemas() -> Document:
    """The components that only these operations refer to."""
    _, described = models_json_schema([(ChangesAnswer, "validation")], ref_template=REF + "{model}")
    names = (ChangesAnswer.__name__, ChangesMeta.__name__, ChangeEntry.__name__)
    return {name: _open(described["$defs"][name]) for name in names}


def _open(schema: Document) -> Document:
    """A shape to which more may be added; every field is there."""
    found = {key: value for key, value in schema.items() if key != "additionalProperties"}
    return {**found, "required": [name for name in schema["properties"] if name != "presumed_for"]}


CHANGES: dict[str, Any] = fixed_operation(
    OperationWords(
        "list_changes",
        "What changed",
        "Each record that a revision changed is an entry, withdrawals and merges too, oldest first. Follow "
        "`links.next` until it is null, and later ask again with `after=` and `meta.bookmark`: nothing is missed or "
        "told twice.",
    ),
    {
        FORMS["json"]: {"schema": {"$ref": REF + ChangesAnswer.__name__}},
        **{media_type: _TEXT for form, media_type in FORMS.items() if form != "json"},
    },
    tag=TAG,
    problems=DECLARED,
    query=ChangesQuery,
)
EVENTS: dict[str, Any] = fixed_operation(
    OperationWords(
        "follow_changes",
        "What changes, as it happens",
        "Server-sent events without end. `change` is an entry of `/v1/changes`; `progress`, every 15 seconds and once "
        "all is told, says how far that is. The `id` of each is a cursor: send the last as `Last-Event-ID`, or as "
        "`after`. Without either it begins now.",
    ),
    {"text/event-stream": _TEXT},
    tag=TAG,
    problems=DECLARED,
    query=FollowQuery,
    parameters=[
        {
            "name": "Last-Event-ID",
            "in": "header",
            "required": False,
            "description": "The `id` of the last event that came; goes before `after`.",
            "schema": {"type": "string"},
        }
    ],
    kept=False,
)
