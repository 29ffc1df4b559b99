"""What FastAPI is told of imports, beside the signatures of their endpoints."""

from typing import Literal

from pydantic import BaseModel

from app.api.components import REF
from app.api.envelopes import Described, ProblemFault
from app.curation.imports.bodies import NDJSON_TYPES
from app.curation.openapi import OF_BODIES, OF_KEYED_READS, OF_WRITES, WriteMeta, body, operation


class ImportCounts(Described):
    """What became of the documents."""

    written: int
    """Those that were written; in a dry run, would be."""
    unchanged: int
    """Those that say what is recorded already."""
    left_out: int
    """Those whose record said the same before, and was amended since; `restore=true` writes them."""


class ImportMeta(WriteMeta):
    """What is said of an import."""

    warnings_total: int
    """How many warnings there are; at most 1,000 of them are told."""


class ImportLinks(Described):
    """Addresses that go with the answer."""

    self: str = ""
    """The import."""
    revision: str = ""
    """The revision that was made."""


class ImportAnswer(Described):
    """What became of a dataset."""

    data: ImportCounts
    meta: ImportMeta
    links: ImportLinks


class ImportProgress(Described):
    """How far it is."""

    step: str
    """What is being done."""
    done: int
    """To how many documents it was."""
    of: int | None
    """Of how many; null: that is not known yet."""


class ListedImport(Described):
    """An import, in short."""

    id: str
    """Its id."""
    state: Literal["received", "checking", "writing", "done", "refused", "failed"]
    """How far it is; done, refused and failed are for good, and nothing was written in the last two."""
    reason: str
    """Why, as revisions have it."""
    actor: str
    """Whose key brought it."""
    dry_run: bool
    """Whether nothing is written, whatever comes of it."""
    received: str
    """When it came."""
    finished: str | None
    """When it ended."""
    revision: int | None
    """The revision that it made; null: none, or none yet."""
    url: str
    """Its address."""


class ImportReport(ListedImport):
    """An import: how far it is, and what became of it."""

    progress: ImportProgress | None
    """How far it is; null: it has not begun, has ended, or is worked on by another machine."""
    detail: str | None
    """Why it was refused, or failed."""
    counts: ImportCounts | None
    """What became of the documents, once it is done."""
    errors: list[ProblemFault]
    """What is wrong with the dataset: each line, field and reason."""
    errors_total: int
    """How many errors there are; at most 1,000 of them are told."""
    warnings: list[ProblemFault]
    """What looks wrong, and refused nothing."""
    warnings_total: int
    """How many warnings there are; at most 1,000 of them are told."""


class ImportStatus(Described):
    """An import."""

    data: ImportReport
    links: ImportLinks


class ImportsMeta(Described):
    """The total."""

    total: int
    """Imports in all."""


class ImportsLinks(Described):
    """Addresses that go with the answer."""

    next: str | None
    """Those before these; null: there are none."""


class ImportList(Described):
    """Imports, newest first."""

    data: list[ListedImport]
    """The imports."""
    meta: ImportsMeta
    links: ImportsLinks


MODELS: tuple[type[BaseModel], ...] = (ImportAnswer, ImportStatus, ImportList)
_LINES = {
    "schema": {"type": "string", "description": "A document a line, each with its `type` and `id`."},
    "example": '{"type":"source","id":"paper","name":"A paper"}\n',
}
TAKE = operation(
    "import_dataset",
    "Write a whole dataset",
    (
        "NDJSON as exports have it, of any size, with `Content-Encoding: gzip` if you like: one revision, or nothing. "
        "It is checked first, while others write; 422 names every line that is wrong, up to 1,000. With `Prefer: "
        "respond-async` it goes on after the answer (202), and `Location` says where it is told how far it is."
    ),
    "writing",
    answer=ImportAnswer.__name__,
    problems=(*OF_WRITES, *OF_BODIES),
    created=True,
    extra=body({NDJSON_TYPES[0]: _LINES}),
)
TAKE["responses"][202] = {
    "description": "It goes on; `Location` says where it is told how far it is.",
    "content": {"application/json": {"schema": {"$ref": REF + ImportStatus.__name__}}},
}
ONE = operation(
    "get_import",
    "How far an import is, and what became of it",
    "Imports that go on after their answer (`Prefer: respond-async`) are told of for 30 days, to who sent them.",
    "writing",
    answer=ImportStatus.__name__,
    problems=(*OF_KEYED_READS, "not-found"),
)
LIST = operation(
    "list_imports",
    "Imports that go on after their answer",
    "One's own, newest first; an administrator sees all.",
    "writing",
    answer=ImportList.__name__,
    problems=(*OF_KEYED_READS, "not-found"),
)
