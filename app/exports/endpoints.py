"""The endpoints of the files, of their manifests, and of the terms of the linked data."""

from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from threading import BoundedSemaphore
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Request, Response

from app.api.dependencies import Clocks, ReadAccess, Reads
from app.api.problems import problem
from app.api.public_address import public_address
from app.api.query_models import ClockQuery, QueryModel
from app.api.responses import envelope, respond, validated
from app.exports import openapi, rdf_terms, rdf_vocabulary
from app.exports.digests import Digests, FileKey
from app.exports.extract import Extract
from app.exports.files import FILES, SINGLE, WHOLE, File
from app.exports.views import addresses
from app.registry.documents.canonical import Document
from app.registry.problems import NotFound
from app.registry.suggestions import did_you_mean

PIECE = 64 * 1024
"""Bytes that are sent at a time: each piece is a turn in the thread pool."""

PASSES = 2
"""Manifests that are worked out at one time: each takes a thread for as long as its file takes to write."""

CollectionName = Annotated[str, Path(description="The collection.", json_schema_extra={"enum": list(SINGLE)})]
FileName = Annotated[str, Path(description="The file.", json_schema_extra={"enum": list(FILES)})]

CONTEXT = openapi.constant(
    operation_id="get_jsonld_context",
    summary="The JSON-LD context",
    text="The terms of the linked data, for documents that refer to it; exports have it in them.",
    media_type="application/ld+json",
)
SHAPES = openapi.constant(
    operation_id="get_shapes",
    summary="The registry's own terms, and SHACL shapes",
    text="What the registry's own terms mean, and the shapes that its linked data keep.",
    media_type="text/turtle",
)


class ExportEndpoints:
    """The endpoints; `public_url` is the address of linked data, else that of the request."""

    def __init__(self, public_url: str | None) -> None:
        self.public_url = public_url
        self.digests, self.passes = Digests(), BoundedSemaphore(PASSES)

    def file(self, request: Request, file: File, clocks: ClockQuery, reader: Reads) -> Response:
        """The file, streamed."""
        extract = self._extract(request, clocks, reader)
        key = _key(file, extract)
        content = self.digests.measured(key, _pieces(file.write(extract)))
        links: dict[str, str | None] = {"describedby": addresses(file, extract.when)[1]}
        response = respond(request, content, extract.when, links, file.media_type, variant=extract.base)
        response.headers["Content-Disposition"] = f'attachment; filename="{file.named(extract)}"'
        if known := self.digests.known(key):
            response.headers["Repr-Digest"] = f"sha-256=:{b64encode(known.sha256).decode()}:"
        return response

    def single(self, request: Request, collection: CollectionName, clocks: Clocks, reader: ReadAccess) -> Response:
        """The file of one collection."""
        return self.file(request, _find(collection, SINGLE), clocks, reader)

    def manifest(self, request: Request, file: FileName, clocks: Clocks, reader: ReadAccess) -> Response:
        """What is in a file, and its digest."""
        return self._manifest(request, _find(file, FILES), self._extract(request, clocks, reader))

    def _manifest(self, request: Request, file: File, extract: Extract) -> Response:
        if not self.passes.acquire(blocking=False):
            detail = "other manifests are being worked out; try again soon"
            return problem(request, "unavailable", detail, headers={"Retry-After": "5"})
        try:
            digest = self.digests.digest(_key(file, extract), file.write(extract))
        finally:
            self.passes.release()
        url, here = addresses(file, extract.when)
        data: Document = {"file": file.name, "url": url, "media_type": file.media_type}
        data |= {"bytes": digest.size, "sha256": digest.sha256.hex(), **extract.facts()}
        data["rows"] = [{"collection": path, "rows": extract.rows[path]} for path in file.collections]
        links = {"self": here, "file": url}
        content = envelope(orjson.dumps(data), extract.when.meta, links)
        return respond(request, content, extract.when, {}, variant=extract.base)

    def context(self, request: Request) -> Response:
        """The JSON-LD context."""
        QueryModel.read(request)
        terms = rdf_terms.context(public_address(request, self.public_url))
        content = orjson.dumps({"@context": terms}, option=orjson.OPT_INDENT_2)
        return _constant(request, content, "application/ld+json")

    def shapes(self, request: Request) -> Response:
        """The registry's own terms, and the SHACL shapes of the linked data."""
        QueryModel.read(request)
        content = rdf_vocabulary.shapes(public_address(request, self.public_url)).encode()
        return _constant(request, content, "text/turtle")

    def _extract(self, request: Request, clocks: ClockQuery, reader: Reads) -> Extract:
        with reader.connection() as connection:
            when = clocks.clock(connection)
        return Extract(reader.connection, when, public_address(request, self.public_url))


def _constant(request: Request, content: bytes, media_type: str) -> Response:
    """An answer that no revision changes."""
    headers = {"ETag": f'"{sha256(content).hexdigest()[:24]}"', "Cache-Control": "public, no-cache"}
    return validated(request, content, headers, media_type)


def _key(file: File, extract: Extract) -> FileKey:
    return (file.name, extract.when, extract.base)


def _find(name: str, known: Mapping[str, File]) -> File:
    if name not in known:
        raise NotFound(f"there is no file '{name[:100]}' here{did_you_mean(name, sorted(known))}")
    return known[name]


def _pieces(content: Iterable[bytes]) -> Iterator[bytes]:
    """The content in pieces of a size that is worth a turn."""
    held = bytearray()
    for part in content:
        held += part
        if len(held) >= PIECE:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)


def _sender(exports: ExportEndpoints, file: File) -> Callable[..., Response]:
    def send(request: Request, clocks: Clocks, reader: ReadAccess) -> Response:
        return exports.file(request, file, clocks, reader)

    return send


def build(public_url: str | None) -> APIRouter:
    """The router of everything about files but their list, which is a view."""
    router = APIRouter(prefix="/v1", default_response_class=Response)
    exports = ExportEndpoints(public_url)
    routes: list[tuple[str, Callable[..., Response], dict[str, Any]]] = [
        *((f"/exports/{file.name}", _sender(exports, file), openapi.register(file)) for file in WHOLE.values()),
        ("/exports/{collection}.parquet", exports.single, openapi.single()),
        ("/exports/{file}/manifest", exports.manifest, openapi.manifest()),
        ("/context.jsonld", exports.context, CONTEXT),
        ("/shapes.ttl", exports.shapes, SHAPES),
    ]
    for path, endpoint, operation in routes:
        router.add_api_route(path, endpoint, methods=["GET"], **operation)
    return router
