"""`/v1/webhooks`: subscriptions, for administrators."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import orjson
from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from sqlalchemy.orm import Session

from app.api.callers import Scope, needs
from app.api.dependencies import Reads
from app.api.json_bodies import media_type, parsed, raw_body
from app.api.prefix import address, prefix_of, prefixed
from app.api.responses import JSON
from app.database import writing
from app.log.webhooks import openapi, subscriptions
from app.log.webhooks.models import Webhook
from app.log.webhooks.schemas import ReplayRequest, WebhookRequest
from app.log.webhooks.secret_box import SecretBox
from app.registry.documents.canonical import Document
from app.settings import Settings

PATH = "/v1/webhooks"
WebhookId = Annotated[str, Path(alias="id", description="The id of the webhook.", max_length=20)]
Changed = TypeVar("Changed")
WebhookBody = Annotated[bytes, Depends(raw_body)]


class WebhookEndpoints:
    """The endpoints, on one database."""

    def __init__(self, reads: Reads, settings: Settings) -> None:
        self.reads, self.settings = reads, settings

    def listed(self, request: Request) -> Response:
        """All webhooks."""
        with self.reads.connection() as connection:
            return _answer(request, subscriptions.listed(connection), PATH)

    def one(self, request: Request, webhook: WebhookId) -> Response:
        """One webhook, and what came of calling it."""
        with self.reads.connection() as connection:
            found = subscriptions.shown(connection, webhook)
        return _answer(request, found, f"{PATH}/{webhook}")

    def create(self, request: Request, body: WebhookBody) -> Response:
        """Make a webhook; its secret is shown this once."""
        media_type(request)
        wanted = _read(WebhookRequest, body)

        def work(session: Session, box: SecretBox) -> Document:
            private = self.settings.webhook_private
            made = subscriptions.create(session, box, wanted.url, wanted.filters, wanted.after, private=private)
            return _with_secret(*made)

        found = self._change(work)
        return _answer(request, found, f"{PATH}/{found['id']}", 201)

    def rotate(self, request: Request, webhook: WebhookId) -> Response:
        """Give a webhook a new secret, which is shown this once."""
        found = self._change(lambda session, box: _with_secret(*subscriptions.rotate(session, box, webhook)))
        return _answer(request, found, f"{PATH}/{webhook}")

    def replay(self, request: Request, webhook: WebhookId, body: WebhookBody) -> Response:
        """Tell changes again, and switch the webhook on."""
        media_type(request)
        after = _read(ReplayRequest, body).after
        found = self._change(lambda session, _: subscriptions.described(subscriptions.replay(session, webhook, after)))
        return _answer(request, found, f"{PATH}/{webhook}")

    def revoke(self, webhook: WebhookId) -> Response:
        """End a webhook."""
        self._change(lambda session, _: subscriptions.revoke(session, webhook))
        return Response(None, 204, {"Cache-Control": "no-store"})

    def _change(self, work: Callable[[Session, SecretBox], Changed]) -> Changed:
        with writing(self.reads.engine) as session:
            return work(session, SecretBox.of(session.connection(), self.settings.webhook_key))


def _with_secret(found: Webhook, secret: str) -> Document:
    return {**subscriptions.described(found), "secret": secret}


def _answer(request: Request, data: Any, here: str, status: int = 200) -> Response:
    # nobody may keep it: it is for administrators, and may hold a secret
    content = prefixed(orjson.dumps({"data": data, "links": {"self": here}}), JSON, prefix_of(request))
    headers = {"Cache-Control": "no-store"} | ({"Location": address(request, here)} if status == 201 else {})
    return Response(content, status, headers, JSON)


def _read(model: type[Any], body: bytes) -> Any:
    """The model that a body is. Raises Unsupported and RequestValidationError."""
    try:
        return model.model_validate(parsed(body))
    except ValidationError as error:
        faults = [{**fault, "loc": ("body", *fault["loc"])} for fault in error.errors(include_url=False)]
        raise RequestValidationError(faults) from error


def build(reads: Reads, settings: Settings) -> APIRouter:
    """The router of webhooks."""
    router, endpoints = APIRouter(prefix="/v1", default_response_class=Response), WebhookEndpoints(reads, settings)
    routes: list[tuple[str, str, Callable[..., Response]]] = [
        ("GET", "/webhooks", endpoints.listed),
        ("POST", "/webhooks", endpoints.create),
        ("GET", "/webhooks/{id}", endpoints.one),
        ("DELETE", "/webhooks/{id}", endpoints.revoke),
        ("POST", "/webhooks/{id}/rotate", endpoints.rotate),
        ("POST", "/webhooks/{id}/replay", endpoints.replay),
    ]
    for method, path, endpoint in routes:
        operation = openapi.of(endpoint.__name__)
        router.add_api_route(path, endpoint, methods=[method], dependencies=[needs(Scope.ADMIN)], **operation)
    return router
