"""Telling subscribers, from the log: at least once, by any number of deliverers, who share the work in the database.

A deliverer takes a subscription for itself for a minute, posts one notice, and says what came of it. Whichever it was,
the next one goes on where it stopped, so the stream of notices is the same for one deliverer and for three.
"""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import Engine, delete, func, or_, select
from sqlalchemy.orm import Session

from app.database import reading
from app.log.webhooks.models import ACTIVE, OFF, Webhook, WebhookAttempt
from app.log.webhooks.notices import Notice, Telling, next_notice
from app.log.webhooks.posts import PostResult, post
from app.log.webhooks.schedule import delay_after, moment
from app.log.webhooks.secret_box import SecretBox
from app.log.webhooks.signatures import signed_headers
from app.registry.problems import Problem
from app.registry.records import Revision

LEASE = 60.0
"""Seconds that a deliverer has for one notice: four times what a receiver may take."""
KEPT_ATTEMPTS = 100
GONE = 410


class Turn(NamedTuple):
    """A subscription that a deliverer has for itself, and until which revision it is to be told."""

    webhook: str
    lease: str
    url: str
    sealed: list[str]
    telling: Telling


class Delivered(NamedTuple):
    """What came of a turn: nothing was posted where nothing was asked for."""

    webhook: str
    revision: int
    result: PostResult | None


class Deliverer:
    """Tells the subscribers of one database; several may do so at once, in threads and on other machines."""

    def __init__(self, engine: Engine, box: SecretBox, base: str, *, private: bool) -> None:
        self.engine, self.box, self.base, self.private = engine, box, base, private

    def deliver_one(self) -> Delivered | None:
        """Tell one subscriber of one revision; None: no one is due."""
        with self._changing() as session:
            turn = self._take(session)
        if turn is None:
            return None
        delivered = self._deliver(turn)
        self._settle(turn, delivered)
        return delivered

    def _deliver(self, turn: Turn) -> Delivered:
        notice = Notice(turn.telling.position, None)
        try:
            with reading(self.engine) as connection:
                notice = next_notice(connection, turn.telling, self.base)
            result = None if notice.body is None else self._post(turn, notice.cursor, notice.body)
        except Problem as problem:  # its secret cannot be opened; others are told all the same
            result = PostResult(None, problem.detail, 0)
        return Delivered(turn.webhook, notice.revision, result)

    @contextmanager
    def _changing(self) -> Iterator[Session]:
        """A transaction beside the register: on PostgreSQL it does not wait for those who write there."""
        with Session(self.engine) as session, session.begin():
            yield session

    def _take(self, session: Session) -> Turn | None:
        """The subscription that has waited longest, of those that are due and that no one else has."""
        newest = session.execute(select(func.coalesce(func.max(Revision.number), 0))).scalar_one()
        now = moment()
        asked = (
            select(Webhook)
            .where(Webhook.state == ACTIVE, Webhook.next_attempt <= now, Webhook.position < newest)
            .where(or_(Webhook.leased_until.is_(None), Webhook.leased_until < now))
            .order_by(Webhook.next_attempt, Webhook.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        found = session.scalars(asked).first()
        if found is None:
            return None
        found.lease, found.leased_until = secrets.token_hex(16), moment(LEASE)
        sealed = [found.sealed]
        if found.previous_sealed and (found.previous_until or "") > now:
            sealed.append(found.previous_sealed)
        telling = Telling(json.loads(found.filters), found.told, found.position, newest)
        return Turn(found.id, found.lease, found.url, sealed, telling)

    def _post(self, turn: Turn, cursor: str, body: bytes) -> PostResult:
        seconds = int(datetime.now(UTC).timestamp())
        keys = [self.box.open(each, turn.webhook) for each in turn.sealed]
        headers = signed_headers(f"{turn.webhook}.{cursor}", seconds, body, keys)
        return post(turn.url, headers, body, private=self.private)

    def _settle(self, turn: Turn, delivered: Delivered) -> None:
        """Say what came of it, unless another has the subscription by now, or it was replayed or revoked."""
        with self._changing() as session:
            mine = select(Webhook).where(Webhook.id == turn.webhook, Webhook.lease == turn.lease).with_for_update()
            found = session.scalars(mine).first()
            if found is None:
                return
            found.lease = found.leased_until = None
            result = delivered.result
            if result is None:
                found.position = delivered.revision
            elif result.error is None:
                found.position = found.told = delivered.revision
                found.next_attempt, found.failures, found.failing_since = moment(), 0, None
            else:
                _fail(found, result)
            if result is not None:
                _note(session, turn.webhook, delivered.revision, result)


def _fail(found: Webhook, result: PostResult) -> None:
    found.failures += 1
    found.failing_since = found.failing_since or moment()
    delay = delay_after(found.failures, result.status, result.retry_after)
    if result.status == GONE:
        found.state, found.reason = OFF, "the receiver answered 410: it wants no more"
    elif delay is None:
        found.state = OFF
        found.reason = f"{found.failures} attempts failed since {found.failing_since}; the last: {result.error}"
    else:
        found.next_attempt = moment(delay)


def _note(session: Session, webhook: str, revision: int, result: PostResult) -> None:
    """Keep the attempt among the last ones."""
    session.add(
        WebhookAttempt(
            webhook_id=webhook,
            revision=revision,
            attempted=moment(),
            milliseconds=result.milliseconds,
            status=result.status,
            error=result.error,
        )
    )
    session.flush()
    own = select(WebhookAttempt.pk).where(WebhookAttempt.webhook_id == webhook).order_by(WebhookAttempt.pk.desc())
    oldest = session.scalars(own.offset(KEPT_ATTEMPTS).limit(1)).first()
    if oldest is not None:
        session.execute(delete(WebhookAttempt).where(WebhookAttempt.webhook_id == webhook, WebhookAttempt.pk <= oldest))
