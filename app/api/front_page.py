"""What lies at the door: the page for people, and what programs look for on every host."""

from datetime import UTC, datetime, time, timedelta
from html import escape
from importlib.resources import files

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse

from app import NAME, __version__
from app.api import html
from app.api.prefix import prefix_of
from app.registry.problems import NotFound
from app.settings import Settings

VALID_FOR = timedelta(days=180)
"""How long security.txt holds: RFC 9116 section 2.5.5 recommends less than a year."""

_KEPT = {"Cache-Control": "public, max-age=86400"}
_FRONT = """<h1>{name}</h1>
<p>Police forces in England and Wales run many units together: dog sections, major crime teams, ICT, custody. This is a
register of these units, of the alliances and agreements behind them, and of who decided what: each fact with its
source, as it was on any day, and as the register said at any time.</p>
<ul>
<li><a href="{prefix}/docs">Documentation</a>: every question that can be asked, to be tried out</li>
<li><a href="{prefix}/v1">What there is</a>, for programs: the index of the API, and
<a href="{prefix}/openapi.json">its description</a> (OpenAPI)</li>
<li><a href="{prefix}/v1/joint-units">Joint units</a>, <a href="{prefix}/v1/forces">forces</a>,
<a href="{prefix}/v1/agreements">agreements</a>, as the API has them</li>
<li><a href="{prefix}/v1/exports">The whole register as files</a></li>
<li><a href="{prefix}/problems">Problems</a>: what an error means, and what to do</li>
</ul>
<h2>Who runs it</h2><p>{operator}</p>
<h2>People in it</h2>
<p>The register names people in public office, with their posts and the days on which they held them, as published
documents do. It is meant to hold nothing else about people.</p>
<h2>Before you rely on it</h2>
<p>A gap in the register is no evidence that something did not exist: what is not recorded may have been all the same.
The data may be used freely (CC0 1.0). Version {version}.</p>"""


def build(settings: Settings) -> APIRouter:
    """The router of the page, robots.txt, security.txt and the icon."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    def front(request: Request) -> HTMLResponse:
        prefix = prefix_of(request)
        said = {"name": NAME, "prefix": escape(prefix), "operator": _run_by(settings), "version": __version__}
        return html.response(NAME, _FRONT.format(**said), prefix)

    @router.get("/robots.txt")
    def robots(request: Request) -> PlainTextResponse:
        prefix = prefix_of(request)
        # every day and revision is an address of its own: a crawler would never end
        return PlainTextResponse(f"User-agent: *\nDisallow: {prefix}/v1/\n", headers=_KEPT)

    @router.get("/.well-known/security.txt")
    def security(request: Request) -> PlainTextResponse:
        if settings.contact_uri is None:
            raise NotFound("nobody is named whom to tell of a weakness: REGISTRY_CONTACT is not set")
        return PlainTextResponse(_security_text(settings, settings.contact_uri, datetime.now(UTC)))

    @router.get("/favicon.ico")
    def icon() -> Response:
        content = files("app.api").joinpath("static", "favicon.ico").read_bytes()
        return Response(content, media_type="image/vnd.microsoft.icon", headers=_KEPT)

    return router


def _run_by(settings: Settings) -> str:
    who = escape(settings.operator or "Who runs this copy of the register is not said.")
    if settings.contact_uri is None:
        return who
    shown, uri = escape(settings.contact or ""), escape(settings.contact_uri)
    return f'{who}</p><p>Questions, corrections, complaints: <a href="{uri}">{shown}</a>'


def _security_text(settings: Settings, contact: str, now: datetime) -> str:
    """Whom to tell of a weakness (RFC 9116); the same all day."""
    expires = datetime.combine(now.date() + VALID_FOR, time(tzinfo=UTC))
    lines = [f"Contact: {contact}", f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}", "Preferred-Languages: en"]
    if settings.public_url:
        lines.append(f"Canonical: {settings.public_url}/.well-known/security.txt")
    return "\n".join([*lines, ""])
