"""What is kept, by what, how much of it, and how it is packed."""

import asyncio
import gzip

import pytest

from app.api.response_cache.content_codings import coding_for, packed
from app.api.response_cache.editions import Edition
from app.api.response_cache.kept_answers import OVERHEAD, AnswerShelf, KeptAnswer, MessagePair
from app.api.response_cache.kept_paths import KeptPaths
from app.api.response_cache.request_keys import asked_answer, literal_key, one_form

EDITION = Edition(1, "2026-01-01T00:00:00.000000Z", "2026-01-02")


def answer(size: int = 1_000, tag: bytes = b'"1-a"') -> KeptAnswer:
    return KeptAnswer([(b"content-type", b"text/plain"), (b"ETag", tag), (b"content-length", b"1")], b"a" * size)


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/v1", True),
        ("/v1/forces", True),
        ("/v1/forces/kent", True),
        ("/v1/forces/kent/history", True),
        ("/v1/forces/kent/proof", False),
        ("/v1/forces/kent/history/1", False),
        ("/v1/history", False),
        ("/v1/bodies/kent", False),
        ("/", False),
        ("/v1/forces//history", True),  # the application says that this is no id
    ],
)
def test_paths_are_kept_that_are_listed(path: str, kept: bool) -> None:
    listed = KeptPaths(["/v1", "/v1/forces", "/v1/forces/{id}", "/v1/forces/{id}/history"])
    assert (path in listed) == kept


@pytest.mark.parametrize(
    ("query", "form"),
    [
        (b"limit=5&force=kent", b"force=kent&limit=5"),
        (b"force=all%3akent%2Cessex", b"force=all:kent,essex"),
        (b"name=a+b&&name=%61%20c", b"name=a+b&name=a+c"),
        (b"name=b&name=a", b"name=b&name=a"),
        (b"known_at=2026-01-01T00:00:00+00:00", b"known_at=2026-01-01T00:00:00+00:00"),
        (b"known_at=2026-01-01T00:00:00%2B00:00", b"known_at=2026-01-01T00:00:00%2B00:00"),
        (b"name=a%26b%3Dc", b"name=a%26b%3Dc"),
        # what is not well-formed is refused as it came
        (b"z=1&name=%zz", b"z=1&name=%zz"),
        (b"z=1&name=%e", b"z=1&name=%e"),
        (b"z=1&name=%ff", b"z=1&name=%ff"),
        (b"z=1&name", b"z=1&name"),
        (b"z=1&name=", b"name=&z=1"),
    ],
)
def test_one_form_of_a_query(query: bytes, form: bytes) -> None:
    assert one_form(query) == form
    assert one_form(form) == form


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        (b"gzip", "gzip"),
        (b"gzip, deflate, br, zstd", "zstd"),
        (b"GZIP;Q=1, br;q=0.5", "gzip"),
        (b"br;q=0", ""),
        (b"*", "zstd"),
        (b"*;q=0.5, zstd;q=0", "br"),
        (b"identity, gzip;q=0.5", ""),
        (b"deflate, compress", ""),
        (b"gzip;q=much", ""),
    ],
)
def test_the_coding_that_a_client_likes_best(accepted: bytes, coding: str) -> None:
    assert coding_for(accepted) == coding


def test_what_an_answer_depends_on_is_in_its_key() -> None:
    def key(*headers: tuple[bytes, bytes], named: bool = False, query: bytes = b"") -> object:
        scope = {
            "headers": headers,
            "query_string": query,
            "scheme": "http",
            "server": ("a", 1),
            "method": "GET",
            "path": "/",
        }
        return asked_answer(scope, "/v1/forces", literal_key(scope), named=named).key

    assert key((b"accept", b"text/csv, application/json;q=0.5")) == key(
        (b"accept", b"application/json; q=0.5,text/csv")
    )
    assert key((b"accept", b"text/csv")) != key()
    assert key() == key((b"accept", b"*/*"))
    assert key((b"host", b"a")) != key((b"host", b"b"))
    assert key((b"host", b"a"), named=True) == key((b"host", b"b"), named=True)
    assert key(query=b"limit=1") != key(query=b"limit=2")
    assert key((b"accept-encoding", b"gzip")) == key()


def test_a_shelf_has_so_much_room_and_lets_go_what_was_longest_not_asked_for() -> None:
    shelf = AnswerShelf(EDITION, 10 * (OVERHEAD + 1_000))
    for number in range(10):
        shelf.put((number,), answer())
    assert (len(shelf), shelf.taken) == (10, shelf.room)
    assert shelf.get((0,))
    shelf.put((10,), answer())
    assert (len(shelf), shelf.taken) == (10, shelf.room)
    assert shelf.get((0,))
    assert shelf.get((1,)) is None
    shelf.put((11,), answer(shelf.room // 8))
    assert shelf.get((11,)) is None
    shelf.put((0,), answer(2_000))
    assert shelf.taken <= shelf.room


def test_each_coding_is_made_once_and_has_a_tag_of_its_own() -> None:
    kept = answer()
    plain, zipped = (asyncio.run(kept.in_coding(coding)) for coding in ("", "gzip"))
    assert plain.body["body"] == b"a" * 1_000
    assert gzip.decompress(zipped.body["body"]) == b"a" * 1_000
    assert (plain.tag, zipped.tag) == (b'"1-a"', b'"1-a-gzip"')
    assert asyncio.run(kept.in_coding("gzip")) is zipped
    assert dict(zipped.start["headers"]) == {
        b"content-type": b"text/plain",
        b"vary": b"Accept-Encoding",
        b"content-encoding": b"gzip",
        b"etag": b'"1-a-gzip"',
        b"content-length": str(len(zipped.body["body"])).encode(),
    }
    assert kept.size == OVERHEAD + 2_000 + len(zipped.body["body"])
    assert asyncio.run(packed(b"a" * 100_000, "gzip")) == asyncio.run(packed(b"a" * 100_000, "gzip"))


def test_a_short_answer_is_sent_as_it_is() -> None:
    assert asyncio.run(answer(499).in_coding("br")).tag == b'"1-a"'
    assert asyncio.run(answer(500).in_coding("br")).tag == b'"1-a-br"'


@pytest.mark.parametrize(
    ("known", "coding", "tag"),
    [
        (b'"1-a-br"', "br", b'"1-a-br"'),
        (b'W/"1-a-br"', "br", b'"1-a-br"'),
        (b'"1-a"', "br", b'"1-a"'),
        (b'"2-b", "1-a"', "", b'"1-a"'),
        (b'"1-a-br"', "", None),  # these are other bytes
        (b'"1-a-br"', "gzip", None),
        (b"*", "gzip", b'"1-a-gzip"'),
        (b"1-a", "", None),
    ],
)
def test_which_answer_a_client_has(known: bytes, coding: str, tag: bytes | None) -> None:
    assert answer().known(known, coding) == tag


def test_unchanged_says_what_a_cache_needs_and_nothing_of_a_body() -> None:
    message = answer().unchanged(b'"1-a"')
    assert (message["status"], dict(message["headers"])) == (304, {b"vary": b"Accept-Encoding", b"etag": b'"1-a"'})


def test_a_request_that_came_just_so_is_answered_at_once_as_long_as_the_answer_is_kept() -> None:
    shelf = AnswerShelf(EDITION, 10 * (OVERHEAD + 1_000))
    shelf.put(("first",), answer())
    ready = asyncio.run(answer().in_coding(""))
    literals = [("GET", "/v1", str(number), "http", None, ()) for number in range(6)]
    for literal in literals:
        shelf.remember(literal, MessagePair(("first",), ready.start, ready.body))
    assert [shelf.at_once(literal) is not None for literal in literals] == [True] * 4 + [False] * 2
    shelf.put(("first",), answer(2_000))
    assert [shelf.at_once(literal) for literal in literals] == [None] * 6
    shelf.remember(literals[0], MessagePair(("first",), ready.start, ready.body))
    for number in range(11):
        shelf.at_once(literals[0])  # asked for all the time, it stays
        shelf.put((number,), answer())
    assert shelf.at_once(literals[0])
    for number in range(11):
        shelf.put((number,), answer())
    assert (shelf.at_once(literals[0]), shelf.literal) == (None, {})
    shelf.put(("first",), answer())
    shelf.remember(("GET", "/v1", "a" * 400, "http", None, ()), MessagePair(("first",), ready.start, ready.body))
    assert shelf.literal == {}
