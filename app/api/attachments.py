"""Answers as files: tables and lines in the forms that every list, record and view has, with a name to keep them by."""

from collections.abc import Iterable, Iterator
from typing import Any

from fastapi import Request, Response

from app.api.formats import MEDIA_TYPES, as_csv, as_ndjson
from app.api.public_address import public_address
from app.api.responses import respond
from app.api.workbooks import Origin, as_xlsx
from app.registry.documents.canonical import Document, parse_json
from app.registry.documents.plan import Plan
from app.registry.serving.statements import Clock


def attached(request: Request, form: str, content: Iterator[bytes], when: Clock, following: str | None) -> Response:
    """The answer as a file of that form; a browser keeps it as `joint-units-revision-2.csv`."""
    response = respond(request, content, when, {"next": following}, MEDIA_TYPES[form], vary=True)
    response.headers["Content-Disposition"] = f'attachment; filename="{_name(request, when)}.{form}"'
    return response


def _name(request: Request, when: Clock) -> str:
    """What the address asks for, with the days and the revision: `forces-kent-collaborations-as-of-2012-revision-2`."""
    stem = request.scope["path"].partition("/v1/")[2].replace("/", "-")
    return f"{stem}{when.named}-revision-{when.revision}"


def origin_of(request: Request, public_url: str | None, when: Clock) -> Origin:
    """What a request asks, for the files that say so. Raises Unsupported."""
    query = f"?{request.url.query}" if request.url.query else ""
    return Origin(public_address(request, public_url), request.scope["path"] + query, when)


def written(form: str, plan: Plan, rows: Iterable[Any], title: str, origin: Origin) -> Iterator[bytes]:
    """Rows, documents or their JSON, in one of the forms: csv, ndjson, or xlsx with that title."""
    if form == "ndjson":
        return as_ndjson(rows)
    documents: Iterable[Document] = (parse_json(row) if isinstance(row, str) else row for row in rows)
    return as_csv(plan, documents) if form == "csv" else as_xlsx(title, plan, documents, origin)
