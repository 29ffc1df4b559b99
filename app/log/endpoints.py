"""The endpoints of the log: what it is, its checkpoint, tiles and proofs."""

from collections.abc import Callable
from hashlib import sha256
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Request, Response
from pydantic import Field

from app.api.dependencies import RecordId
from app.api.formats import MEDIA_TYPES
from app.api.parameters import invalid, query_of
from app.api.query_models import MOST_DIGITS, Obligatory, QueryModel, RevisionNumber
from app.api.responses import envelope, respond, validated
from app.catalogue import CATALOGUE
from app.database import reading
from app.log import openapi
from app.log.log_export import exported_lines
from app.log.publication import PublishedLog
from app.log.record_proofs import RecordProofs, base64_lines
from app.log.revision_log import entry, revisions_from
from app.log.tiles import FULL, TilePlace, bundle, tile
from app.registry.chunks import chunked
from app.registry.problems import NotFound
from app.registry.serving.statements import clock
from app.registry.suggestions import did_you_mean

TEXT, BYTES = "text/plain; charset=utf-8", "application/octet-stream"
PIECE = 100
"""Lines that are sent at a time: each piece is a turn in the thread pool."""
FOR_EVER = "public, max-age=31536000, immutable"
TYPES = {collection.path: collection.type for collection in CATALOGUE}

ProvenCollection = Annotated[str, Path(description="The collection.", json_schema_extra={"enum": list(TYPES)})]
TileLevel = Annotated[
    str, Path(description="The level; 0 has the hashes of leaves.", json_schema_extra={"pattern": "^[0-9]{1,2}$"})
]
TilePath = Annotated[str, Path(description="Which tile: `000`, `x001/234`, or the beginning of one, `000.p/5`.")]


class ProofQuery(QueryModel):
    """Which version of a record is to be proved."""

    revision: RevisionNumber = None
    """What the registry said at this revision; else at the newest."""


class ConsistencyQuery(QueryModel):
    """Two sizes of the log."""

    from_: Annotated[RevisionNumber, Field(alias="from"), Obligatory("is missing; give the earlier size")] = None
    """The size of the earlier checkpoint."""
    to: RevisionNumber = None
    """The size of the later checkpoint; else that of the newest."""


class LogEndpoints:
    """The endpoints, of one log."""

    def __init__(self, log: PublishedLog) -> None:
        self.log, self.engine, self.proofs = log, log.engine, RecordProofs()

    def describe(self, request: Request) -> Response:
        """What the log is called, who signs it, and where it stands."""
        QueryModel.read(request)
        with reading(self.engine) as connection:
            tree = self.log.signed_tree(connection)
            when = clock(connection)
        keys, found = [str(key.public) for key in self.log.keys], tree.checkpoint
        data = {"origin": found.origin, "signed": bool(keys), "keys": keys}
        data |= {"size": found.size, "root": found.encoded_root}
        data |= {"successions": [each.document for each in tree.successions]}
        links = {"self": "/v1/log", "checkpoint": "/v1/log/checkpoint"}
        return respond(request, envelope(orjson.dumps(data), when.meta, links), when, {}, variant="".join(keys))

    def checkpoint(self, request: Request) -> Response:
        """The newest checkpoint."""
        QueryModel.read(request)
        with reading(self.engine) as connection:
            content = self.log.signed_tree(connection).note.encode()
        return _constant(request, content, TEXT, "public, no-cache")

    def tile(self, request: Request, level: TileLevel, path: TilePath) -> Response:
        """A tile of hashes."""
        QueryModel.read(request)
        place = TilePlace.parse(path)
        with reading(self.engine) as connection:
            tree = self.log.signed_tree(connection).tree
        depth = int(level) if level.isascii() and level.isdigit() and level == str(int(level)) else 64
        content = tile(tree, depth, place) if place and depth < 64 else None
        if content is None:
            raise NotFound(f"there is no tile '{path[:60]}' on level '{level[:20]}'; the tree has {tree.size} leaves")
        return _constant(request, content, BYTES, FOR_EVER)

    def entries(self, request: Request, path: TilePath) -> Response:
        """The entries of a tile of level 0."""
        QueryModel.read(request)
        place = TilePlace.parse(path)
        with reading(self.engine) as connection:
            size = self.log.signed_tree(connection).checkpoint.size
            if place is None or place.width > FULL or place.first + place.width > size:
                raise NotFound(f"there are no entries '{path[:60]}'; the tree has {size} leaves")
            rows = revisions_from(connection, place.first + 1, place.first + place.width)
            content = bundle(entry(connection, row) for row in rows)
        return _constant(request, content, BYTES, FOR_EVER)

    def export(self, request: Request) -> Response:
        """The log whole."""
        QueryModel.read(request)
        with reading(self.engine) as connection:
            root = self.log.signed_tree(connection).checkpoint.root
        headers = {"ETag": f'"{root.hex()[:24]}"', "Cache-Control": "public, no-cache"}
        pieces = (b"".join(lines) for lines in chunked(exported_lines(self.log), PIECE))
        return validated(request, pieces, headers, MEDIA_TYPES["ndjson"])

    def consistency(self, request: Request) -> Response:
        """That the log of one size begins with all of that of an earlier one."""
        query = ConsistencyQuery.read(request)
        with reading(self.engine) as connection:
            found = self.log.signed_tree(connection)
            when = clock(connection)
        newest = found.checkpoint.size
        second = _number("to", query.to, newest)
        first = _number("from", query.from_, second)
        ends = {
            name: {"size": size, "root": base64_lines([found.tree.root(size)])[0]}
            for name, size in (("from", first), ("to", second))
        }
        data = {**ends, "path": base64_lines(found.tree.consistency(first, second))}
        links = {"self": f"/v1/log/consistency{query_of(query.given)}", "checkpoint": "/v1/log/checkpoint"}
        return respond(request, envelope(orjson.dumps(data), when.meta, links), when, {})

    def proof(self, request: Request, collection: ProvenCollection, slug: RecordId) -> Response:
        """That a record said this."""
        query = ProofQuery.read(request)
        if collection not in TYPES:
            raise NotFound(f"there is no collection '{collection[:100]}'{did_you_mean(collection, sorted(TYPES))}")
        with reading(self.engine) as connection:
            found = self.log.signed_tree(connection)
            number = _number("revision", query.revision, found.checkpoint.size)
            data = self.proofs.proof(connection, found, TYPES[collection], slug, number)
            when = clock(connection)
        here = f"/v1/{collection}/{slug}"
        links = {"self": f"{here}/proof{query_of(query.given)}", "record": here}
        variant = "".join([*(str(key.public) for key in self.log.keys), *found.cosignatures])
        return respond(request, envelope(orjson.dumps(data), when.meta, links), when, {}, variant=variant)


def _number(name: str, text: str | None, newest: int) -> int:
    """The revision that a parameter names, else the newest. Raises Unsupported."""
    if text is None:
        return newest
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS and 1 <= int(text) <= newest):
        raise invalid(name, f"is not a revision from 1 to {newest}", "unknown-revision")
    return int(text)


def _constant(request: Request, content: bytes, media_type: str, kept: str) -> Response:
    """An answer that is named by what is in it."""
    headers = {"ETag": f'"{sha256(content).hexdigest()[:24]}"', "Cache-Control": kept}
    return validated(request, content, headers, media_type)


def build(log: PublishedLog) -> APIRouter:
    """The router of the log."""
    router = APIRouter(prefix="/v1", default_response_class=Response)
    endpoints = LogEndpoints(log)
    routes: list[tuple[str, Callable[..., Response], dict[str, Any]]] = [
        ("/log", endpoints.describe, openapi.LOG),
        ("/log/checkpoint", endpoints.checkpoint, openapi.CHECKPOINT),
        ("/log/export", endpoints.export, openapi.EXPORT),
        ("/log/consistency", endpoints.consistency, openapi.consistency(ConsistencyQuery)),
        ("/log/tile/entries/{path:path}", endpoints.entries, openapi.ENTRIES),
        ("/log/tile/{level}/{path:path}", endpoints.tile, openapi.TILE),
        ("/{collection}/{id}/proof", endpoints.proof, openapi.proof(ProofQuery)),
    ]
    for path, endpoint, operation in routes:
        router.add_api_route(path, endpoint, methods=["GET"], **operation)
    return router
