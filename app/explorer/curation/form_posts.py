"""Forms that are sent: read strictly, seen to come from a page of this register, and refused in the API's words."""

from collections.abc import Iterator
from typing import Annotated, Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError

from app.api.form_bodies import form_body
from app.api.near_misses import said_of
from app.api.problem_types import TYPES
from app.explorer.curation.visits import Visit, Visits
from app.registry.documents.faults import in_words
from app.registry.problems import Fault, Gone, Merged, NotFound, Problem, Refused, RuleBroken, Unsupported

MOST_FIELDS = 5000
FORM_MARK = "mark"
"""The field of a form with its token."""
FormValues = dict[str, str]
"""The fields of a form by their names, as they were filled in."""
RawForm = Annotated[bytes, Depends(form_body)]
REFUSALS = (Problem, RequestValidationError)
"""What is told on a page, with the form as it was filled."""


def form_values(body: bytes) -> FormValues:
    """The fields of a form, lines ended as they are kept. Raises Unsupported for what no page of ours sends."""
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError as error:
        message = f"is not a form with at most {MOST_FIELDS} fields"
        raise Unsupported("invalid-parameter", f"the body {message}", (Fault("body", message),)) from error
    return {name: value.replace("\r\n", "\n") for name, value in pairs}


def refuse_forged(request: Request, visits: Visits, visit: Visit, mark: str) -> None:
    """Raise Refused for a form that did not come from a page that this register gave to this visitor."""
    if not _from_here(request):
        raise _forged("the form was sent by a page of another site, and nothing was done")
    if not visits.is_token(visit, request, mark):
        detail = "the form was made for another visit: look at it again, and send it once more; nothing was done"
        raise _forged(detail)


def _forged(detail: str) -> Refused:
    return Refused("not-allowed", detail, (Fault("body/mark", detail),))


def _from_here(request: Request) -> bool:
    """Whether the browser says that a page of this site sent the form (Fetch Metadata; RFC 6454)."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    public_url = request.app.state.pages.settings.public_url
    here = {request.headers.get("host"), urlsplit(public_url).netloc if public_url else None}
    return urlsplit(request.headers.get("origin", "")).netloc in here - {None, ""}


class ToldProblem(NamedTuple):
    """Why something was refused, as a page tells it."""

    slug: str
    detail: str
    faults: tuple[Fault, ...]
    headers: dict[str, str]
    more: dict[str, Any]

    @property
    def status(self) -> int:
        """The status that the API answers with."""
        return TYPES[self.slug].status

    @property
    def title(self) -> str:
        """What kind of problem it is."""
        return TYPES[self.slug].title


def told(request: Request, error: Exception) -> ToldProblem:
    """The problem that the API would answer with."""
    if isinstance(error, RequestValidationError):
        faults = tuple(Fault("/".join(map(str, each["loc"])), in_words(each)) for each in error.errors())
        return ToldProblem("invalid-parameter", "the form is not filled in as it must be", faults, {}, {})
    if isinstance(error, Refused):
        return ToldProblem(error.slug, error.detail, error.faults, error.headers, dict(error.more))
    if isinstance(error, Unsupported | NotFound):
        slug = error.slug if isinstance(error, Unsupported) else "not-found"
        return ToldProblem(slug, error.detail, tuple(_nearer(request, error)), {}, {})
    if isinstance(error, RuleBroken):
        return ToldProblem("rule-broken", error.detail, error.faults, {}, {})
    if isinstance(error, Gone | Merged):
        return ToldProblem("gone" if isinstance(error, Gone) else "conflict", error.detail, (), {}, {})
    raise error


def _nearer(request: Request, error: Unsupported | NotFound) -> Iterator[Fault]:
    """The faults, with what may have been meant by a record that there is not."""
    near = ""
    if error.missing:
        reader = request.app.state.reader
        with reader.connection() as connection:
            near = said_of(connection, error.missing, reader.find_near)
    yield from (Fault(each.location, each.message + near) for each in error.faults)
