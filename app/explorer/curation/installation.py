"""All pages of curators, put together with the desks at which their forms are carried out."""

from collections.abc import Callable
from functools import partial

from fastapi import APIRouter, FastAPI, Response

from app.api.dependencies import Reads
from app.curation.authentication import caller_of_key
from app.curation.installation import Curation
from app.explorer.curation.change_pages import ChangePages
from app.explorer.curation.office import Office
from app.explorer.curation.proposal_pages import VERBS, ProposalPages
from app.explorer.curation.report_pages import ReportPages
from app.explorer.curation.sign_in import SignIn
from app.explorer.curation.visits import Visits
from app.explorer.rendering import Pages

PageRoute = tuple[str, str, Callable[..., Response]]
RECORD = "/{collection:collection}/{id}"


def install(app: FastAPI, pages: Pages, curation: Curation, reader: Reads) -> None:
    """Add the pages to the application, and what says who has signed in."""
    https = (pages.settings.public_url or "").startswith("https:")
    visits = Visits(reader.walks.key, partial(caller_of_key, curation.desk), https=https)
    app.state.visits, app.state.signed_in = visits, visits.signed_in
    router = APIRouter(include_in_schema=False)
    for method, path, endpoint in _endpoints(Office(pages, visits, curation)):
        router.add_api_route(path, endpoint, methods=[method])
    app.include_router(router)


def _endpoints(office: Office) -> list[PageRoute]:
    sign_in, changes = SignIn(office), ChangePages(office)
    proposals, reports = ProposalPages(office), ReportPages(office)
    return [
        ("GET", "/sign-in", sign_in.page),
        ("POST", "/sign-in", sign_in.sign_in),
        ("POST", "/sign-out", sign_in.sign_out),
        ("GET", "/propose", changes.kinds),
        ("GET", "/propose/{collection:collection}", changes.new),
        ("POST", "/propose/{collection:collection}", changes.send_new),
        ("GET", f"/propose{RECORD}", changes.change),
        ("POST", f"/propose{RECORD}", changes.send_change),
        ("GET", "/proposals", proposals.many),
        ("GET", "/proposals/{id}", proposals.one),
        ("GET", "/proposals/{id}/amend", changes.amend),
        ("POST", "/proposals/{id}/amend", changes.send_amended),
        *(("POST", f"/proposals/{{id}}/{verb}", proposals.sending(verb)) for verb in VERBS),
        ("GET", "/looks-wrong/thanks/{id}", reports.thanks),
        ("GET", f"/looks-wrong{RECORD}", reports.form),
        ("POST", f"/looks-wrong{RECORD}", reports.send),
        ("GET", "/reports", reports.many),
        ("GET", "/reports/{id}", reports.one),
        ("POST", "/reports/{id}/state", reports.move),
    ]
