"""The addresses of forms of changes: of a record, of a new one, and of a proposal that is amended."""

from collections.abc import Callable
from functools import partial

from fastapi import Request, Response

from app.api.callers import Caller, Scope
from app.api.dependencies import ReadAccess, RecordId
from app.curation.proposals.addresses import ProposalNumber
from app.explorer.curation.change_desk import ChangeDesk
from app.explorer.curation.change_forms import FormGround, ground_now
from app.explorer.curation.form_posts import RawForm
from app.explorer.curation.office import Office, see_other
from app.explorer.curation.seats import ProposerVisit
from app.registry.collection import Collection
from app.registry.documents.canonical import Document
from app.registry.problems import Fault, Merged, Refused
from app.registry.serving.statements import clock, find


class ChangePages:
    """Serves the forms."""

    def __init__(self, office: Office) -> None:
        self.office, self.desk = office, ChangeDesk(office)
        self.by_path = {each.path: each for each in office.catalogue}

    def kinds(self, request: Request, visit: ProposerVisit) -> Response:
        """Of which kinds new records can be proposed."""
        return self.office.shown(
            request, visit, (Scope.PROPOSE,), lambda _: self.office.page(request, visit, "propose.html", {})
        )

    def new(self, request: Request, collection: str, visit: ProposerVisit) -> Response:
        """The form of a new record."""
        ground = FormGround(self.by_path[collection], None)
        return self._shown(request, visit, lambda _: (ground, ground.first_values(None)))

    def send_new(self, request: Request, collection: str, visit: ProposerVisit, body: RawForm) -> Response:
        """A step of it."""
        return self.desk.sent(request, visit, FormGround(self.by_path[collection], None), body)

    def change(
        self, request: Request, collection: str, slug: RecordId, reader: ReadAccess, visit: ProposerVisit
    ) -> Response:
        """The form of a change of a record."""
        try:
            ground = self._ground(reader, self.by_path[collection], slug)
        except Merged as merged:
            return see_other(request, "/propose" + merged.survivor.removeprefix("/v1"))
        return self._shown(request, visit, lambda _: (ground, ground.first_values(ground.recorded)))

    def send_change(
        self,
        request: Request,
        collection: str,
        slug: RecordId,
        reader: ReadAccess,
        visit: ProposerVisit,
        body: RawForm,
    ) -> Response:
        """A step of it."""
        with reader.primary.connection() as connection:
            # where it was withdrawn meanwhile, that is told with the form
            ground = ground_now(connection, self.by_path[collection], slug)
        return self.desk.sent(request, visit, ground, body)

    def amend(self, request: Request, number: ProposalNumber, reader: ReadAccess, visit: ProposerVisit) -> Response:
        """The form of a proposal, filled with what it says."""

        def made(caller: Caller) -> tuple[FormGround, dict[str, str]]:
            found = self.office.curation.proposals.one(number, caller).data
            ground = self._amended(reader, found)
            own = {"title": found["title"], "reason": found["reason"], "version": str(found["version"])}
            return ground, ground.first_values(_main(found)["document"], **own)

        return self._shown(request, visit, made)

    def send_amended(
        self, request: Request, number: ProposalNumber, reader: ReadAccess, visit: ProposerVisit, body: RawForm
    ) -> Response:
        """A step of it."""

        def work() -> Response:
            found = self.office.curation.proposals.one(number, visit.admitted(Scope.PROPOSE)).data
            return self.desk.sent(request, visit, self._amended(reader, found), body)

        if visit.caller is None:
            return self.office.carried_out(request, work, partial(self.office.signed_out, request, visit, body))
        return work()

    def _shown(
        self, request: Request, visit: ProposerVisit, made: Callable[[Caller], tuple[FormGround, dict[str, str]]]
    ) -> Response:
        def show(caller: Caller) -> Response:
            ground, values = made(caller)
            return self.desk.shown(request, visit, ground, values)

        return self.office.shown(request, visit, (Scope.PROPOSE,), show)

    def _ground(self, reader: ReadAccess, collection: Collection, slug: str) -> FormGround:
        """A record as it stands now. Raises NotFound, Gone and Merged."""
        with reader.primary.connection() as connection:
            find(connection, collection, slug, clock(connection))
            return ground_now(connection, collection, slug)

    def _amended(self, reader: ReadAccess, found: Document) -> FormGround:
        """What a proposal is about, on what is recorded now."""
        main = _main(found)
        collection = self.office.catalogue.by_type[main["record"]["type"]]
        with reader.primary.connection() as connection:
            ground = ground_now(connection, collection, main["record"]["id"])
        sources = [each["document"] | {"type": "source"} for each in found["changes"] if each is not main]
        return FormGround(
            collection,
            main["record"]["id"],
            ground.recorded,
            ground.revision,
            sources,
            found["number"],
            found["due"],
        )


def _main(found: Document) -> Document:
    """The change that a form can show: that of the one record that a proposal is about, besides sources that it makes.

    Raises Refused where there is no such one.
    """
    changes: list[Document] = found["changes"]
    others = [each for each in changes if not (each["change"] == "created" and each["record"]["type"] == "source")]
    chosen = others or changes[:1]
    if len(chosen) != 1 or chosen[0]["document"] is None or (not others and len(changes) > 1):
        detail = "the proposal is about more than a form can show; amend it through the API"
        raise Refused("conflict", detail, (Fault("path/id", detail),))
    return chosen[0]
