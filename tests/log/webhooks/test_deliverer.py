"""Subscribers are told of every revision, signed, whatever their receivers do and whoever delivers."""

import random
import threading
import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from app.database import reading
from app.log.cursors import end_of
from app.log.webhooks import deliverer, posts, schedule, subscriptions
from app.log.webhooks.deliverer import Deliverer
from app.log.webhooks.schedule import DELAYS, delay_after
from app.log.webhooks.secret_box import PUBLIC_PREFIX, SecretBox, SigningKeys
from app.registry.problems import Stale, Unsupported
from tests.log.webhooks.receiving import BASE, KEY, Behaviour, Received, Receiver, Subscribers, receiver, subscribers
from tests.registry_in_use import SOURCE, force, save, unit, withdraw


@pytest.fixture
def told() -> Iterator[Receiver]:
    with receiver() as found:
        yield found


@pytest.fixture
def here(database_url: str) -> Iterator[Subscribers]:
    save(database_url, SOURCE, force("alpha"), force("beta"))
    save(database_url, unit("dogs", "alpha", "beta"))
    withdraw(database_url, "force:beta")
    with subscribers(database_url) as found:
        yield found


def verify_asymmetric(public_key: str, received: Received) -> None:
    """As Standard Webhooks says of `v1a`; raises InvalidSignature."""
    key = Ed25519PublicKey.from_public_bytes(b64decode(public_key.removeprefix(PUBLIC_PREFIX)))
    named = received.headers
    content = f"{named['webhook-id']}.{named['webhook-timestamp']}.".encode() + received.body
    signatures = [each[4:] for each in named["webhook-signature"].split() if each.startswith("v1a,")]
    for each in signatures:
        try:
            return key.verify(b64decode(each), content)
        except InvalidSignature:
            pass
    raise InvalidSignature


def test_each_revision_is_told_thinly_and_once(here: Subscribers, told: Receiver) -> None:
    webhook, _ = here.subscribe(told.url)
    here.deliver_all()
    with reading(here.engine) as connection:
        cursors = [str(end_of(connection, number)) for number in (1, 2, 3)]
    assert [each.headers["webhook-id"] for each in told.received] == [f"{webhook}.{cursor}" for cursor in cursors]
    assert cursors[2][:2] == "3."
    assert told.received[2].notice == {
        "type": "register.changed",
        "timestamp": told.received[2].notice["timestamp"],
        "data": {
            "revision": 3,
            "after": 2,
            "changes": [
                {"record": {"type": "force", "id": "beta"}, "change": "withdrawn", "url": f"{BASE}/v1/forces/beta"}
            ],
            "complete": True,
            "url": f"{BASE}/v1/changes?after=2",
        },
    }
    assert (here.shown(webhook)["position"], len(here.shown(webhook)["attempts"])) == (3, 3)


def test_filters_hold_and_gaps_show(here: Subscribers, told: Receiver) -> None:
    here.subscribe(told.url, type="force")
    here.deliver_all()
    assert [(each.revision, each.notice["data"]["after"]) for each in told.received] == [(1, 0), (3, 1)]
    assert told.received[1].notice["data"]["url"] == f"{BASE}/v1/changes?type=force&after=1"


def test_who_subscribes_now_is_told_what_comes(here: Subscribers, told: Receiver) -> None:
    here.subscribe(told.url, after=None)
    here.deliver_all()
    assert told.received == []


def test_both_signatures_are_as_their_standard_says(here: Subscribers, told: Receiver) -> None:
    webhook, secret = here.subscribe(told.url)
    here.deliver_all()
    first = told.received[0]
    assert Verifier(secret).verify(first.body.decode(), first.headers) == first.notice
    verify_asymmetric(here.shown(webhook)["public_key"], first)
    with pytest.raises(WebhookVerificationError):
        Verifier(secret).verify(first.body.decode() + " ", first.headers)
    with pytest.raises(InvalidSignature):
        verify_asymmetric(here.shown(webhook)["public_key"], first._replace(body=first.body + b" "))


def test_after_a_rotation_both_secrets_are_good_for_a_day(
    here: Subscribers, told: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook, old = here.subscribe(told.url)
    before = here.shown(webhook)["public_key"]
    new = here.change(subscriptions.rotate, here.box, webhook)
    here.deliver_all()
    for secret in (old, new):
        Verifier(secret).verify(told.received[0].body.decode(), told.received[0].headers)
    for key in (before, here.shown(webhook)["public_key"]):
        verify_asymmetric(key, told.received[0])
    monkeypatch.setattr(subscriptions, "BOTH_SIGN_FOR", -1)
    newest = here.change(subscriptions.rotate, here.box, webhook)
    here.change(subscriptions.replay, webhook, 2)
    here.deliver_all()
    Verifier(newest).verify(told.received[-1].body.decode(), told.received[-1].headers)
    with pytest.raises(WebhookVerificationError):
        Verifier(new).verify(told.received[-1].body.decode(), told.received[-1].headers)


def test_secrets_are_sealed(here: Subscribers, told: Receiver) -> None:
    keys = SigningKeys.new()
    sealed = here.box.seal(keys, "w-1")
    assert here.box.open(sealed, "w-1") == keys
    for box, webhook in ((SecretBox("x" * 32), "w-1"), (here.box, "w-2")):
        with pytest.raises(Stale, match="REGISTRY_WEBHOOK_KEY"):
            box.open(sealed, webhook)


def test_a_secret_that_cannot_be_opened_keeps_no_other_waiting(here: Subscribers, told: Receiver) -> None:
    webhook, _ = here.subscribe(told.url)
    other = Deliverer(here.engine, SecretBox("x" * 32), BASE, private=True)
    assert other.deliver_one() is not None
    assert other.deliver_one() is None
    assert "REGISTRY_WEBHOOK_KEY" in here.shown(webhook)["attempts"][0]["error"]
    assert told.received == []


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        (Behaviour(500), "answered 500"),
        (Behaviour(301, headers={"Location": "/other"}), "answered 301, and redirects are not followed"),
        (Behaviour(None), "Server disconnected without sending a response."),
        (Behaviour(204, seconds=1), "no answer in 0.3 seconds"),
    ],
)
def test_a_failure_is_kept_and_tried_again(
    here: Subscribers, told: Receiver, monkeypatch: pytest.MonkeyPatch, behaviour: Behaviour, error: str
) -> None:
    monkeypatch.setattr(posts, "TIMEOUT", 0.3)
    webhook, _ = here.subscribe(told.url, after=2)
    told.behave = lambda: behaviour
    here.deliver_all()
    shown = here.shown(webhook)
    assert (shown["state"], shown["failures"], shown["position"]) == ("active", 1, 2)
    assert [each["error"] for each in shown["attempts"]] == [error]
    told.behave = Behaviour
    here.change(subscriptions.replay, webhook, 2)
    here.deliver_all()
    assert (here.shown(webhook)["position"], here.shown(webhook)["failures"]) == (3, 0)
    assert told.received[0].body == told.received[-1].body


def test_410_ends_it_and_a_replay_begins_it_anew(here: Subscribers, told: Receiver) -> None:
    webhook, _ = here.subscribe(told.url)
    told.behave = lambda: Behaviour(410)
    here.deliver_all()
    shown = here.shown(webhook)
    assert (shown["state"], shown["next_attempt"], len(told.received)) == ("off", None, 1)
    assert shown["reason"] == "the receiver answered 410: it wants no more"
    told.behave = Behaviour
    here.change(subscriptions.replay, webhook, 1)
    here.deliver_all()
    assert [each.revision for each in told.taken] == [2, 3]


def test_it_is_switched_off_after_three_days(
    here: Subscribers, told: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliverer, "delay_after", lambda *given: None if delay_after(*given) is None else 0)
    webhook, _ = here.subscribe(told.url)
    told.behave = lambda: Behaviour(500)
    here.deliver_all()
    shown = here.shown(webhook)
    assert (shown["state"], len(told.received)) == ("off", len(DELAYS) + 1)
    assert shown["reason"].startswith(f"{len(DELAYS) + 1} attempts failed since {shown['failing_since']}; the last: ")


def test_the_schedule_is_three_days_long_and_uneven() -> None:
    assert 3 * 86_400 < sum(DELAYS) < 4 * 86_400
    first = {delay_after(1) for _ in range(50)}
    assert len(first) > 40
    assert all(delay and 4 <= delay <= 6 for delay in first)
    assert delay_after(len(DELAYS) + 1) is None


@pytest.mark.parametrize(
    ("status", "retry_after", "least", "most"),
    [
        (500, "3600", 4, 6),
        (503, "3600", 3600, 3600),
        (429, None, 60, 60),
        (429, "soon", 60, 60),
        (502, "999999999", 86_400, 86_400),
        (504, "Fri, 31 Dec 1999 23:59:59 GMT", 60, 60),
    ],
)
def test_a_busy_receiver_is_left_alone(status: int, retry_after: str | None, least: float, most: float) -> None:
    delay = delay_after(1, status, retry_after)
    assert delay is not None
    assert least <= delay <= most


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://example.org/", "is not https"),
        ("https://127.0.0.1/", "is in a private network"),
        ("https://[::1]/", "is in a private network"),
        ("https://169.254.169.254/latest", "is in a private network"),
        ("https://10.0.0.1/", "is in a private network"),
        ("https://localhost/", "is in a private network"),
        ("https://u:p@example.org/", "carries a user name"),
        ("ftp://example.org/", "is not an address of the web"),
    ],
)
def test_addresses_within_are_refused(url: str, reason: str) -> None:
    with pytest.raises(Unsupported, match=reason):
        subscriptions.refuse_address(url, private=False)


def test_where_a_name_leads_is_looked_at_each_time(here: Subscribers, told: Receiver) -> None:
    webhook, _ = here.subscribe(told.url.replace("127.0.0.1", "localhost"))
    careful = Deliverer(here.engine, SecretBox(KEY), BASE, private=False)
    assert careful.deliver_one() is not None
    assert (told.received, here.shown(webhook)["attempts"][0]["error"]) == ([], "the address is in a private network")


def test_what_is_under_way_when_it_is_replayed_or_revoked_says_nothing(here: Subscribers, told: Receiver) -> None:
    webhook, _ = here.subscribe(told.url, after=1)

    def meanwhile() -> Behaviour:
        told.behave = Behaviour
        here.change(subscriptions.replay, webhook, 0)
        return Behaviour()

    told.behave = meanwhile
    here.deliver_all()
    assert [each.revision for each in told.received] == [2, 1, 2, 3]
    here.change(subscriptions.revoke, webhook)
    assert here.deliverer.deliver_one() is None


def erratic(chance: random.Random) -> Callable[[], Behaviour]:
    """A receiver that fails, hangs and hangs up at random."""
    statuses = [204, 204, 204, 200, 500, 503, 302, None]
    return lambda: Behaviour(chance.choice(statuses), seconds=chance.choice([0, 0, 0, 0.01, 0.4]))


@contextmanager
def dying_deliverers(here: Subscribers, count: int, chance: random.Random) -> Iterator[None]:
    """So many at work, some of which die before they can say what came of it."""
    stop, settle = threading.Event(), here.deliverer._settle

    def work() -> None:
        while not stop.is_set():
            if here.deliverer.deliver_one() is None:
                time.sleep(0.01)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(here.deliverer, "_settle", lambda *given: settle(*given) if chance.random() > 0.1 else None)
        workers = [threading.Thread(target=work) for _ in range(count)]
        for worker in workers:
            worker.start()
        yield
        stop.set()
        for worker in workers:
            worker.join()


@pytest.mark.parametrize("deliverers", [1, 3])
def test_the_stream_is_the_same_for_one_deliverer_and_for_three(
    database_url: str, monkeypatch: pytest.MonkeyPatch, deliverers: int
) -> None:
    chance, rounds = random.Random(deliverers), 12
    monkeypatch.setattr(deliverer, "LEASE", 0.6)
    monkeypatch.setattr(posts, "TIMEOUT", 0.3)
    monkeypatch.setattr(schedule, "DELAYS", (0.02,) * 500)
    monkeypatch.setattr(schedule, "LEAST_WHEN_BUSY", 0.02)
    save(database_url, SOURCE, force("alpha"))
    newest = 1 + 2 * rounds
    with receiver() as told, subscribers(database_url) as here:
        told.behave = erratic(chance)
        every, _ = here.subscribe(told.url)
        units, _ = here.subscribe(told.url, type="joint-unit")
        with dying_deliverers(here, deliverers, chance):
            for number in range(rounds):
                save(database_url, unit(f"unit-{number}", "alpha"))
                save(database_url, force(f"force-{number}"))
            until = time.monotonic() + 90
            while any(here.shown(each)["position"] < newest for each in (every, units)):
                assert time.monotonic() < until
                time.sleep(0.05)
    for webhook, revisions in {every: [*range(1, newest + 1)], units: [*range(2, newest, 2)]}.items():
        taken = [each for each in told.taken if each.headers["webhook-id"].startswith(webhook)]
        assert sorted({each.revision for each in taken}) == revisions
        # the same bytes each time, and each names the one before
        assert len({(each.headers["webhook-id"], each.body) for each in taken}) == len(revisions)
        after = {each.revision: each.notice["data"]["after"] for each in taken}
        assert after == dict(zip(revisions, [0, *revisions], strict=False))
