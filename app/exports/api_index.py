"""The index of the API, `/v1`: what there is to ask for, and where."""

from collections.abc import Iterable

from sqlalchemy import Connection

from app import NAME
from app.api.licence import LICENCE
from app.api.parameters import Parameters
from app.api.view import View
from app.catalogue import CATALOGUE
from app.exports.extract import counted, revision_of
from app.exports.schemas import Licence, RevisionFacts
from app.registry.documents.canonical import Document
from app.registry.documents.shapes import Shape
from app.registry.serving.statements import Clock


class IndexedCollection(Shape):
    """A collection of records."""

    type: str
    """What its records are: joint-unit."""
    summary: str
    """What they are, in words."""
    url: str
    """The list of them."""
    records: int
    """How many there are; with `as_of`, how many were possibly there at least."""


class IndexedView(Shape):
    """An answer that is worked out from many records."""

    summary: str
    """What it answers."""
    group: str
    """Where the documentation shows it."""
    url: str
    """Where to ask; `{id}` stands for the id of a record."""
    required: list[str]
    """The parameters that must be given."""


class ApiIndex(Shape):
    """What the registry has, and where."""

    name: str
    """What it is."""
    revision: RevisionFacts | None
    """The revision that is asked; null while the registry is empty."""
    licence: Licence
    """The terms under which the data may be used."""
    collections: list[IndexedCollection]
    """The collections, in the order in which a dataset loads."""
    views: list[IndexedView]
    """The answers that are worked out from many records."""
    changes: str
    """What changed, entry by entry, for those who follow."""
    exports: str
    """The list of files with the whole register."""
    reconciliation: str
    """The service that matches names to records."""
    proposals: str
    """Changes that wait for others to look at them; with a key."""
    reports: str
    """Where to say that something looks wrong."""
    imports: str
    """Where whole datasets are sent; with a key."""
    documentation: str
    """The documentation, for people."""
    openapi: str
    """The description of the API (OpenAPI)."""
    problems: str
    """What each error means."""


def index(views: Iterable[View]) -> View:
    """The view that lists these views and all collections."""
    listed = list(map(_listed, views))

    def answer(connection: Connection, parameters: Parameters, when: Clock) -> Document:
        return {
            "name": NAME,
            "revision": revision_of(connection, when),
            "licence": LICENCE,
            "collections": _collections(connection, when),
            "views": listed,
            "changes": "/v1/changes",
            "exports": "/v1/exports",
            "reconciliation": "/v1/reconcile",
            "proposals": "/v1/proposals",
            "reports": "/v1/reports",
            "imports": "/v1/imports",
            "documentation": "/docs",
            "openapi": "/openapi.json",
            "problems": "/problems",
        }

    return View(
        path="",
        operation_id="get_index",
        summary="What there is, and where",
        description="The collections with how many records each has, the views, the files, the revision, the licence.",
        item=ApiIndex,
        answer=answer,
    )


def _listed(view: View) -> Document:
    required = [name for name, parameter in view.parameters.items() if parameter.missing]
    return {"summary": view.summary, "group": view.group, "url": f"/v1{view.path}", "required": required}


def _collections(connection: Connection, when: Clock) -> list[Document]:
    counts = counted(connection, when)
    return [
        {"type": one.type, "summary": one.summary, "url": f"/v1/{one.path}", "records": counts[one.path]}
        for one in CATALOGUE
    ]
