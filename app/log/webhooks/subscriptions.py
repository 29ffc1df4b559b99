"""Subscriptions: made, shown, rotated, replayed and revoked."""

import asyncio
import json
import secrets
import string
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.orm import Session

from app.log.change_filters import PARAMETERS, ChangeFilter
from app.log.webhooks.models import ACTIVE, Webhook, WebhookAttempt
from app.log.webhooks.schedule import moment
from app.log.webhooks.secret_box import SecretBox, SigningKeys
from app.registry.documents.canonical import Document
from app.registry.problems import Fault, NotFound, Unsupported
from app.registry.records import Revision
from app.web_addresses import ForbiddenError, places_of, web_address

ID_LENGTH, LONGEST_URL = 10, 2000
BOTH_SIGN_FOR = 86_400
"""Seconds after a rotation in which notices are signed with the secret before it too."""
SHOWN_ATTEMPTS = 20
_LETTERS = string.ascii_lowercase + string.digits


def create(
    session: Session, box: SecretBox, url: str, filters: Mapping[str, str], start: int | None, *, private: bool
) -> tuple[Webhook, str]:
    """A new subscription that is told what comes after the revision `start`, else after the newest; and its secret.

    Raises Unsupported for an address that is not asked, and for filters that name nothing.
    """
    refuse_address(url, private=private)
    given = {name: filters[name] for name in PARAMETERS if filters.get(name)}
    ChangeFilter.of(session.connection(), given)
    identity, keys = f"w-{''.join(secrets.choice(_LETTERS) for _ in range(ID_LENGTH))}", SigningKeys.new()
    found = Webhook(
        id=identity,
        url=url,
        filters=json.dumps(given),
        sealed=box.seal(keys, identity),
        public_key=keys.shown_public_key,
        state=ACTIVE,
        position=(position := _position(session, start)),
        told=position,
        created=moment(),
        failures=0,
        next_attempt=moment(),
    )
    session.add(found)
    session.flush()
    return found, keys.shown_secret


def refuse_address(url: str, *, private: bool) -> None:
    """Raise Unsupported for an address to which nothing is posted; each time it is looked at again where it leads."""
    try:
        address = web_address(url)
        if address.scheme != "https" and not private:
            raise ForbiddenError("is not https")
        if len(url) > LONGEST_URL:
            raise ForbiddenError(f"is longer than {LONGEST_URL} characters")
        asyncio.run(places_of(address, private))
    except ForbiddenError as error:
        raise Unsupported("invalid-parameter", f"the address {error}", (Fault("body/url", str(error)),)) from error
    except OSError:
        pass  # its name may come to lead somewhere


def _position(session: Session, start: int | None) -> int:
    newest = session.execute(select(func.coalesce(func.max(Revision.number), 0))).scalar_one()
    if start is not None and start > newest:
        message = f"is later than the newest revision, {newest}"
        raise Unsupported("invalid-parameter", f"after {message}", (Fault("body/after", message),))
    return int(newest) if start is None else start


def held(session: Session, webhook_id: str) -> Webhook:
    """The subscription. Raises NotFound."""
    found = session.get(Webhook, webhook_id, with_for_update=True)
    if found is None:
        raise NotFound(f"there is no webhook '{webhook_id[:40]}'")
    return found


def rotate(session: Session, box: SecretBox, webhook_id: str) -> tuple[Webhook, str]:
    """Give a subscription a new secret and a new key; the old ones sign too for a day. Raises NotFound."""
    found, keys = held(session, webhook_id), SigningKeys.new()
    found.previous_sealed, found.previous_until = found.sealed, moment(BOTH_SIGN_FOR)
    found.sealed, found.public_key = box.seal(keys, found.id), keys.shown_public_key
    return found, keys.shown_secret


def replay(session: Session, webhook_id: str, after: int) -> Webhook:
    """Tell all that came after a revision, again too, and switch it on if it is off. Raises NotFound, Unsupported."""
    found = held(session, webhook_id)
    found.position = found.told = _position(session, after)
    found.state, found.reason = ACTIVE, None
    found.failures, found.failing_since, found.next_attempt = 0, None, moment()
    # what is under way was of before: it must not say how far the subscription is
    found.lease = found.leased_until = None
    return found


def revoke(session: Session, webhook_id: str) -> None:
    """End a subscription: nothing of it is kept. Raises NotFound."""
    found = held(session, webhook_id)
    session.execute(delete(WebhookAttempt).where(WebhookAttempt.webhook_id == webhook_id))
    session.delete(found)


def listed(connection: Connection) -> list[Document]:
    """All subscriptions, the oldest first."""
    rows = connection.execute(select(*Webhook.__table__.c).order_by(Webhook.created, Webhook.id))
    return [described(row) for row in rows]


def described(row: Any) -> Document:
    """A subscription as answers have it: nothing secret."""
    names = ("id", "url", "state", "reason", "public_key", "position", "created", "failures", "failing_since")
    found = {name: getattr(row, name) for name in names}
    due = row.next_attempt if row.state == ACTIVE else None
    return {**found, "filters": json.loads(row.filters), "next_attempt": due}


def shown(connection: Connection, webhook_id: str) -> Document:
    """A subscription, with its last attempts, newest first. Raises NotFound."""
    row = connection.execute(select(*Webhook.__table__.c).where(Webhook.id == webhook_id)).first()
    if row is None:
        raise NotFound(f"there is no webhook '{webhook_id[:40]}'")
    columns = [column for column in WebhookAttempt.__table__.c if column.name not in ("pk", "webhook_id")]
    asked = select(*columns).where(WebhookAttempt.webhook_id == webhook_id).order_by(WebhookAttempt.pk.desc())
    attempts = [dict(each._mapping) for each in connection.execute(asked.limit(SHOWN_ATTEMPTS))]
    return {**described(row), "attempts": attempts}
