"""The layer: answers what is on the shelf, and lets the application make the rest."""

import asyncio
from dataclasses import dataclass

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.parameters import LONGEST_QUERY
from app.api.rate_limits import RateLimit, address_of
from app.api.response_cache.editions import Edition, Editions
from app.api.response_cache.held_answers import HeldAnswer, adding
from app.api.response_cache.kept_answers import END, AnswerShelf, KeptAnswer, MessagePair, coded
from app.api.response_cache.kept_paths import KeptPaths
from app.api.response_cache.request_keys import AnswerKey, AskedAnswer, asked_answer, literal_key


@dataclass(frozen=True)
class CacheTerms:
    """What is kept, and how: `room` in bytes, 0 for nothing; `prefix` of paths; `limit` by which reads are counted.

    `named`: the settings say under which address clients see the register.
    """

    paths: KeptPaths
    room: int
    prefix: str = ""
    named: bool = False
    limit: RateLimit | None = None


class ResponseCache:
    """Answers from the shelf of the newest edition, in the coding that the client likes best.

    What is not kept goes through unchanged. Every other answer is the same with and without the cache, byte for byte:
    the application is always asked in one form, and its answer always comes by way of the same code.
    """

    def __init__(self, app: ASGIApp, editions: Editions, terms: CacheTerms) -> None:
        self.app, self.editions, self.terms = app, editions, terms
        self._shelf: AnswerShelf | None = None
        self._making: dict[AnswerKey, asyncio.Event] = {}
        """What is being made, by what it will be looked up by."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        literal = literal_key(scope)
        if self._shelf is None or literal not in self._shelf.literal or self.terms.limit:
            await self._read(literal, scope, receive, send)
            return
        shelf = self._shelf_of(await self.editions.newest())
        if shelf is None or (found := shelf.at_once(literal)) is None:
            await self._read(literal, scope, receive, send)
            return
        await send(found.start)
        await send(found.body)

    async def _read(self, literal: AnswerKey, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request that has to be read first."""
        path = self._kept_path(scope)
        if path is None:
            await self.app(scope, receive, send)
            return
        asked = asked_answer(scope, path, literal, named=self.terms.named)
        if asked.authorised and self.terms.limit:
            await self.app(scope, receive, send)  # who asks is counted, and looked at for that
            return
        # before anything else is read: what is made from here on is of this edition, or of a newer one
        shelf = self._shelf_of(await self.editions.newest()) if self.terms.room else None
        answer = shelf.get(asked.key) if shelf is not None and _reached(asked, shelf.edition) else None
        if shelf is not None and answer is None and (made := self._making.get(asked.key)):
            await made.wait()  # it is being made for another: that takes no longer, and is done once
            answer = shelf.get(asked.key)
        if answer is not None and await self._answer(answer, asked, shelf, scope, send):
            return
        made = self._making[asked.key] = asyncio.Event()
        try:
            await self._make(asked, shelf, scope, receive, send)
        finally:
            if self._making.get(asked.key) is made:
                del self._making[asked.key]
            made.set()

    def _kept_path(self, scope: Scope) -> str | None:
        """The path below the prefix, if what is asked for may be kept."""
        if scope["method"] not in ("GET", "HEAD"):
            return None
        path: str = scope["path"]
        if self.terms.prefix:
            path = path.removeprefix(self.terms.prefix)
        if path[-1:] == "/":
            path = path.rstrip("/")
        return path if path in self.terms.paths and len(scope["query_string"]) <= LONGEST_QUERY else None

    def _shelf_of(self, edition: Edition | None) -> AnswerShelf | None:
        """The shelf of the edition: of another one, nothing can be asked for any more."""
        if edition is None:
            return None
        if self._shelf is None or (edition is not self._shelf.edition and edition != self._shelf.edition):
            self._shelf = AnswerShelf(edition, self.terms.room)
        return self._shelf

    async def _answer(
        self, answer: KeptAnswer, asked: AskedAnswer, shelf: AnswerShelf | None, scope: Scope, send: Send
    ) -> bool:
        """Send the answer from the shelf; False where the application has to make it."""
        tag = answer.known(asked.known, asked.coding) if asked.known else None
        if tag is None and answer.body is None:
            return False
        if self.terms.limit:
            allowance = self.terms.limit.spend(address_of(HTTPConnection(scope)))
            if allowance is None:
                return False  # the application says that it is one too many
            send = adding(send, [(name.lower().encode(), value.encode()) for name, value in allowance.headers.items()])
        await _send(answer, asked, shelf, send)
        return True

    async def _make(
        self, asked: AskedAnswer, shelf: AnswerShelf | None, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Have the application make the answer; it is kept if it is one to keep."""
        held = HeldAnswer(send)
        await self.app(_in_one_form(scope, asked), receive, held.send)
        if (answer := held.answer) is None:
            return
        if shelf is not None and not (answer.body is None and shelf.get(asked.key)):
            shelf.put(asked.key, answer)
        await _send(answer, asked, shelf, adding(send, held.of_caller) if held.of_caller else send)


async def _send(answer: KeptAnswer, asked: AskedAnswer, shelf: AnswerShelf | None, send: Send) -> None:
    """Send the answer, or that it is unchanged."""
    tag = answer.known(asked.known, asked.coding) if asked.known else None
    if tag is not None:
        start, body = answer.unchanged(tag), END
    else:
        ready = answer.ready.get(asked.coding)
        if ready is None:
            ready = await answer.in_coding(asked.coding)
            if shelf is not None:
                shelf.put(asked.key, answer)
        start, body = ready.start, ready.body
    if shelf is not None:
        shelf.remember(asked.literal, MessagePair(asked.key, start, body))
    await send(start)
    await send(body)


def _reached(asked: AskedAnswer, edition: Edition) -> bool:
    """Whether the register has reached the revision that the client wants; what is no number, the application says."""
    stated = asked.reached
    return stated is None or (stated.isdigit() and len(stated) < 10 and int(stated) <= edition.revision)


def _in_one_form(scope: Scope, asked: AskedAnswer) -> Scope:
    """The request as the application is asked: the tag that the client knows is that of the answer as it is."""
    scope = {**scope, "query_string": asked.query}
    if asked.known and asked.coding:
        plain = asked.known.replace(coded(b'"', asked.coding), b'"')
        scope["headers"] = [(name, plain if name == b"if-none-match" else value) for name, value in scope["headers"]]
    return scope
