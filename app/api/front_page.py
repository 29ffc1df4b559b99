"""What lies at the door: what programs look for on every host."""

from datetime import UTC, datetime, time, timedelta
from importlib.resources import files

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from app.api.prefix import prefix_of
from app.registry.problems import NotFound
from app.settings import Settings

VALID_FOR = timedelta(days=180)
"""How long security.txt holds: RFC 9116 section 2.5.5 recommends less than a year."""

_KEPT = {"Cache-Control": "public, max-age=86400"}


def build(settings: Settings) -> APIRouter:
    """The router of robots.txt, security.txt and the icon."""
    router = APIRouter(include_in_schema=False)

    @router.get("/robots.txt")
    def robots(request: Request) -> PlainTextResponse:
        prefix = prefix_of(request)
        # every day and revision is an address of its own: a crawler would never end
        found = f"Sitemap: {settings.public_url}/sitemap.xml\n" if settings.public_url else ""
        return PlainTextResponse(
            f"User-agent: *\nDisallow: {prefix}/v1/\nDisallow: {prefix}/*?\nDisallow: {prefix}/propose\n"
            f"Disallow: {prefix}/looks-wrong\n{found}",
            headers=_KEPT,
        )

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


def _security_text(settings: Settings, contact: str, now: datetime) -> str:
    """Whom to tell of a weakness (RFC 9116); the same all day."""
    expires = datetime.combine(now.date() + VALID_FOR, time(tzinfo=UTC))
    lines = [f"Contact: {contact}", f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}", "Preferred-Languages: en"]
    if settings.public_url:
        lines.append(f"Canonical: {settings.public_url}/.well-known/security.txt")
    return "\n".join([*lines, ""])
