"""The files that there are, each with the way it is written."""

from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from typing import NamedTuple
from urllib.parse import urlsplit

from app.api.formats import MEDIA_TYPES, as_ndjson
from app.api.prefix import prefixed
from app.catalogue import CATALOGUE
from app.exports import data_package, jsonld
from app.exports.extract import Extract
from app.registry.collection import Collection

PARQUET, ZIP = "application/vnd.apache.parquet", "application/zip"


class File(NamedTuple):
    """A file: what it is, which collections it has, and how it is written."""

    name: str
    format: str
    media_type: str
    text: str
    collections: tuple[str, ...]
    write: Callable[[Extract], Iterator[bytes]]

    def named(self, extract: Extract) -> str:
        """The name to keep it under: it says the revision, and the days if any are asked for."""
        stem, _, ending = self.name.partition(".")
        when = extract.when
        return f"{stem}-r{when.revision}{when.named}.{ending}"


def _lines(extract: Extract) -> Iterator[bytes]:
    prefix = urlsplit(extract.base).path
    for collection in CATALOGUE:
        for line in as_ndjson(extract.documents(collection)):
            yield prefixed(line, MEDIA_TYPES["ndjson"], prefix)


def _parquet(extract: Extract, collection: Collection | None = None) -> Iterator[bytes]:
    # Arrow takes 60 MB and a third of a second to load, and hardly any process writes such a file
    parquet = import_module("app.exports.parquet")
    written: Iterator[bytes] = parquet.write(extract, collection) if collection else parquet.write_all(extract)
    return written


EVERY = tuple(collection.path for collection in CATALOGUE)
WHOLE = {
    "ndjson": File(
        name="register.ndjson",
        format="ndjson",
        media_type=MEDIA_TYPES["ndjson"],
        text="Every record as the API serves it, one a line: a dataset that `registry load` takes.",
        collections=EVERY,
        write=_lines,
    ),
    "csv": File(
        name="register.csv.zip",
        format="csv",
        media_type=ZIP,
        text="A CSV file for each collection, and a Data Package that describes them.",
        collections=EVERY,
        write=data_package.write,
    ),
    "jsonld": File(
        name="register.jsonld",
        format="jsonld",
        media_type="application/ld+json",
        text="Linked data in the terms of W3C ORG and PROV, as JSON-LD.",
        collections=EVERY,
        write=jsonld.write,
    ),
    "parquet": File(
        name="register.parquet.zip",
        format="parquet",
        media_type=ZIP,
        text="A Parquet file for each collection.",
        collections=EVERY,
        write=_parquet,
    ),
}
"""The files with the whole register, by their format."""

SINGLE = {
    collection.path: File(
        name=f"{collection.path}.parquet",
        format="parquet",
        media_type=PARQUET,
        text=f"{collection.summary.rstrip('.')}, as Parquet.",
        collections=(collection.path,),
        write=partial(_parquet, collection=collection),
    )
    for collection in CATALOGUE
}
"""The files with one collection, by its path."""

FILES = {file.name: file for file in (*WHOLE.values(), *SINGLE.values())}
"""Every file, by its name."""
