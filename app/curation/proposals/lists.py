"""The list of proposals: who may see which, and the filters."""

import re
from typing import Annotated

from pydantic import WithJsonSchema
from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.api.callers import Caller
from app.api.parameters import invalid
from app.api.query_models import TextParameter
from app.curation.proposals.authorship import WRITING
from app.curation.proposals.models import (
    UNDECIDED,
    Proposal,
    ProposalEvent,
    ProposalEventKind,
    ProposalState,
    ProposalSubject,
)
from app.curation.work_lists import WorkQuery, chosen, is_true
from app.registry.serving.statements import today

REVIEWING = (ProposalEventKind.CHANGES_REQUESTED, ProposalEventKind.ACCEPTED, ProposalEventKind.REJECTED)
ME = "me"
_NAME = re.compile(r"[a-z0-9:-]{1,170}")
Truth = Annotated[str | None, WithJsonSchema({"type": "string", "enum": ["true", "false"]})]


class ProposalQuery(WorkQuery):
    """What the list of proposals takes."""

    state: TextParameter = None
    """Where they stand: `open`, `changes-requested`, `accepted`, `rejected`, `withdrawn`, `expired`. Several with
    commas."""
    record: TextParameter = None
    """Those that change this record: `joint-unit:bch-dog-unit`."""
    force: TextParameter = None
    """Those that change a record in which this force takes part, by its id."""
    reviewer: TextParameter = None
    """Those that this key judged: the id of a key, or `me` for any key of the one who asks."""
    mine: Truth = None
    """`true`: those of which the one who asks wrote a part, with whatever key."""
    overdue: Truth = None
    """`true`: those that nobody decided in the time in which they were due."""


def asked_for(query: ProposalQuery, caller: Caller) -> Select[int]:
    """The numbers of the proposals that the query means, of those that the caller may see. Raises Unsupported."""
    found = select(Proposal.number)
    if caller.forces is not None:
        found = found.where(
            or_(_about("force", *caller.forces), _events(WRITING, ProposalEvent.account, caller.account))
        )
    if query.state:
        states = chosen("state", query.state, tuple(ProposalState))
        found = found.where(or_(*(_stands(ProposalState(state)) for state in states)))
    for kind, value in (("record", query.record), ("force", query.force)):
        if value:
            found = found.where(_about(kind, _named(kind, value)))
    if query.reviewer == ME:
        found = found.where(_events(REVIEWING, ProposalEvent.account, caller.account))
    elif query.reviewer:
        found = found.where(_events(REVIEWING, ProposalEvent.actor, _named("reviewer", query.reviewer)))
    if is_true("mine", query.mine):
        found = found.where(_events(WRITING, ProposalEvent.account, caller.account))
    if is_true("overdue", query.overdue):
        found = found.where(_undecided(), Proposal.due < today())
    return found


def _undecided() -> ColumnElement[bool]:
    return and_(Proposal.state.in_(UNDECIDED), Proposal.expires > today())


def _stands(state: ProposalState) -> ColumnElement[bool]:
    """Proposals in a state: `Dossier.state`, in SQL."""
    if state is ProposalState.EXPIRED:
        return and_(Proposal.state.in_(UNDECIDED), Proposal.expires <= today())
    return and_(Proposal.state == state, Proposal.expires > today()) if state in UNDECIDED else Proposal.state == state


def _about(kind: str, *names: str) -> ColumnElement[bool]:
    return exists().where(
        ProposalSubject.proposal == Proposal.number, ProposalSubject.kind == kind, ProposalSubject.name.in_(names)
    )


def _events(
    kinds: tuple[ProposalEventKind, ...], column: InstrumentedAttribute[str], value: str
) -> ColumnElement[bool]:
    return exists().where(ProposalEvent.proposal == Proposal.number, ProposalEvent.kind.in_(kinds), column == value)


def _named(name: str, value: str) -> str:
    if not _NAME.fullmatch(value):
        raise invalid(name, "names nothing; write ids as answers have them")
    return value
