"""Pages of reports: "this looks wrong", for readers, and for those who look at what was reported."""

from typing import Any

import orjson
from fastapi import Request, Response

from app.api.callers import Caller, Scope, count_report
from app.api.dependencies import ReadAccess, Reads, RecordId
from app.curation.reports.admission import reporter
from app.curation.reports.endpoints import ReportNumber
from app.curation.reports.lists import ReportQuery
from app.curation.reports.models import CLOSED, ReportState
from app.explorer import fields
from app.explorer.curation.form_posts import FORM_MARK, FormValues, RawForm, ToldProblem, form_values, refuse_forged
from app.explorer.curation.office import Office, see_other
from app.explorer.curation.seats import AnyVisit, TriagerVisit
from app.explorer.curation.visits import Visit
from app.registry.collection import Collection
from app.registry.documents.canonical import Document, parse_json
from app.registry.problems import Merged
from app.registry.serving.statements import clock, find

TRIAGERS = (Scope.CURATE, Scope.APPROVE)
TABS = (("/reports?state=new,triaged", "Open"), ("/reports", "All"))


class ReportPages:
    """Serves the pages."""

    def __init__(self, office: Office) -> None:
        self.office, self.desk = office, office.curation.reports
        self.by_path = {each.path: each for each in office.catalogue}

    def form(self, request: Request, collection: str, slug: RecordId, reader: ReadAccess, visit: AnyVisit) -> Response:
        """The form of a report."""
        if not (self.office.pages.settings.public_reports or visit.caller):
            return see_other(request, f"/sign-in?to={request.scope['path']}")
        try:
            return self._form(request, self.by_path[collection], slug, reader, visit, {})
        except Merged as merged:
            return see_other(request, "/looks-wrong" + merged.survivor.removeprefix("/v1"))

    def send(
        self, request: Request, collection: str, slug: RecordId, reader: ReadAccess, visit: AnyVisit, body: RawForm
    ) -> Response:
        """Take what is reported."""
        values, of = form_values(body), self.by_path[collection]
        mark = values.pop(FORM_MARK, "")

        def work() -> Response:
            refuse_forged(request, self.office.visits, visit, mark)
            caller = reporter(request, count_report(request, visit.caller))
            told = {name: value.strip() for name, value in values.items() if value.strip()}
            sent = orjson.dumps({**told, "record": f"{of.type}:{slug}"})
            found = orjson.loads(self.desk.taken(request, caller, sent, None, dry_run=False).body)["data"]
            return see_other(request, f"/looks-wrong/thanks/{found['number']}")

        def again(why: ToldProblem) -> Response:
            return self._form(request, of, slug, reader, visit, values, why)

        return self.office.carried_out(request, work, again)

    def thanks(self, request: Request, number: ReportNumber, visit: AnyVisit) -> Response:
        """What becomes of a report that was sent; nothing is told of it."""
        return self.office.page(request, visit, "report_thanks.html", {"number": number})

    def many(self, request: Request, reader: ReadAccess, visit: TriagerVisit) -> Response:
        """The list of reports."""

        def show(caller: Caller) -> Response:
            data, meta, following = self.desk.listed(ReportQuery.read(request), caller, reader.walks.key)
            asked = request.scope["query_string"].decode("latin-1")
            here = "/reports" + (f"?{asked}" if asked else "")
            context = {"rows": data, "total": meta["total"], "following": following, "tabs": TABS, "here": here}
            return self.office.page(request, visit, "reports.html", context)

        return self.office.shown(request, visit, TRIAGERS, show)

    def one(self, request: Request, number: ReportNumber, visit: TriagerVisit) -> Response:
        """A report."""
        return self.office.shown(
            request, visit, TRIAGERS, lambda caller: self._report(request, number, visit, caller, {})
        )

    def move(self, request: Request, number: ReportNumber, visit: TriagerVisit, body: RawForm) -> Response:
        """Say what becomes of a report."""
        values = form_values(body)
        mark = values.pop(FORM_MARK, "")

        def work() -> Response:
            caller = self.office.admitted(request, visit, mark, *TRIAGERS)
            told: dict[str, Any] = {name: value.strip() for name, value in values.items() if value.strip()}
            if told.get("proposal", "").isdecimal():
                told["proposal"] = int(told["proposal"])
            self.desk.moved(request, number, caller, orjson.dumps(told), None, dry_run=False)
            return see_other(request, f"/reports/{number}")

        def again(why: ToldProblem) -> Response:
            if visit.caller is None:
                return self.office.signed_out(request, visit, body, why)
            return self._report(request, number, visit, visit.admitted(*TRIAGERS), values, why)

        return self.office.carried_out(request, work, again)

    def _form(
        self,
        request: Request,
        collection: Collection,
        slug: str,
        reader: Reads,
        visit: Visit,
        values: FormValues,
        why: ToldProblem | None = None,
    ) -> Response:
        with reader.primary.connection() as connection:
            record = parse_json(find(connection, collection, slug, clock(connection)).body)
        context = {
            "collection": collection,
            "record": record,
            "pointers": list(_pointers(collection, record)),
            "values": values,
            "path": f"/looks-wrong/{collection.path}/{slug}",
        }
        return self.office.page(request, visit, "report_form.html", context, why)

    def _report(
        self,
        request: Request,
        number: int,
        visit: Visit,
        caller: Caller,
        values: FormValues,
        why: ToldProblem | None = None,
    ) -> Response:
        report = self.desk.report(number, caller)
        context = {
            "report": report,
            "values": values,
            "states": [(each.value, each.value) for each in list(ReportState)[1:]],
            "closed": report["state"] in CLOSED,
        }
        return self.office.page(request, visit, "report_page.html", context, why)


def _pointers(collection: Collection, record: Document) -> Any:
    """The facts of a record that a report can be about."""
    for each in collection.plan.fields:
        if each.name in record and each.name not in ("id", "type", "url", "revision", "not_recorded"):
            yield f"/{each.name}", fields.label(each.name, collection.type)
