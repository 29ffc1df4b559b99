"""Pages of proposals: whose turn it is, both versions side by side, and what is said and decided."""

from collections.abc import Callable
from typing import NamedTuple

import orjson
from fastapi import Request, Response

from app.api.callers import Caller, Scope
from app.api.dependencies import ReadAccess, Reads
from app.curation.json_models import read_model
from app.curation.proposals.addresses import ProposalNumber
from app.curation.proposals.bodies import Aside, Remark
from app.curation.proposals.dossiers import Dossier
from app.curation.proposals.lists import ProposalQuery
from app.curation.proposals.models import UNDECIDED
from app.curation.proposals.proceedings import Proceedings
from app.explorer.curation import differences
from app.explorer.curation.form_posts import FORM_MARK, FormValues, RawForm, ToldProblem, form_values
from app.explorer.curation.office import Office, see_other
from app.explorer.curation.seats import ParticipantVisit, seat
from app.explorer.curation.visits import Visit

TABS = (
    ("/proposals?state=open", "To review"),
    ("/proposals?mine=true", "Your own"),
    ("/proposals?overdue=true", "Overdue"),
    ("/proposals", "All"),
)
PARTICIPANTS = (Scope.PROPOSE, Scope.APPROVE)


class ProposalVerb(NamedTuple):
    """Something that is done to a proposal with a form of its page: who may, what may be said, and how it is done."""

    scopes: tuple[Scope, ...]
    model: type[Remark | Aside] | None
    do: Callable[[Proceedings, int, str, str, int], Dossier]


def _accept(at: Proceedings, number: int, text: str, version: str, needed: int) -> Dossier:
    return at.accept(number, text or None, version, needed)[0]


VERBS = {
    "comments": ProposalVerb(PARTICIPANTS, Remark, lambda at, number, text, *_: at.comment(number, text)),
    "rebase": ProposalVerb(PARTICIPANTS, None, lambda at, number, _, version, __: at.rebase(number, version)),
    "request-changes": ProposalVerb(
        (Scope.APPROVE,), Remark, lambda at, number, text, version, _: at.request_changes(number, text, version)
    ),
    "accept": ProposalVerb((Scope.APPROVE,), Aside, _accept),
    "reject": ProposalVerb(
        (Scope.APPROVE,), Remark, lambda at, number, text, version, _: at.reject(number, text, version)
    ),
    "withdraw": ProposalVerb((Scope.PROPOSE,), Aside, lambda at, number, text, *_: at.withdraw(number, text or None)),
}


class ProposalPages:
    """Serves the pages."""

    def __init__(self, office: Office) -> None:
        self.office, self.work = office, office.curation.proposals

    def many(self, request: Request, reader: ReadAccess, visit: ParticipantVisit) -> Response:
        """The list: what waits for review, one's own, all."""

        def show(caller: Caller) -> Response:
            query = ProposalQuery.read(request)
            data, meta, following = self.work.many(query, caller, reader.walks.key)
            asked = request.scope["query_string"].decode("latin-1")
            here = "/proposals" + (f"?{asked}" if asked else "")
            context = {"rows": data, "total": meta["total"], "following": following, "tabs": TABS, "here": here}
            return self.office.page(request, visit, "proposals.html", context)

        return self.office.shown(request, visit, PARTICIPANTS, show)

    def one(self, request: Request, number: ProposalNumber, reader: ReadAccess, visit: ParticipantVisit) -> Response:
        """A proposal."""

        def show(caller: Caller) -> Response:
            return self._page(request, number, reader, visit, caller)

        return self.office.shown(request, visit, PARTICIPANTS, show)

    def sending(self, name: str) -> Callable[..., Response]:
        """The endpoint of a form of the page."""
        verb = VERBS[name]
        who = seat(*verb.scopes)

        def send(
            request: Request,
            number: ProposalNumber,
            reader: ReadAccess,
            body: RawForm,
            visit: Visit = who,
        ) -> Response:
            values = form_values(body)

            def again(why: ToldProblem) -> Response:
                if visit.caller is None:
                    return self.office.signed_out(request, visit, body, why)
                caller, text = visit.admitted(*PARTICIPANTS), values.get("text", "")
                return self._page(request, number, reader, visit, caller, why=why, sent=name, text=text)

            return self.office.carried_out(request, lambda: self._done(request, number, visit, verb, values), again)

        return send

    def _done(self, request: Request, number: int, visit: Visit, verb: ProposalVerb, values: FormValues) -> Response:
        """Do what is asked for, to the version that was shown."""
        caller = self.office.admitted(request, visit, values.pop(FORM_MARK, ""), *verb.scopes)
        text = values.get("text", "").strip()
        if verb.model and (text or verb.model is Remark):
            read_model(verb.model, orjson.dumps({"text": text}))
        seen = f'"{values.get("version", "")}"'

        def carry_out(proceedings: Proceedings) -> tuple[Dossier, None]:
            return verb.do(proceedings, number, text, seen, self.work.needed), None

        self.work.done(request, carry_out, caller, body=orjson.dumps(values), key=None, dry_run=False)
        return see_other(request, f"/proposals/{number}")

    def _page(
        self,
        request: Request,
        number: int,
        reader: Reads,
        visit: Visit,
        caller: Caller,
        why: ToldProblem | None = None,
        **sent: str,
    ) -> Response:
        found = self.work.one(number, caller)
        data = found.data
        with reader.primary.connection() as connection:
            changes = differences.of_changes(connection, self.office.catalogue, data["changes"], data["warnings"])
        context = {
            "proposal": data,
            "own": found.own,
            "changes": changes,
            "warnings": differences.apart(changes, data["warnings"]),
            "moved": any(each["moved"] for each in data["changes"]),
            "undecided": data["state"] in UNDECIDED,
            "path": f"/proposals/{number}",
            "sent": "",
            "text": "",
            **sent,
        }
        return self.office.page(request, visit, "proposal.html", context, why)
