"""What `/v1/exports` and the manifests answer with."""

from app.registry.documents.shapes import Shape


class RevisionFacts(Shape):
    """The revision that a file holds."""

    number: int
    """Its number."""
    recorded: str
    """When it was recorded."""
    digest: str
    """Its digest in the registry's log, in hexadecimal."""


class Licence(Shape):
    """The terms under which the data may be used."""

    name: str
    """The SPDX identifier."""
    title: str
    """Its title."""
    url: str
    """Where it can be read."""


class RowCount(Shape):
    """How much of a collection there is."""

    collection: str
    """The path of the collection."""
    rows: int
    """How many records."""


class ExportFile(Shape):
    """A file that can be had."""

    file: str
    """Its name among the files."""
    format: str
    """ndjson · csv · jsonld · parquet."""
    media_type: str
    """Its media type."""
    text: str
    """What it is."""
    url: str
    """Where to get it, at this very revision and day."""
    manifest: str
    """Where to get its size and its SHA-256 digest."""
    collections: list[str]
    """The collections in it."""


class Exports(Shape):
    """The files with the whole register, and what all of them hold."""

    revision: RevisionFacts | None
    """The revision; null while the registry is empty."""
    as_of: str | None
    """The days asked for; null: everything ever recorded."""
    presumed_for: str | None
    """How long presumptions were taken to last; null: for ever."""
    licence: Licence
    """The terms of use."""
    rows: list[RowCount]
    """How many records each collection has, in the order in which a dataset loads."""
    files: list[ExportFile]
    """The files."""


class Manifest(Shape):
    """What is in one file, and how to check that it came whole."""

    file: str
    """Its name among the files."""
    url: str
    """Where to get it, at this very revision and day."""
    media_type: str
    """Its media type."""
    bytes: int
    """Its size."""
    sha256: str
    """Its SHA-256 digest, in hexadecimal."""
    revision: RevisionFacts | None
    """The revision; null while the registry is empty."""
    as_of: str | None
    """The days asked for; null: everything ever recorded."""
    presumed_for: str | None
    """How long presumptions were taken to last; null: for ever."""
    licence: Licence
    """The terms of use."""
    rows: list[RowCount]
    """How many records it has of each collection in it."""
