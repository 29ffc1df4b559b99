"""Where whatever is done to proposals is carried out and answered: at the desk of all writes."""

from collections.abc import Callable
from typing import Any

from fastapi import Request, Response
from sqlalchemy.orm import Session

from app.api.callers import Caller
from app.api.idempotency import Answered
from app.api.json_bodies import JSON_TYPES, media_type
from app.curation.desk import Desk, answered
from app.curation.json_models import read_model
from app.curation.proposals import descriptions
from app.curation.proposals.bodies import Aside, Remark
from app.curation.proposals.dossiers import Dossier
from app.curation.proposals.proceedings import Proceedings
from app.curation.writes import Written

Proceeding = Callable[[Proceedings], tuple[Dossier, Written | None]]
"""What is done to a proposal, and the revision that it made, if it made one."""


class ProposalDesk:
    """Carries out what is done to proposals. `needed`: acceptances that it takes; `days` one lasts, unless it says."""

    def __init__(self, desk: Desk, *, needed: int, days: int) -> None:
        self.desk, self.needed, self.days = desk, needed, days

    def carry_out(
        self,
        request: Request,
        carry_out: Proceeding,
        caller: Caller,
        *,
        body: bytes,
        key: str | None,
        dry_run: bool,
        new: bool = False,
    ) -> Response:
        """Do something to a proposal, and answer with the proposal as it is then."""

        def work(session: Session) -> Answered:
            dossier, written = carry_out(Proceedings(session, self.desk, caller))
            return self._answer(session, dossier, written, dry_run=dry_run, new=new)

        wanted = self.desk.attempt(request, caller, key, body)
        return self.desk.carry_out(request, work, wanted, dry_run=dry_run)

    def _answer(
        self, session: Session, dossier: Dossier, written: Written | None, *, dry_run: bool, new: bool
    ) -> Answered:
        """The proposal as it is now; a dry run gives away no number that nothing will have."""
        data: dict[str, Any] = descriptions.detail(session, self.desk.register.catalogue, dossier, self.needed)
        meta = (written or Written(None, None, [])).meta(dry_run) | {"warnings": data["warnings"]}
        if dry_run:
            gone = {"revision": None} | ({"number": None, "url": None} if new else {})
            return answered(200, data | gone, meta, {}, {})
        links, headers = {"self": data["url"]}, {"ETag": dossier.tag}
        if written:
            links["revision"] = f"/v1/revisions/{written.revision}"
        located = {"Location": data["url"]} if new else {}
        revision = written.revision if written else None
        return answered(201 if new else 200, data, meta, links, headers | located, revision)


def remark(request: Request, body: bytes) -> str:
    """What is said in a body. Raises Unsupported."""
    media_type(request, JSON_TYPES)
    return read_model(Remark, body).text


def aside(request: Request, body: bytes) -> str | None:
    """What is said in a body, if there is one. Raises Unsupported."""
    if not body:
        return None
    media_type(request, JSON_TYPES)
    return read_model(Aside, body).text
