"""What all pages of curators share: who sits there, forms that cannot be forged, and answers that nobody keeps."""

from collections.abc import Callable
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from app.api.callers import Caller, Scope
from app.api.prefix import address, prefix_of
from app.api.rate_limits import rate_limits
from app.curation.installation import Curation
from app.explorer.curation.form_posts import FORM_MARK, REFUSALS, ToldProblem, form_values, refuse_forged, told
from app.explorer.curation.visits import Visit, Visits
from app.explorer.links import PageLinks
from app.explorer.rendering import HEADERS, Pages
from app.registry.documents.canonical import Document

Again = Callable[[ToldProblem], Response]
"""Makes the page of a form that was refused: with what was filled in, and why it was refused."""


class Office:
    """The pages, the visits to them, and the desks at which everything is carried out."""

    def __init__(self, pages: Pages, visits: Visits, curation: Curation) -> None:
        self.pages, self.visits, self.curation = pages, visits, curation
        self.catalogue = curation.desk.register.catalogue

    def page(
        self, request: Request, visit: Visit, template: str, context: Document, why: ToldProblem | None = None
    ) -> Response:
        """A page that is for this visit alone; with the status of the API, where it says why nothing was done."""
        links = PageLinks(prefix_of(request), request.scope["path"], {})
        shared = {"visit": visit, "mark": FORM_MARK, "token": lambda path: self.visits.token(visit, request, path)}
        content = self.pages.written(template, links, None, **{**shared, **context, "told": why})
        headers = {**HEADERS, "Cache-Control": "no-store", **(why.headers if why else {})}
        response = HTMLResponse(content, why.status if why else 200, headers)
        if visit.fresh:
            self.visits.keep(request, response, visit)
        return response

    def shown(
        self, request: Request, visit: Visit, scopes: tuple[Scope, ...], show: Callable[[Caller], Response]
    ) -> Response:
        """A page for who has signed in with one of the scopes; whoever has not signed in is led there first."""
        if visit.caller is None:
            return see_other(request, f"/sign-in?{urlencode({'to': request.scope['path']})}")
        return show(visit.admitted(*scopes))

    def signed_out(self, request: Request, visit: Visit, body: bytes, why: ToldProblem) -> Response:
        """What was filled in, to be sent once more by who has signed in again."""
        values = {name: value for name, value in form_values(body).items() if name != FORM_MARK}
        context = {"values": values, "path": request.scope["path"]}
        return self.page(request, visit, "signed_out.html", context, why)

    def carried_out(self, request: Request, work: Callable[[], Response], again: Again) -> Response:
        """What a form leads to, or the form once more with what is in its way."""
        try:
            return work()
        except REFUSALS as error:
            return again(told(request, error))

    def admitted(self, request: Request, visit: Visit, mark: str, *scopes: Scope) -> Caller:
        """Who sends a form, which is counted as a write. Raises Refused for a forged one, and for who may not."""
        caller = visit.admitted(*scopes)
        refuse_forged(request, self.visits, visit, mark)
        rate_limits(request).writes.count(request, caller.actor)
        return caller


def see_other(request: Request, path: str) -> Response:
    """303: what was sent is done, and is not sent again when the page is loaded anew."""
    return RedirectResponse(address(request, path), 303, {"Cache-Control": "no-store"})
