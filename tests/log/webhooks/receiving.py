"""A receiver of webhooks that can be slow, fail, hang up, and redirect; and what a deliverer of the tests is."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from typing import Any, NamedTuple

from app.database import close, connect, reading, writing
from app.log.webhooks import subscriptions
from app.log.webhooks.deliverer import Deliverer
from app.log.webhooks.secret_box import SecretBox
from tests.web import listening

KEY = "k" * 32
BASE = "https://registry.example"


class Behaviour(NamedTuple):
    """How a post is answered; without status, the connection is closed instead."""

    status: int | None = 204
    seconds: float = 0
    headers: dict[str, str] = {}


class Received(NamedTuple):
    """A post that came in, and how it was answered."""

    headers: dict[str, str]
    body: bytes
    status: int | None

    @property
    def notice(self) -> Any:
        return json.loads(self.body)

    @property
    def revision(self) -> int:
        return int(self.notice["data"]["revision"])


class Receiver:
    """What came in, in its order; `behave` says how each is answered."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/hook"
        self.received: list[Received] = []
        self.behave: Callable[[], Behaviour] = Behaviour

    @property
    def taken(self) -> list[Received]:
        return [each for each in self.received if each.status and each.status < 300]


@contextmanager
def receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers["content-length"])
            body = self.rfile.read(size)
            if len(body) < size:
                return  # the other side gave up
            behaviour = running.behave()
            running.received.append(Received(dict(self.headers.items()), body, behaviour.status))
            time.sleep(behaviour.seconds)
            self.close_connection = True
            with suppress(OSError):  # the other side may have given up
                if behaviour.status:
                    self.send_response(behaviour.status)
                    for name, value in {**behaviour.headers, "Content-Length": "0"}.items():
                        self.send_header(name, value)
                    self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    with listening(Handler) as port:
        running = Receiver(port)
        yield running


class Subscribers:
    """Subscriptions of one database, and a deliverer."""

    def __init__(self, url: str) -> None:
        self.engine = connect(url)
        self.box = SecretBox(KEY)
        self.deliverer = Deliverer(self.engine, self.box, BASE, private=True)

    def subscribe(self, url: str, after: int | None = 0, **filters: str) -> tuple[str, str]:
        """A subscription: its id, and its secret."""
        with writing(self.engine) as session:
            found, secret = subscriptions.create(session, self.box, url, filters, after, private=True)
            return found.id, secret

    def change(self, verb: Callable[..., Any], *arguments: Any) -> Any:
        with writing(self.engine) as session:
            found = verb(session, *arguments)
            return found[1] if isinstance(found, tuple) else None

    def shown(self, webhook: str) -> Any:
        with reading(self.engine) as connection:
            return subscriptions.shown(connection, webhook)

    def deliver_all(self) -> None:
        while self.deliverer.deliver_one():
            pass


@contextmanager
def subscribers(url: str) -> Iterator[Subscribers]:
    found = Subscribers(url)
    try:
        yield found
    finally:
        close(found.engine)
