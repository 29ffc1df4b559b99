"""Which version runs, on which schema, up to which revision, and the checkpoint of the log: open to everyone."""

from base64 import b64encode
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from app import __version__
from app.api.problems import problem
from app.database import reading, schema_head, schema_revision
from app.log.publication import PublishedLog
from app.registry.problems import Refused
from app.registry.records import Revision


def build(engine: Engine, log: PublishedLog) -> APIRouter:
    """The address `/version`. It is no part of the API's contract."""
    router = APIRouter(include_in_schema=False)

    @router.get("/version")
    def version(request: Request) -> Response:
        try:
            return JSONResponse(_version(engine, log), headers={"Cache-Control": "no-cache"})
        except SQLAlchemyError:
            detail = f"version {__version__}; the database does not answer"
            return problem(request, "unavailable", detail, headers={"Retry-After": "5"}, version=__version__)

    return router


def _version(engine: Engine, log: PublishedLog) -> dict[str, Any]:
    """What runs: `{"version": "0.1.0", "schema": "0011", "newest_schema": "0011", "revision": 2, "checkpoint": {…}}`.

    On another schema than this version's there is no revision to speak of; without a log that is the published one
    there is no checkpoint.
    """
    found: dict[str, Any] = {"version": __version__, "schema": None, "newest_schema": schema_head()}
    found |= {"revision": None, "checkpoint": None}
    with reading(engine) as connection:
        found["schema"] = schema_revision(connection)
        if found["schema"] == schema_head():
            found["revision"] = connection.execute(select(func.max(Revision.number))).scalar()
            try:
                checkpoint = log.signed_tree(connection).checkpoint
            except Refused:
                return found
            root = b64encode(checkpoint.root).decode()
            found["checkpoint"] = {"origin": checkpoint.origin, "size": checkpoint.size, "root": root}
    return found
