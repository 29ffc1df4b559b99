"""The endpoints of the reconciliation service."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy import Connection

from app.api.components import REF
from app.api.dependencies import ReadAccess, Reads
from app.api.form_bodies import fields, form_body
from app.api.parameters import Parameters, parse, query_of
from app.api.prefix import address
from app.api.problems import problem
from app.api.public_address import public_address
from app.api.query_models import CLOCKS, ClockQuery
from app.api.responses import JSON, respond
from app.catalogue import CATALOGUE
from app.reads.snapshots import RecordSnapshot
from app.reconciliation import openapi, requests, suggestions
from app.reconciliation.candidates import Reconciler
from app.reconciliation.data_extension import extended
from app.reconciliation.manifest import PATH, manifest
from app.reconciliation.preview import POLICY, page
from app.reconciliation.property_proposals import PropertyProposals
from app.reconciliation.record_types import ref_in
from app.reconciliation.results import results
from app.reconciliation.schemas import components
from app.registry.documents.canonical import Document
from app.registry.documents.references import Ref
from app.registry.problems import Fault, Merged, NotFound, Unsupported
from app.registry.serving.statements import Clock, find

TAG = openapi.TAG
SCHEMAS: Document = {**components(REF + "{model}"), **openapi.REQUESTS}
"""What the operations refer to, for the OpenAPI document."""

ASKING = ("queries", "extend")
MOST_PROPERTIES = 1000

_BLANK = {f"{name}=".encode() for name in ("prefix", "type", *openapi.WIDGET)}

Body = Annotated[bytes, Depends(form_body)]
MakeSuggestions = Callable[[Connection, Clock, Parameters], Document]


class ReconciliationService:
    """The endpoints; `public_url` is the address of the service, else that of the request."""

    def __init__(self, public_url: str | None) -> None:
        self.public_url, self.proposals = public_url, PropertyProposals()

    def read(self, request: Request, reader: ReadAccess) -> Response:
        """The manifest, or what a query string asks."""
        question, rest = _apart(request.scope["query_string"])
        clocks = ClockQuery.of(parse(rest, CLOCKS)).asked_by(request)
        base = public_address(request, self.public_url)
        with reader.connection() as connection:
            when = clocks.clock(connection)
            found = _answered(connection, when, question, "query") if question else manifest(base, clocks.given)
        return respond(request, orjson.dumps(found), when, {}, variant=base)

    def post(self, request: Request, reader: ReadAccess, body: Body) -> Response:
        """What a form asks."""
        clocks = ClockQuery.read(request)
        question = fields(body, ASKING)
        with reader.connection() as connection:
            when = clocks.clock(connection)
            found = _answered(connection, when, question, "body")
        headers = {"Cache-Control": "no-store", "Registry-Revision": str(when.revision)}
        return Response(orjson.dumps(found), 200, headers, JSON)

    def propose(self, request: Request, reader: ReadAccess) -> Response:
        """Properties that records of a type can have."""
        clocks, parameters = _lenient(request, ("type", "limit"))
        types, limit = suggestions.types_in(parameters), parameters.get("limit")
        most = suggestions.whole_number("limit", limit, MOST_PROPERTIES) if limit else None
        with reader.connection() as connection:
            when = clocks.clock(connection)
            found = [one.shown for one in self.proposals.of(connection, when, types)]
        answer: Document = {"type": parameters.get("type", ""), "properties": found[: most or None]}
        return respond(request, orjson.dumps(answer | ({"limit": most} if most else {})), when, {})

    def suggest(self, make: MakeSuggestions, *, typed: bool) -> Callable[[Request, Reads], Response]:
        """The endpoint of a suggest service."""
        names = ("prefix", "cursor", *(["type"] if typed else []), *openapi.WIDGET)

        def endpoint(request: Request, reader: ReadAccess) -> Response:
            clocks, parameters = _lenient(request, names)
            with reader.connection() as connection:
                when = clocks.clock(connection)
                found = make(connection, when, parameters)
            return respond(request, orjson.dumps(found), when, {})

        return endpoint

    def view(self, request: Request, reader: ReadAccess) -> Response:
        """The page of one record."""
        clocks = ClockQuery.read(request)
        given = request.path_params["id"]
        ref = ref_in(given)
        if not ref:
            raise NotFound(f"'{given[:120]}' is not an id of this service; write it like force:bedfordshire")
        collection = CATALOGUE.by_type[ref.type]
        with reader.connection() as connection:
            when = clocks.clock(connection)
            try:
                entry = RecordSnapshot.read(collection, find(connection, collection, ref.id, when))
            except Merged as merged:
                survivor = Ref(ref.type, merged.survivor.rpartition("/")[2])
                location = f"{PATH}/entities/{survivor}{query_of(clocks.given)}"
                return problem(request, "merged", merged.detail, headers={"Location": address(request, location)})
        content = page(entry.at(when), when, address(request, CATALOGUE.url(ref)) + query_of(clocks.given)).encode()
        answer = respond(request, content, when, {}, "text/html")
        answer.headers["Content-Security-Policy"] = POLICY
        return answer


def _answered(connection: Connection, when: Clock, question: Parameters, place: str) -> Document:
    """The answer to `queries` or `extend`. Raises Unsupported."""
    if len(question) != 1:
        message = "is missing; give it or extend" if not question else "stands beside extend; give one of the two"
        raise Unsupported("invalid-parameter", f"queries: {message}", (Fault(f"{place}/queries", message),))
    if "extend" in question:
        return extended(connection, when, requests.extension(question["extend"], f"{place}/extend"))
    queries = requests.batch(question["queries"], f"{place}/queries")
    found = Reconciler(connection, when).candidates(queries)
    return {key: results(found[key], query.limit) for key, query in queries.items()}


def _apart(query: bytes) -> tuple[Parameters, bytes]:
    """What a query string asks, and the rest of it: JSON may hold what no other parameter may."""
    pairs = query.split(b"&")
    asking = [pair for pair in pairs if pair.partition(b"=")[0] in (b"queries", b"extend")]
    return fields(b"&".join(asking), ASKING, "query"), b"&".join(pair for pair in pairs if pair not in asking)


def _lenient(request: Request, names: tuple[str, ...]) -> tuple[ClockQuery, Parameters]:
    """Clocks and parameters; some may be left blank as if not given: OpenRefine writes "type=" where it has none."""
    pairs = request.scope["query_string"].replace(b"%20", b"+").split(b"&")
    given = parse(b"&".join(pair for pair in pairs if pair.strip(b"+") not in _BLANK), (*CLOCKS, *names))
    clocks = ClockQuery.of({name: given[name] for name in CLOCKS if name in given})
    return clocks.asked_by(request), given


def build(public_url: str | None) -> APIRouter:
    """The router of the service."""
    router, service = APIRouter(prefix=PATH), ReconciliationService(public_url)
    properties = partial(suggestions.properties, service.proposals)
    suggested: tuple[tuple[str, str, str, MakeSuggestions, bool], ...] = (
        ("entity", "SuggestEntitiesResponse", "Records with names", suggestions.entities, True),
        ("property", "SuggestPropertiesResponse", "Properties", properties, True),
        ("type", "SuggestTypesResponse", "Types", suggestions.types, False),
    )
    routes: list[tuple[str, str, Callable[..., Response], dict[str, Any]]] = [
        ("GET", "", service.read, openapi.READ),
        ("POST", "", service.post, openapi.POSTED),
        ("GET", "/properties", service.propose, openapi.PROPOSE),
        ("GET", "/entities/{id}", service.view, openapi.VIEW),
    ]
    for name, schema, text, make, typed in suggested:
        operation = openapi.suggest(name, schema, text, typed=typed)
        routes.append(("GET", f"/suggest/{name}", service.suggest(make, typed=typed), operation))
    for method, path, endpoint, operation in routes:
        router.add_api_route(path, endpoint, methods=[method], response_class=Response, **operation)
    return router
