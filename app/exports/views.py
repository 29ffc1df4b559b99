"""What files there are at a revision: the answer of `/v1/exports`."""

from sqlalchemy import Connection

from app.api.licence import LICENCE
from app.api.parameters import Parameters, query_of
from app.api.view import View
from app.exports.extract import counted, days_of, revision_of
from app.exports.files import FILES, File
from app.exports.schemas import Exports
from app.registry.documents.canonical import Document
from app.registry.serving.statements import Clock


def addresses(file: File, when: Clock) -> tuple[str, str]:
    """Where to get the file and its manifest, at this very revision and day."""
    here, query = f"/v1/exports/{file.name}", query_of(when.pinned)
    return here + query, f"{here}/manifest{query}"


def _described(connection: Connection, parameters: Parameters, when: Clock) -> Document:
    rows = [{"collection": path, "rows": count} for path, count in counted(connection, when).items()]
    return {
        "revision": revision_of(connection, when),
        **days_of(when),
        "licence": LICENCE,
        "rows": rows,
        "files": [_file(file, when) for file in FILES.values()],
    }


def _file(file: File, when: Clock) -> Document:
    url, manifest = addresses(file, when)
    found = {"file": file.name, "format": file.format, "media_type": file.media_type, "text": file.text}
    return {**found, "url": url, "manifest": manifest, "collections": list(file.collections)}


VIEWS = (
    View(
        path="/exports",
        group="bulk",
        operation_id="list_exports",
        summary="Files with the whole register",
        description="The files that can be had at a revision, how many records each collection has, and the licence. "
        "Each file is the same, byte for byte, whenever it is asked for at the same revision, `as_of` and "
        "`presumed_for`.",
        item=Exports,
        rows=("files",),
        answer=_described,
    ),
)
