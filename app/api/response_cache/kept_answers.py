"""Answers that are kept, ready to be sent in every coding, and the shelf of an edition that they stand on."""

from collections import OrderedDict
from collections.abc import Iterable
from typing import NamedTuple

from starlette.types import Message

from app.api.response_cache.content_codings import IDENTITY, SMALLEST, packed
from app.api.response_cache.editions import Edition
from app.api.response_cache.request_keys import AnswerKey

SentHeaders = tuple[tuple[bytes, bytes], ...]
OF_BODY = frozenset({b"content-type", b"content-length", b"content-encoding", b"content-disposition"})
"""Headers that a 304 goes without (RFC 9110 section 15.4.5)."""
OVERHEAD = 3_000
"""Bytes of memory that an answer takes besides its body and its headers."""
MOST_LITERAL, LONGEST_LITERAL = 4, 400
"""Requests that are answered with one answer at once, and bytes of their parts; others are read first."""
END: Message = {"type": "http.response.body", "body": b""}


class ReadyAnswer(NamedTuple):
    """An answer in one coding, as the server takes it."""

    tag: bytes
    start: Message
    body: Message

    @property
    def size(self) -> int:
        """Bytes of its body."""
        return len(self.body["body"])


class KeptAnswer:
    """An answer of the application: 200 with its body, or of a 304 the headers alone."""

    def __init__(self, headers: Iterable[tuple[bytes, bytes]], body: bytes | None) -> None:
        stated = {name.lower(): value for name, value in headers}
        self.tag = stated.pop(b"etag")
        stated.pop(b"content-length", None)
        stated[b"vary"] = b", ".join(filter(None, (stated.pop(b"vary", b""), b"Accept-Encoding")))
        self.head: SentHeaders = tuple(stated.items())
        self.body = body
        self.ready: dict[str, ReadyAnswer] = {}
        self.literal: list[AnswerKey] = []
        """Requests, as they came, that are answered with it at once."""
        self._unchanged: dict[bytes, Message] = {}

    @property
    def size(self) -> int:
        """Bytes of memory that it takes, about."""
        bodies = {id(each.body): each.size for each in self.ready.values()}
        return OVERHEAD + len(self.body or b"") + sum(bodies.values())

    async def in_coding(self, coding: str) -> ReadyAnswer:
        """The answer in a coding; as it is where it is short. Its tag names the coding, for the bytes are others."""
        if (found := self.ready.get(coding)) is None:
            found = self.ready[coding] = await self._made(coding)
        return found

    async def _made(self, coding: str) -> ReadyAnswer:
        body = self.body or b""
        if coding == IDENTITY or len(body) < SMALLEST:
            return self.ready.get(IDENTITY) or _ready(self.head, self.tag, body)
        head = (*self.head, (b"content-encoding", coding.encode()))
        return _ready(head, coded(self.tag, coding), await packed(body, coding))

    def unchanged(self, tag: bytes) -> Message:
        """304 for a client that has the answer with this tag."""
        if (found := self._unchanged.get(tag)) is None:
            headers = tuple(item for item in self.head if item[0] not in OF_BODY)
            found = {"type": "http.response.start", "status": 304, "headers": (*headers, (b"etag", tag))}
            self._unchanged[tag] = found
        return found

    def known(self, tags: bytes, coding: str) -> bytes | None:
        """Which tag of this answer `If-None-Match` names (RFC 9110 section 13.1.2): in the coding, or as it is."""
        own = coded(self.tag, coding) if coding else self.tag
        if tags == own:
            return own
        named = [each.strip().removeprefix(b"W/") for each in tags.split(b",")]
        return next((tag for tag in (own, self.tag) if tag in named or named == [b"*"]), None)


def coded(tag: bytes, coding: str) -> bytes:
    """The tag of an answer in a coding: `"17-5f3a9c-br"`."""
    return tag[:-1] + b"-" + coding.encode() + b'"'


def _ready(head: SentHeaders, tag: bytes, body: bytes) -> ReadyAnswer:
    headers = (*head, (b"etag", tag), (b"content-length", str(len(body)).encode()))
    start = {"type": "http.response.start", "status": 200, "headers": headers}
    return ReadyAnswer(tag, start, {"type": "http.response.body", "body": body})


class MessagePair(NamedTuple):
    """An answer as it is sent, and what it is kept by."""

    key: AnswerKey
    start: Message
    body: Message


class AnswerShelf:
    """The answers of one edition, at most `room` bytes of them; what was longest not asked for goes first."""

    def __init__(self, edition: Edition, room: int) -> None:
        self.edition, self.room, self.taken = edition, room, 0
        self._answers: OrderedDict[AnswerKey, tuple[KeptAnswer, int]] = OrderedDict()
        self.literal: dict[AnswerKey, MessagePair] = {}
        """What requests were answered with that came just so."""

    def __len__(self) -> int:
        return len(self._answers)

    def get(self, key: AnswerKey) -> KeptAnswer | None:
        """The answer kept by this key."""
        found = self._answers.get(key)
        if found is None:
            return None
        self._answers.move_to_end(key)
        return found[0]

    def at_once(self, literal: AnswerKey) -> MessagePair | None:
        """What a request that came just so was answered with."""
        if found := self.literal.get(literal):
            self._answers.move_to_end(found.key)
        return found

    def put(self, key: AnswerKey, answer: KeptAnswer) -> None:
        """Keep an answer, or what it has grown to; not if it would take the room of many."""
        self._forget(self._answers.pop(key, None))
        size = answer.size
        if size * 8 > self.room:
            return
        self._answers[key] = (answer, size)
        self.taken += size
        while self.taken > self.room:
            self._forget(self._answers.popitem(last=False)[1])

    def remember(self, literal: AnswerKey, sent: MessagePair) -> None:
        """Answer requests that come just so with this at once, as long as the answer is kept."""
        found = self._answers.get(sent.key)
        if found is None or len(found[0].literal) >= MOST_LITERAL or _length(literal) > LONGEST_LITERAL:
            return
        found[0].literal.append(literal)
        self.literal[literal] = sent

    def _forget(self, kept: tuple[KeptAnswer, int] | None) -> None:
        if kept is None:
            return
        answer, size = kept
        self.taken -= size
        for literal in answer.literal:
            self.literal.pop(literal, None)
        answer.literal.clear()


def _length(literal: AnswerKey) -> int:
    """Bytes of the parts of a request."""
    return sum(map(len, literal[1:3])) + sum(len(name) + len(value) for name, value in literal[-1])
