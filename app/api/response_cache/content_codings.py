"""Content codings: which one a client takes (RFC 9110 section 12.5.3), and bodies in it."""

from functools import lru_cache

import cramjam
from anyio import to_thread

IDENTITY = ""
"""The body as it is."""
SMALLEST = 500
"""Bytes below which a body is sent as it is: packed it would not be one packet less."""
LONG = 64_000
"""Bytes from which a body is packed in a thread, for others wait meanwhile."""

_PACKED = {
    "zstd": lambda body: cramjam.zstd.compress(body, level=3),
    "br": lambda body: cramjam.brotli.compress(body, level=4),
    "gzip": lambda body: cramjam.gzip.compress(body, level=6),
}
"""In the order in which they are taken from a client that likes several as well: by what packing costs."""
CODINGS = tuple(_PACKED)


async def packed(body: bytes, coding: str) -> bytes:
    """The body in a coding: always the same bytes for the same body."""
    if len(body) < LONG:
        return _pack(body, coding)
    return await to_thread.run_sync(_pack, body, coding)


def _pack(body: bytes, coding: str) -> bytes:
    return bytes(_PACKED[coding](body))


@lru_cache(1000)
def coding_for(accept_encoding: bytes) -> str:
    """The coding that a client likes best of those there are; IDENTITY where it names none of them.

    `coding_for(b"gzip, deflate, br;q=0.5")` is "gzip".
    """
    wanted = dict(map(_weighed, accept_encoding.decode("latin-1").lower().split(",")))
    likings = {coding: wanted.get(coding, wanted.get("*", 0.0)) for coding in CODINGS}
    best = max(CODINGS, key=lambda coding: likings[coding])
    return best if likings[best] > 0 and likings[best] >= wanted.get("identity", 0.0) else IDENTITY


def _weighed(item: str) -> tuple[str, float]:
    name, _, parameters = item.partition(";")
    _, stated, weight = parameters.partition("q=")
    try:
        return name.strip(), float(weight) if stated else 1.0
    except ValueError:
        return name.strip(), 0.0
