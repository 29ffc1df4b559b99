"""Parquet files with typed columns, written group by group: https://parquet.apache.org/docs/file-format/."""

from collections.abc import Iterator
from typing import Any

import orjson
import pyarrow as pa  # type: ignore[import-untyped]
from pyarrow import parquet

from app.catalogue import CATALOGUE
from app.exports.archive import zipped
from app.exports.arrow import Column, columns, reader, schema_of
from app.exports.extract import Extract
from app.registry.chunks import chunked
from app.registry.collection import Collection
from app.registry.documents.canonical import parse_json

GROUP, SLICE = 5_000, 250
"""Rows of a row group, and rows that are Python objects at one time."""


class Sink:
    """A file that hands on what is written to it."""

    closed = False

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, data: Any) -> int:
        """Take some bytes."""
        self.pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is kept back."""

    def taken(self) -> bytes:
        """What was written since the last time."""
        found, self.pieces = b"".join(self.pieces), []
        return found


def write_all(extract: Extract) -> Iterator[bytes]:
    """One Parquet file for each collection, in a zip."""
    members = ((f"{collection.path}.parquet", write(extract, collection)) for collection in CATALOGUE)
    return zipped(extract, members, level=0)


def write(extract: Extract, collection: Collection) -> Iterator[bytes]:
    """The Parquet file of a collection; revision, day and licence stand in its key-value metadata."""
    sink, found = Sink(), columns(collection.plan)
    schema = schema_of(found).with_metadata({name: orjson.dumps(said) for name, said in extract.facts().items()})
    slices = _slices(schema, found, extract.documents(collection))
    with parquet.ParquetWriter(pa.PythonFile(sink, "w"), schema) as writer:
        for group in chunked(slices, GROUP // SLICE):
            writer.write_table(pa.Table.from_batches(group), row_group_size=GROUP)
            yield sink.taken()
    yield sink.taken()


def _slices(schema: Any, found: list[Column], documents: Iterator[str]) -> Iterator[Any]:
    row = reader(found)
    for some in chunked(documents, SLICE):
        yield pa.RecordBatch.from_pylist([row(parse_json(document)) for document in some], schema)
