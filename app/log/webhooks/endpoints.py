"""`/v1/webhooks`: subscriptions, for administrators."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import orjson
from fastapi import APIRouter, Depends, Header, Path, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from sqlalchemy.orm import Session

from app.api.callers import MaybeCaller, Scope, needs, required
from app.api.dependencies import Reads
from app.api.idempotency import Answered, Running, attempt, earlier_answer, keep
from app.api.json_bodies import media_type, parsed, raw_body
from app.api.prefix import address, prefix_of, prefixed
from app.api.responses import JSON
from app.database import writing
from app.log.webhooks import openapi, subscriptions
from app.log.webhooks.models import Webhook
from app.log.webhooks.schemas import ReplayRequest, WebhookRequest
from app.log.webhooks.secret_box import SecretBox
from app.settings import Settings

PATH = "/v1/webhooks"
WebhookId = Annotated[str, Path(alias="id", description="The id of the webhook.", max_length=20)]
Changed = TypeVar("Changed")
Secretive = Callable[[Session, SecretBox], tuple[Webhook, str]]
WebhookBody = Annotated[bytes, Depends(raw_body)]
OnceKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="Makes it safe to send the request again: it is carried out once. Kept for 30 days. An answer that "
        "is given again has no `secret`: that is shown once.",
    ),
]


class WebhookEndpoints:
    """The endpoints, on one database."""

    def __init__(self, reads: Reads, settings: Settings) -> None:
        self.reads, self.settings, self.running = reads, settings, Running()

    def listed(self, request: Request) -> Response:
        """All webhooks."""
        with self.reads.connection() as connection:
            return _answer(request, subscriptions.listed(connection), PATH)

    def one(self, request: Request, webhook: WebhookId) -> Response:
        """One webhook, and what came of calling it."""
        with self.reads.connection() as connection:
            found = subscriptions.shown(connection, webhook)
        return _answer(request, found, f"{PATH}/{webhook}")

    def create(self, request: Request, body: WebhookBody, caller: MaybeCaller, once: OnceKey = None) -> Response:
        """Make a webhook; its secret is shown this once."""
        media_type(request)
        wanted = _read(WebhookRequest, body)

        def work(session: Session, box: SecretBox) -> tuple[Webhook, str]:
            private = self.settings.webhook_private
            return subscriptions.create(session, box, wanted.url, wanted.filters, wanted.after, private=private)

        return self._shown_once(request, caller, once, body, work)

    def rotate(
        self, request: Request, webhook: WebhookId, body: WebhookBody, caller: MaybeCaller, once: OnceKey = None
    ) -> Response:
        """Give a webhook a new secret, which is shown this once."""
        return self._shown_once(
            request, caller, once, body, lambda session, box: subscriptions.rotate(session, box, webhook)
        )

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

    def _shown_once(
        self, request: Request, caller: MaybeCaller, key: str | None, body: bytes, work: Secretive
    ) -> Response:
        """Carry it out once; who sends it again with the same key is answered the same, but for the secret."""
        path, status = request.scope["path"], 201 if request.scope["path"] == PATH else 200
        wanted = attempt(required(caller, Scope.ADMIN).actor, key, request.method, path, body)
        with self.running.only_one(wanted), writing(self.reads.engine) as session:
            found = earlier_answer(session, wanted) if wanted else None
            if found is None:
                made, secret = work(session, SecretBox.of(session.connection(), self.settings.webhook_key))
                found = _answered(made, secret, status)
                if wanted:
                    keep(session, wanted, found)
        return _sent(request, found)

    def _change(self, work: Callable[[Session, SecretBox], Changed]) -> Changed:
        with writing(self.reads.engine) as session:
            return work(session, SecretBox.of(session.connection(), self.settings.webhook_key))


def _answered(made: Webhook, secret: str, status: int) -> Answered:
    """The answer that shows a secret; what is kept of it does not: nothing in the database may give it away."""
    here, said = f"{PATH}/{made.id}", subscriptions.described(made)
    bodies = [orjson.dumps({"data": data, "links": {"self": here}}) for data in ({**said, "secret": secret}, said)]
    return Answered(status, {"Location": here} if status == 201 else {}, bodies[0], kept_body=bodies[1])


def _sent(request: Request, found: Answered) -> Response:
    headers = {**found.headers, "Cache-Control": "no-store"}
    if "Location" in headers:
        headers["Location"] = address(request, headers["Location"])
    return Response(prefixed(found.body, JSON, prefix_of(request)), found.status, headers, JSON)


def _answer(request: Request, data: Any, here: str) -> Response:
    # nobody may keep it: it is for administrators
    content = prefixed(orjson.dumps({"data": data, "links": {"self": here}}), JSON, prefix_of(request))
    return Response(content, 200, {"Cache-Control": "no-store"}, JSON)


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
