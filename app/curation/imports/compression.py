"""Bodies sent in gzip, unpacked a piece at a time: what a few bytes swell to is never held."""

import zlib
from collections.abc import Iterator

from app.registry.problems import Fault, Unsupported

PIECE = 1_000_000
_GZIP = 16 + zlib.MAX_WBITS


class Gunzip:
    """Unpacks one body; several gzip files behind each other are one (RFC 1952 section 2.2)."""

    def __init__(self) -> None:
        self._inflation = zlib.decompressobj(_GZIP)

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """What the next bytes hold, at most PIECE at a time. Raises Unsupported."""
        try:
            while data:
                if self._inflation.eof:
                    self._inflation = zlib.decompressobj(_GZIP)
                yield self._inflation.decompress(data, PIECE)
                data = self._inflation.unconsumed_tail or self._inflation.unused_data
        except zlib.error as error:
            raise _broken("is not gzip, as Content-Encoding says") from error

    def rest(self) -> bytes:
        """What is left at the end. Raises Unsupported where the body broke off."""
        left = self._inflation.flush()
        if not self._inflation.eof:
            raise _broken("breaks off: its gzip has no end")
        return left


def _broken(message: str) -> Unsupported:
    return Unsupported("invalid-parameter", f"the body {message}", (Fault("body", message),))
