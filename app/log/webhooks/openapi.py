"""What the OpenAPI document says of webhooks: how to subscribe, and what is then posted."""

from typing import Any

from pydantic import Field
from pydantic.json_schema import models_json_schema

from app.api import documentation
from app.api.components import REF
from app.api.envelopes import Described, Links
from app.api.problem_types import TYPES
from app.log.webhooks.notices import EVENT
from app.log.webhooks.schemas import (
    DeliveryAttempt,
    NoticeChange,
    NoticeData,
    NoticeRecord,
    ReplayRequest,
    WebhookAnswer,
    WebhookNotice,
    WebhookRequest,
)
from app.registry.documents.canonical import Document

PROBLEMS = ("unauthenticated", "not-allowed", "too-many-requests")
OF_BODIES = ("content-too-large", "unsupported-media-type")
DECLARED = (*PROBLEMS, *OF_BODIES, "not-found")
TAG: Document = {"name": "webhooks", "description": "Who is told of changes; for administrators."}


class WebhookList(Described):
    """All webhooks."""

    data: list[WebhookAnswer] = Field(description="The webhooks, the oldest first.")
    links: Links


class WebhookWithAttempts(WebhookAnswer):
    """A subscription, and what came of it."""

    attempts: list[DeliveryAttempt]
    """The last attempts, newest first."""


class WebhookDetail(Described):
    """One webhook."""

    data: WebhookWithAttempts
    links: Links


class WebhookWithSecret(WebhookAnswer):
    """A subscription, with what is shown once."""

    secret: str = ""
    """The secret by which signatures `v1` are verified: `whsec_` and base64. Shown when it is made, and never again,
    also where the request is sent again with the same `Idempotency-Key`: who did not get it rotates it.
    """


class WebhookChanged(Described):
    """A webhook that was made or changed."""

    data: WebhookWithSecret
    links: Links


_MODELS = (WebhookList, WebhookDetail, WebhookChanged, WebhookRequest, ReplayRequest, WebhookNotice)
_NAMES = {
    model.__name__
    for model in (*_MODELS, WebhookAnswer, WebhookWithAttempts, WebhookWithSecret, DeliveryAttempt, NoticeChange)
} | {NoticeData.__name__, NoticeRecord.__name__}


def schemas() -> Document:
    """The components that only these operations refer to."""
    _, described = models_json_schema([(model, "validation") for model in _MODELS], ref_template=REF + "{model}")
    return {name: _open(schema) for name, schema in described["$defs"].items() if name in _NAMES}


def _open(schema: Document) -> Document:
    """More may be added to what is answered; what is sent is read strictly all the same."""
    return {key: value for key, value in schema.items() if key != "additionalProperties"}


_SAID = {
    "listed": ("list_webhooks", "List webhooks", "All of them, with their states.", WebhookList, None),
    "one": ("get_webhook", "Read a webhook", "Its state, and its last attempts.", WebhookDetail, None),
    "create": (
        "create_webhook",
        "Make a webhook",
        "The secret is in this answer, and nowhere else. `registry deliver` calls it.",
        WebhookChanged,
        WebhookRequest,
    ),
    "rotate": (
        "rotate_webhook",
        "Give a webhook a new secret",
        "The old one signs too for a day.",
        WebhookChanged,
        None,
    ),
    "replay": (
        "replay_webhook",
        "Tell changes again",
        "From a revision on, and switches it on if it is off.",
        WebhookChanged,
        ReplayRequest,
    ),
    "revoke": ("revoke_webhook", "End a webhook", "At once; nothing of it is kept.", None, None),
}


def of(verb: str) -> dict[str, Any]:
    """What FastAPI is told of an endpoint."""
    operation_id, summary, description, answer, body = _SAID[verb]
    responses: dict[int | str, Document] = {}
    if answer:
        content = {"application/json": {"schema": {"$ref": REF + answer.__name__}}}
        responses[201 if verb == "create" else 200] = {"description": "The answer.", "content": content}
    else:
        responses[204] = {"description": "It is revoked."}
    once = ("conflict",) if verb in ("create", "rotate") else ()
    problems = (*documentation.ALWAYS, *PROBLEMS, *(OF_BODIES if body else ()), *once)
    for slug in (*problems, *(() if verb in ("listed", "create") else ("not-found",))):
        responses.setdefault(TYPES[slug].status, documentation.problem_reference(slug))
    sent = (
        {"required": True, "content": {"application/json": {"schema": {"$ref": REF + body.__name__}}}} if body else {}
    )
    return {
        "operation_id": operation_id,
        "summary": summary,
        "description": description,
        "tags": [TAG["name"]],
        "status_code": 201 if verb == "create" else 204 if verb == "revoke" else 200,
        "responses": responses,
        "openapi_extra": {"requestBody": sent} if sent else {},
    }


def _header(name: str, description: str) -> Document:
    return {
        "name": name,
        "in": "header",
        "required": True,
        "description": description,
        "schema": {"type": "string"},
    }


WEBHOOKS: Document = {
    EVENT: {
        "post": {
            "operationId": "receive_notice",
            "summary": "Something changed",
            "description": (
                "Posted to those who subscribed, signed as Standard Webhooks 1.0.0 says; at least once for each "
                "revision that changed what they asked for. It does not hold the data: read them at `data.url`."
            ),
            "tags": [TAG["name"]],
            "security": [],
            "parameters": [
                _header(
                    "webhook-id",
                    "The subscription and the revision, as a cursor; the same each time it is tried.",
                ),
                _header("webhook-timestamp", "When it was sent: seconds since 1970."),
                _header("webhook-signature", "`v1,` and an HMAC-SHA256, `v1a,` and an Ed25519 signature, in base64."),
            ],
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": {"$ref": REF + WebhookNotice.__name__}}},
            },
            "responses": {
                "2XX": {"description": "It was taken. Everything else is tried again, over three days."},
                "410": {"description": "No more, please: the subscription is switched off."},
            },
        }
    }
}
