"""Where whatever is done to proposals is carried out and answered: at the desk of all writes."""

from collections.abc import Callable
from typing import Any, NamedTuple, NotRequired, TypedDict, Unpack

from fastapi import Request, Response
from sqlalchemy.orm import Session

from app.api.callers import Caller
from app.api.idempotency import Answered
from app.api.json_bodies import JSON_TYPES, media_type
from app.curation.desk import Desk, answered, sent
from app.curation.json_models import read_model
from app.curation.proposals import descriptions
from app.curation.proposals.addresses import PATH
from app.curation.proposals.bodies import Aside, Remark
from app.curation.proposals.dossiers import Dossier, dossiers, readable
from app.curation.proposals.lists import ProposalQuery, asked_for
from app.curation.proposals.models import Proposal
from app.curation.proposals.proceedings import Proceedings
from app.curation.work_lists import WorkAnswer, WorkList
from app.curation.writes import Written
from app.database import snapshot
from app.registry.documents.canonical import Document
from app.registry.serving.statements import clock


class ProposalReading(NamedTuple):
    """A proposal as it is answered; `own`: who asks wrote a part of it."""

    data: Document
    meta: Document
    tag: str
    own: bool


class Sending(TypedDict):
    """How something is sent: its body and its idempotency key, whether it is tried only, and whether it is new."""

    body: bytes
    key: str | None
    dry_run: bool
    new: NotRequired[bool]


Proceeding = Callable[[Proceedings], tuple[Dossier, Written | None]]
"""What is done to a proposal, and the revision that it made, if it made one."""


class ProposalDesk:
    """Carries out what is done to proposals. `needed`: acceptances that it takes; `days` one lasts, unless it says."""

    def __init__(self, desk: Desk, *, needed: int, days: int) -> None:
        self.desk, self.needed, self.days = desk, needed, days

    def carry_out(self, request: Request, carry_out: Proceeding, caller: Caller, **told: Unpack[Sending]) -> Response:
        """Do something to a proposal, and answer with the proposal as it is then."""
        return sent(request, self.done(request, carry_out, caller, **told))

    def done(self, request: Request, carry_out: Proceeding, caller: Caller, **told: Unpack[Sending]) -> Answered:
        """Do something to a proposal; the answer is the proposal as it is then."""
        dry_run, new = told["dry_run"], told.get("new", False)

        def work(session: Session) -> Answered:
            dossier, written = carry_out(Proceedings(session, self.desk, caller))
            return self._answer(session, dossier, written, dry_run=dry_run, new=new)

        wanted = self.desk.attempt(request, caller, told["key"], told["body"])
        return self.desk.done(work, wanted, dry_run=dry_run)

    def many(self, query: ProposalQuery, caller: Caller, key: Callable[[], bytes]) -> WorkAnswer:
        """A page of the list of proposals, newest first; `key` gives the secret with which cursors are signed."""
        listed = WorkList(PATH, Proposal.number, key)
        asked, behind = listed.question(query)
        with snapshot(self.desk.engine) as connection, Session(connection) as session:
            page = listed.page(session, asked_for(asked, caller), asked, behind)
            data = [descriptions.summary(session, each, self.needed) for each in dossiers(session, page.numbers)]
            return WorkAnswer(data, {**clock(session.connection()).meta, "total": page.total}, page.following)

    def one(self, number: int, caller: Caller) -> ProposalReading:
        """A proposal against what is recorded now."""
        with snapshot(self.desk.engine) as connection, Session(connection) as session:
            dossier = readable(session, number, caller)
            data = descriptions.detail(session, self.desk.register.catalogue, dossier, self.needed)
            return ProposalReading(data, clock(session.connection()).meta, dossier.tag, dossier.is_of(caller))

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
