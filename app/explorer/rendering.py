"""Templates to answers: what every page has, the headers it goes out with, and the words of dates and presence."""

from functools import cache
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from app import NAME, __version__
from app.api.prefix import prefix_of
from app.api.responses import respond
from app.explorer import fields
from app.explorer.assets import DIGEST, MADE_OF, POLICY
from app.explorer.links import PageLinks, lapse_in_words
from app.registry.dates import in_words
from app.registry.documents.canonical import Document
from app.registry.serving.statements import Clock, today
from app.settings import Settings

HEADERS = {"Content-Security-Policy": POLICY, "Referrer-Policy": "same-origin"}
NAVIGATION = (
    ("/joint-units", "Joint units"),
    ("/forces", "Forces"),
    ("/network", "Network"),
    ("/timeline", "Timeline"),
    ("/statistics/joint-units", "Statistics"),
    ("/coverage", "Coverage"),
    ("/how-to-read", "How to read it"),
)
PRESENCE = {
    "certain": "evidence on both sides",
    "presumed": "nothing says it stopped",
    "possible": "the date is not known so well",
    "absent": "not in being",
}
"""The words of presence, and what each means."""


@cache
def environment() -> Environment:
    """The templates: everything that is put into them is escaped, and nothing is missing without a failure."""
    found = Environment(
        loader=PackageLoader("app.explorer"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals.update(
        site=NAME, version=__version__, presences=PRESENCE, navigation=NAVIGATION, label=fields.label, fields=fields
    )
    found.filters.update(day=day_in_words, number=lambda value: f"{value:,}", kind=fields.words)
    return found


def day_in_words(text: str) -> str:
    """A day, month or year as a reader writes it, or a time by its day: `1 June 2010`."""
    return in_words(text[:10])


class Pages:
    """What pages are written with: the settings, and the templates."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def written(self, template: str, links: PageLinks, when: Clock | None, **context: Any) -> str:
        """A page as text."""
        shared = {
            "links": links,
            "when": when,
            "static": f"{links.prefix}/static/{DIGEST}",
            "today": today(),
            "operator": self.settings.operator,
            "contact": self.settings.contact,
            "contact_uri": self.settings.contact_uri,
            "public_url": self.settings.public_url,
            "reports": self.settings.public_reports,
            "issuer": self.settings.oidc_issuer,
            "lapse": lapse_in_words(when.presumed_for if when else None),
        }
        return environment().get_template(template).render({**shared, **context})

    def answered(self, request: Request, template: str, links: PageLinks, when: Clock, **context: Any) -> Response:
        """A page as an answer, which a cache may keep until the next revision or day."""
        content = self.written(template, links, when, **context).encode()
        response = respond(request, content, when, {}, "text/html", variant=MADE_OF + today())
        response.headers.update(HEADERS)
        response.headers.append("Link", f'<{links.data()}>; rel="alternate"; type="application/json"')
        return response

    def problem(self, request: Request, status: int, **context: Any) -> HTMLResponse:
        """A page that says what went wrong."""
        links = PageLinks(prefix_of(request), request.scope["path"], {})
        content = self.written("problem.html", links, None, status=status, **context)
        return HTMLResponse(content, status, HEADERS)


def counted(count: Document) -> str:
    """`7 certain, 10 presumed, 16 possible`: a number of records is never one number."""
    return ", ".join(f"{count[name]} {name}" for name in ("certain", "presumed", "possible"))
