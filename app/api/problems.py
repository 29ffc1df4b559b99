"""Problems as HTTP answers (RFC 9457): one table of types, each with a page, and the handlers."""

import logging
from contextlib import suppress
from http import HTTPMethod, HTTPStatus
from typing import Any
from uuid import uuid4

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    NotSupportedError,
    ProgrammingError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from app.api.near_misses import said_of
from app.api.negotiation import preferred
from app.api.path_suggestions import near_path
from app.api.prefix import address
from app.api.problem_types import TYPES
from app.api.request_facts import REQUEST_ID
from app.registry.documents.faults import in_words
from app.registry.problems import (
    Behind,
    Fault,
    Gone,
    Merged,
    MissingRecord,
    NotFound,
    Refused,
    RuleBroken,
    Stale,
    Unsupported,
)

MEDIA_TYPE = "application/problem+json"
_LOG = logging.getLogger(__name__)
LONGEST_REASON = 300
DEFECTS = (DataError, IntegrityError, NotSupportedError, ProgrammingError)
"""What a database says of a statement that is wrong; whatever else it says is a matter of the database."""
UNDEFINED_TABLE = "42P01"


BY_STATUS = {404: "not-found", 405: "method-not-allowed", 414: "uri-too-long", 422: "invalid-parameter"}


def problem(
    request: Request,
    slug: str,
    detail: str,
    faults: tuple[Fault, ...] = (),
    headers: dict[str, str] | None = None,
    **more: Any,
) -> Response:
    """A problem of the type `slug` as an answer to the request; outside of the API, a page for those who like HTML."""
    kind = TYPES[slug]
    headers = {"Cache-Control": "no-store", **(headers or {})}
    if _read_by_people(request):
        return _problem_page(request, slug, detail, faults, headers)
    content = {
        "type": address(request, f"/problems/{slug}"),
        "title": kind.title,
        "status": kind.status,
        "detail": detail,
        "instance": address(request, request.scope["path"]),
        "request_id": request_id(request),
        "errors": [fault_object(fault) for fault in faults],
        **more,
    }
    body = orjson.dumps(content, default=str)
    return Response(body, kind.status, headers, MEDIA_TYPE)


def fault_object(fault: Fault) -> dict[str, str]:
    """A fault or a warning as answers have it: where, what, and which rule says so."""
    found = {"location": fault.location, "message": fault.message}
    return found | {"rule": fault.rule} if fault.rule else found


def _read_by_people(request: Request) -> bool:
    """Whether a browser asks, and not for the API, whose problems are the same for everyone."""
    path = request.scope["path"]
    if path == "/v1" or path.startswith("/v1/"):
        return False
    return preferred(request.headers.get("accept"), (MEDIA_TYPE, "text/html")) == "text/html"


def _problem_page(
    request: Request, slug: str, detail: str, faults: tuple[Fault, ...], headers: dict[str, str]
) -> Response:
    kind = TYPES[slug]
    answer: Response = request.app.state.pages.problem(
        request,
        kind.status,
        title=kind.title,
        detail=detail,
        faults=faults,
        remedy=kind.remedy,
        slug=slug,
        request_id=request_id(request),
    )
    answer.headers.update({**headers, "Vary": "Accept"})
    return answer


def request_id(request: Request) -> str:
    """Names the request in its problem and in the service's log."""
    return str(request.scope.setdefault(REQUEST_ID, uuid4().hex))


def install(app: FastAPI) -> None:
    """Answer every failure of the application with a problem."""
    app.add_exception_handler(Unsupported, _unsupported)
    app.add_exception_handler(NotFound, _not_found)
    app.add_exception_handler(Gone, _gone)
    app.add_exception_handler(Merged, _merged)
    app.add_exception_handler(RuleBroken, _rule_broken)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(Stale, _stale)
    app.add_exception_handler(Behind, _behind)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _validation)
    for error in (DatabaseError, InterfaceError, PoolTimeoutError):
        app.add_exception_handler(error, _unavailable)


def _unsupported(request: Request, error: Any) -> Response:
    near = _near_miss(request, error.missing)
    return problem(request, error.slug, error.detail + near, _each_with(near, error.faults))


def _not_found(request: Request, error: Any) -> Response:
    near = _near_miss(request, error.missing)
    faults = (Fault("path/id", f"names no record{near}"),) if error.missing else error.faults
    return problem(request, "not-found", error.detail + near, faults)


def _near_miss(request: Request, missing: MissingRecord | None) -> str:
    """What may have been meant by a record that there is not."""
    if missing is None:
        return ""
    reader = request.app.state.reader.again_of(request)
    # what is only a hint must not fail an answer that was found
    with suppress(SQLAlchemyError), reader.connection() as connection:
        return said_of(connection, missing, reader.find_near)
    return ""


def _each_with(near: str, faults: tuple[Fault, ...]) -> tuple[Fault, ...]:
    return tuple(Fault(fault.location, fault.message + near) for fault in faults)


def _gone(request: Request, error: Any) -> Response:
    return problem(request, "gone", error.detail, tombstone=error.tombstone)


def _merged(request: Request, error: Any) -> Response:
    below = "".join(f"/{step}" for step in request.url.path.split("/")[4:])
    query = f"?{request.url.query}" if request.url.query else ""
    return problem(
        request, "merged", error.detail, headers={"Location": address(request, error.survivor + below + query)}
    )


def _rule_broken(request: Request, error: Any) -> Response:
    more = {"errors_total": error.count} if error.count > len(error.faults) else {}
    return problem(request, "rule-broken", error.detail, error.faults, **more)


def _refused(request: Request, error: Any) -> Response:
    more = dict(error.more)
    if "diff" in more:
        more["diff"] = address(request, str(more["diff"]))
    return problem(request, error.slug, error.detail, error.faults, error.headers, **more)


def _stale(request: Request, error: Any) -> Response:
    return problem(request, "unavailable", error.detail, headers={"Retry-After": "30"})


def _behind(request: Request, error: Any) -> Response:
    faults = (Fault("header/Registry-Revision", error.detail),)
    return problem(request, "unavailable", error.detail, faults, {"Retry-After": "5"})


def _http(request: Request, error: Any) -> Response:
    slug = BY_STATUS.get(error.status_code, "bad-request" if error.status_code < 500 else "internal-error")
    detail = f"{request.method} {request.url.path}: {HTTPStatus(error.status_code).phrase.lower()}"
    headers = {"Allow": allowed(request)} if slug == "method-not-allowed" else None
    known = getattr(request.app.state, "page_paths" if _read_by_people(request) else "paths", ())
    near = near_path(request.scope["path"], known) if slug == "not-found" else None
    if near is None:
        return problem(request, slug, detail, headers=headers)
    hint = f"did you mean {address(request, near)}?"
    return problem(request, slug, f"{detail}; {hint}", (Fault("path", f"is not an address here; {hint}"),))


def allowed(request: Request) -> str:
    """Every method of the path, not of the first route alone (RFC 9110 section 15.5.6): "GET, HEAD, POST"."""
    return ", ".join(method for method in HTTPMethod if _takes(request, method))


def _takes(request: Request, method: HTTPMethod) -> bool:
    # HEAD is answered wherever GET is, before any route is looked for
    scope = {**request.scope, "method": "GET" if method is HTTPMethod.HEAD else method.value}
    return any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)


def _validation(request: Request, error: Any) -> Response:
    faults = tuple(Fault("/".join(map(str, fault["loc"])), in_words(fault)) for fault in error.errors())
    return problem(request, "invalid-parameter", "the request is not valid", faults)


def _unavailable(request: Request, error: Any) -> Response:
    if isinstance(error, DEFECTS) and not _lacks_table(error):
        raise error
    reason = " ".join(str(error).split("\n[SQL")[0].split())[:LONGEST_REASON]
    name = request_id(request)
    said = (name, request.method, request.url.path, reason)
    _LOG.error("request_id %s: %s %s: the database: %s", *said, extra={"fields": {"request_id": name}})
    detail = (
        "the database does not have this version's schema" if _lacks_table(error) else "the database does not answer"
    )
    return problem(request, "unavailable", detail, headers={"Retry-After": "5"})


def _lacks_table(error: Any) -> bool:
    """Whether the database has not the tables that are asked for: it was never migrated."""
    reason = getattr(error, "orig", None)
    return getattr(reason, "sqlstate", None) == UNDEFINED_TABLE or "no such table" in str(reason)
