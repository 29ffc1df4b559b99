"""Zip files, written as they are sent; the same content gives the same bytes."""

import zlib
from collections.abc import Iterable, Iterator
from stat import S_IFREG

from stream_zip import ZIP_32, ZIP_64, stream_zip

from app.exports.extract import Extract

MODE = S_IFREG | 0o644
MANY = 500_000
"""Rows from which on members are written in the form for more than 4 GiB, which not every program reads."""

Members = Iterable[tuple[str, Iterable[bytes]]]


def zipped(extract: Extract, members: Members, level: int = 6) -> Iterator[bytes]:
    """A zip file of members, each taken up when the one before is written. Level 0 only puts them together."""
    method = ZIP_64 if sum(extract.rows.values()) > MANY else ZIP_32
    files = ((name, extract.when.recorded_time, MODE, method, content) for name, content in members)
    yield from stream_zip(files, get_compressobj=lambda: zlib.compressobj(level, wbits=-zlib.MAX_WBITS))
