"""Answers as CSV, NDJSON and workbooks, and which of them a client asks for. docs/formats.md has the rules."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping

import orjson

from app.api.csv_cells import defused, text_of
from app.api.negotiation import preferred
from app.api.parameters import choose
from app.api.tables import cells, columns
from app.registry.documents.canonical import Document
from app.registry.documents.plan import Plan

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA_TYPES = {"json": "application/json", "csv": "text/csv", "ndjson": "application/x-ndjson", "xlsx": XLSX}


def wanted(format_: str | None, accept: str | None, offered: Mapping[str, str] = MEDIA_TYPES) -> str:
    """The format that a client asks for: `format`, else what it likes best of those in `Accept`. Raises Unsupported.

    `offered` has the media type of each format.
    """
    if format_:
        return choose("format", format_, offered)
    kinds = {media_type: name for name, media_type in offered.items()}
    return kinds[preferred(accept, tuple(kinds))]


def header(plan: Plan) -> list[str]:
    """The names of the columns of a shape."""
    return [column.name for column in columns(plan)]


def as_csv(plan: Plan, answers: Iterable[Document]) -> Iterator[bytes]:
    """The answers as CSV (RFC 4180), the header first."""
    yield _line(header(plan))
    for answer in answers:
        yield _line([text_of(cell) for cell in cells(plan, answer)])


def _line(found: list[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(map(defused, found))
    return line.getvalue().encode()


def as_ndjson(answers: Iterable[Document | str]) -> Iterator[bytes]:
    """The answers as NDJSON, one document a line: what `registry load` takes."""
    for answer in answers:
        yield (answer.encode() if isinstance(answer, str) else orjson.dumps(answer)) + b"\n"
