"""Where changes are proposed: the form is filled in, what it would change is looked at, and it is proposed or recorded.

Each step is a form that is sent to one address; `step` says which. Nothing is kept in between.
"""

from functools import partial
from secrets import token_urlsafe
from typing import Any

import orjson
from fastapi import Request, Response

from app.api.callers import Caller, Scope
from app.api.idempotency import Answered
from app.curation.json_models import read_model
from app.curation.proposals.bodies import ProposalBody
from app.curation.proposals.dossiers import Dossier
from app.curation.proposals.proceedings import Proceedings
from app.explorer import fields
from app.explorer.curation import differences
from app.explorer.curation.change_forms import FormGround, brought_together, context_of
from app.explorer.curation.documents import places_in
from app.explorer.curation.drafts import EVIDENCE, DraftReader, FormDraft
from app.explorer.curation.form_fields import added
from app.explorer.curation.form_posts import FORM_MARK, FormValues, ToldProblem, form_values
from app.explorer.curation.office import Office, see_other
from app.explorer.curation.resolution import is_free, resolver
from app.explorer.curation.visits import Visit
from app.registry.documents.canonical import Document
from app.registry.serving.statements import today
from app.registry.writing.merging import fields_changed

ADD = "add:"
"""What the step begins with that adds an entry to a list."""
LONGEST_TITLE = 200


class ChangeDesk:
    """Serves the form of a change."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def shown(
        self,
        request: Request,
        visit: Visit,
        ground: FormGround,
        values: FormValues,
        why: ToldProblem | None = None,
        draft: FormDraft | None = None,
        **notes: Any,
    ) -> Response:
        """The form, as it is filled in."""
        with request.app.state.reader.connection() as connection:
            context = {"clashes": [], "together": False, **context_of(connection, ground, values, why, draft), **notes}
        return self.office.page(request, visit, "change_form.html", context, why)

    def sent(self, request: Request, visit: Visit, ground: FormGround, body: bytes) -> Response:
        """What a step leads to."""
        values = form_values(body)
        turn = FormTurn(self, request, visit, ground, values)
        return self.office.carried_out(request, turn.carried_out, turn.again)


class FormTurn:
    """One step of one form."""

    def __init__(
        self, desk: ChangeDesk, request: Request, visit: Visit, ground: FormGround, values: FormValues
    ) -> None:
        self.desk, self.office = desk, desk.office
        self.request, self.visit, self.ground, self.values = request, visit, ground, values
        self.mark, self.step = values.pop(FORM_MARK, ""), values.pop("step", "look")
        self.draft: FormDraft | None = None

    def again(self, why: ToldProblem) -> Response:
        """The form once more: all that was filled in, and what is in its way."""
        return self.desk.shown(self.request, self.visit, self.ground, self.values, why, self.draft)

    def carried_out(self) -> Response:
        """Do what is asked for."""
        caller = self.office.admitted(self.request, self.visit, self.mark, Scope.PROPOSE)
        if self.step == "edit" or self.step.startswith(ADD):
            return self._filled_in(self.step.removeprefix(ADD) if self.step != "edit" else "")
        if self.step == "bring-together":
            return self._brought_together()
        self.draft = draft = self._read()
        steps = {"propose": self._proposed, "record": self._recorded}
        return steps.get(self.step, self._looked_at)(caller, draft)

    def _filled_in(self, path: str) -> Response:
        """The form with one more entry in a list."""
        places = places_in(self.values, EVIDENCE)
        more = {f"{EVIDENCE}/{places[-1] + 1 if places else 0}/source": ""} if path == EVIDENCE else {}
        values = {**self.values, **more} if more else added(self.ground.collection.plan, self.values, path)
        return self.desk.shown(self.request, self.visit, self.ground, values)

    def _brought_together(self) -> Response:
        """The form on the record as it is now, with what others changed."""
        reader = self.request.app.state.reader
        with reader.connection() as connection:
            ground = self.ground.at(connection, self.values.get("seen", ""))
            values, clashes = brought_together(connection, ground, self.values, resolver(connection, reader))
        labels = [fields.label(clash.field) for clash in clashes]
        return self.desk.shown(self.request, self.visit, ground, values, clashes=labels, together=True)

    def _read(self) -> FormDraft:
        """Read the form, on the record as it was when the form was made."""
        reader = self.request.app.state.reader
        with reader.connection() as connection:
            ground = self.ground = self.ground.at(connection, self.values.get("seen", ""))
            drafts = DraftReader(ground.collection, resolver(connection, reader), partial(is_free, connection))
            return drafts.read(
                self.values,
                recorded=ground.recorded,
                revision=ground.revision,
                slug=ground.slug,
                standing=ground.standing,
            )

    def _body(self, draft: FormDraft, **more: Any) -> bytes:
        return orjson.dumps({"reason": self.values.get("reason", ""), "operations": draft.operations, **more})

    def _title(self, document: Document) -> str:
        """The title that was given, else what is changed."""
        name = document.get("name") or self.ground.name or document["id"]
        recorded = self.ground.recorded
        names = fields_changed(recorded, document) if recorded else []
        said = ", ".join(fields.label(each).lower() for each in names if each not in ("citations", "type"))
        made = f"{name}: {said or 'evidence'}" if recorded else f"New: {name}"
        return self.values.get("title", "").strip() or " ".join(made.split())[:LONGEST_TITLE]

    def _tried(self, caller: Caller, draft: FormDraft, *, dry_run: bool) -> Answered:
        """Propose what was read, or another version of the proposal that is amended; or only try it."""
        work, ground = self.office.curation.proposals, self.ground
        due = {"due": ground.due} if ground.due and ground.due >= today() else {}
        body = self._body(draft, title=self._title(draft.document), **due)
        proposed, seen = read_model(ProposalBody, body), f'"{self.values.get("version", "")}"'

        def opened(proceedings: Proceedings) -> tuple[Dossier, None]:
            return proceedings.open(proposed, proposed.last_days(None, work.days)), None

        def amended(proceedings: Proceedings) -> tuple[Dossier, None]:
            return proceedings.amend(ground.number or 0, proposed, work.days, seen), None

        carry_out, key = amended if ground.number else opened, self.values.get("once")
        return work.done(
            self.request, carry_out, caller, body=body, key=key, dry_run=dry_run, new=ground.number is None
        )

    def _looked_at(self, caller: Caller, draft: FormDraft) -> Response:
        """What would be changed, before anything is."""
        found = orjson.loads(self._tried(caller, draft, dry_run=True).body)["data"]
        with self.request.app.state.reader.connection() as connection:
            changes = differences.of_changes(connection, self.office.catalogue, found["changes"], found["warnings"])
        context = {
            "ground": self.ground,
            "values": {**self.values, "once": token_urlsafe(12)},
            "changes": changes,
            "warnings": differences.apart(changes, found["warnings"]),
            "title": found["title"],
            "may_record": self.ground.number is None and self.visit.may(Scope.CURATE),
        }
        return self.office.page(self.request, self.visit, "change_review.html", context)

    def _proposed(self, caller: Caller, draft: FormDraft) -> Response:
        found = orjson.loads(self._tried(caller, draft, dry_run=False).body)["data"]
        return see_other(self.request, f"/proposals/{found['number']}")

    def _recorded(self, _: Caller, draft: FormDraft) -> Response:
        """Record it at once, for who may: what `POST /v1/revisions` does."""
        curator = self.visit.admitted(Scope.CURATE)
        self.office.curation.revisions.carried_out(
            self.request, curator, self._body(draft), self.values.get("once"), dry_run=False
        )
        return see_other(self.request, f"/{self.ground.collection.path}/{draft.document['id']}")
