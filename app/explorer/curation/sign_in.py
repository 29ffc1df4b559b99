"""Signing in with a key, or a token of the identity provider, and signing out."""

import re

from fastapi import Request, Response

from app.api.callers import proven
from app.explorer.curation.form_posts import FORM_MARK, FormValues, RawForm, ToldProblem, form_values, refuse_forged
from app.explorer.curation.office import Office, see_other
from app.explorer.curation.seats import AnyVisit
from app.explorer.curation.visits import Visit, new_visit

DESK = "/proposals"
"""Where one comes to who was on the way to nowhere else."""
_PATH = re.compile(r"(/[a-z0-9][a-z0-9-]*)+")


class SignIn:
    """Serves the page with one form."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def page(self, request: Request, visit: AnyVisit) -> Response:
        """The form."""
        self.office.visits.refuse_plain(request)
        return self._page(request, visit, {"to": request.query_params.get("to", "")})

    def sign_in(self, request: Request, visit: AnyVisit, body: RawForm) -> Response:
        """Look at the key, and give the browser a cookie that names it."""
        values = form_values(body)

        def work() -> Response:
            self.office.visits.refuse_plain(request)
            refuse_forged(request, self.office.visits, visit, values.get(FORM_MARK, ""))
            caller = proven(request, values.get("key", "").strip())
            response = see_other(request, _within(values))
            self.office.visits.keep(request, response, new_visit(caller))
            return response

        return self.office.carried_out(request, work, lambda why: self._page(request, visit, values, why))

    def sign_out(self, request: Request, visit: AnyVisit, body: RawForm) -> Response:
        """Take the cookie from the browser."""
        values = form_values(body)

        def work() -> Response:
            refuse_forged(request, self.office.visits, visit, values.get(FORM_MARK, ""))
            response = see_other(request, "/sign-in")
            self.office.visits.end(request, response)
            return response

        return self.office.carried_out(request, work, lambda why: self._page(request, visit, values, why))

    def _page(self, request: Request, visit: Visit, values: FormValues, why: ToldProblem | None = None) -> Response:
        """The form; a key that was refused is not shown again."""
        return self.office.page(request, visit, "sign_in.html", {"to": _within(values)}, why)


def _within(values: FormValues) -> str:
    """Where to go on: a page of this register, whatever the address said."""
    path = values.get("to", "")
    return path if _PATH.fullmatch(path) else DESK
