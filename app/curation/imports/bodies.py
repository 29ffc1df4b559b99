"""The body of an import: taken from the network straight into the spool, once it is known who sends it."""

from collections.abc import AsyncIterator
from typing import Annotated

from anyio import to_thread
from fastapi import Depends, Request

from app.api.callers import Curator
from app.api.json_bodies import media_type
from app.curation.imports.compression import Gunzip
from app.curation.imports.spool import Spool, SpoolFolder
from app.curation.keys import new_id
from app.registry.problems import Fault, Unsupported

NDJSON_TYPES = ("application/x-ndjson", "application/ndjson", "application/jsonl")


async def spooled(request: Request, _: Curator) -> AsyncIterator[Spool]:
    """The dataset that a request brings, as a dependency; taken away behind it, unless somebody keeps it.

    Raises Unsupported and Refused.
    """
    media_type(request, NDJSON_TYPES)
    unpacking = _unpacking(request)
    folder: SpoolFolder = request.app.state.spool
    _refuse_announced(request, folder.largest)
    spool = await to_thread.run_sync(folder.open, new_id("i"))
    try:
        async for chunk in request.stream():
            # not in the loop, which serves everybody: a few packed bytes may be many, and a disk may be slow
            await to_thread.run_sync(_put, spool, chunk, unpacking)
        await to_thread.run_sync(_end, spool, unpacking)
        yield spool
    finally:
        if not spool.kept:
            await to_thread.run_sync(spool.close)


def _put(spool: Spool, chunk: bytes, unpacking: Gunzip | None) -> None:
    for piece in unpacking.pieces(chunk) if unpacking else (chunk,):
        spool.add(piece)


def _end(spool: Spool, unpacking: Gunzip | None) -> None:
    if unpacking:
        spool.add(unpacking.rest())
    spool.complete()


def _unpacking(request: Request) -> Gunzip | None:
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding in ("gzip", "x-gzip"):
        return Gunzip()
    if coding in ("identity", ""):
        return None
    message = f"is '{coding[:60]}'; send gzip, or leave it out"
    raise Unsupported(
        "unsupported-media-type", f"Content-Encoding {message}", (Fault("header/Content-Encoding", message),)
    )


def _refuse_announced(request: Request, largest: int) -> None:
    """Raise Unsupported for a body that says itself that it is too long: nobody need send it."""
    announced = request.headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and int(announced) > largest:
        message = f"is longer than {largest} bytes; send it in parts, or ask who runs the register"
        raise Unsupported("content-too-large", f"the dataset {message}", (Fault("body", message),))


SpooledBody = Annotated[Spool, Depends(spooled, scope="function")]
