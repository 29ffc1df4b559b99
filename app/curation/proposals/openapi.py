"""What FastAPI is told of proposals, beside the signatures of their endpoints."""

from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, Field

from app.api.documentation import OperationWords
from app.api.envelopes import Described, Links, ListMeta, Meta, PatchOperation, ProblemFault
from app.curation.openapi import (
    OF_BODIES,
    OF_CHANGES,
    OF_KEYED_READS,
    OF_WRITES,
    WriteLinks,
    WriteMeta,
    keyed_read,
    of_model,
    operation,
)
from app.curation.operations import AnyOperation
from app.curation.proposals.bodies import Aside, ProposalBody, Remark
from app.curation.proposals.lists import ProposalQuery
from app.curation.proposals.models import ProposalEventKind, ProposalState
from app.registry.documents.canonical import Document
from app.registry.documents.values import Reference

TAG: Document = {
    "name": "proposals",
    "description": "Changes that wait for others to look at them. Nobody accepts what they wrote a part of.",
}


class ProposalSummary(Described):
    """A proposal in a line."""

    number: int | None
    """Its number; null: a dry run."""
    url: str | None
    """Where to read it; null: a dry run."""
    state: ProposalState
    """Where it stands."""
    version: int
    """Which version it is: amendments and rebases count. `If-Match` says which one was seen."""
    title: str
    """What it is about."""
    reason: str
    """Why; it becomes the reason of the revision."""
    created: AwareDatetime
    """When it was opened."""
    due: str | None
    """The last day on which reviewers should have looked at it."""
    overdue: bool
    """Whether that day has passed, and nobody has decided."""
    expires: str
    """The first day on which it can no longer be accepted."""
    authors: list[str]
    """The keys that wrote a part of it."""
    acceptances: list[str]
    """The keys that accepted this version, one an account."""
    acceptances_needed: int
    """How many it takes."""
    base_revision: int
    """The revision that it was made against."""
    revision: int | None
    """The revision that it became."""
    records: list[str]
    """The records that it changes, as "type:id"."""
    forces: list[str]
    """The forces for which these records speak, by their ids."""


class ProposedChange(Described):
    """What a proposal would make of one record."""

    change: str
    """`created`, `amended`, `withdrawn` or `merged`."""
    record: Reference
    """The record."""
    moved: bool
    """Whether the record has moved on since."""
    difference: list[PatchOperation]
    """What would be changed in the canonical document as it is now (RFC 6902); once decided, as it was then."""
    recorded: dict[str, Any] | None
    """The canonical document as it is now; once decided, as it was then; null: it is new."""
    document: dict[str, Any] | None
    """The canonical document as it would be; null: withdrawn."""
    merged_into: Reference | None
    """The record that a duplicate would be joined into."""


class ProposalConflict(Described):
    """A field that was changed since the proposal was made."""

    record: str
    """The record, as "type:id"."""
    field: str | None
    """The field; null: the record whole."""
    message: str
    """What became of it."""
    clashes: bool
    """Whether the proposal wants something else of it, so that a rebase takes an amendment."""
    was: Any = None
    """What the proposal was made against."""
    is_: Annotated[Any, Field(alias="is")] = None
    """What stands now."""
    wanted: Any = None
    """What the proposal says."""
    revision: int | None = None
    """The revision that changed it last."""
    by: str | None = None
    """Who wrote that."""
    recorded: str | None = None
    """When."""


class ProposalEventEntry(Described):
    """Something that happened to it."""

    at: AwareDatetime
    """When."""
    by: str
    """Whose key."""
    kind: ProposalEventKind
    """What."""
    version: int
    """To which version."""
    text: str | None
    """What was said."""


class ProposalDetails(ProposalSummary):
    """All there is to say of a proposal."""

    operations: list[AnyOperation]
    """As they were sent; after a rebase, what they came to."""
    changes: list[ProposedChange]
    """What would become of each record."""
    conflicts: list[ProposalConflict]
    """What was changed since in the same records."""
    warnings: list[ProblemFault]
    """What looks wrong, and refuses nothing."""
    events: list[ProposalEventEntry]
    """All that happened to it, in order."""


class ProposalList(Described):
    """A page of proposals."""

    data: list[ProposalSummary]
    """Newest first."""
    meta: ListMeta
    links: Links


class ProposalDetail(Described):
    """One proposal."""

    data: ProposalDetails
    meta: Meta
    links: Links


class ProposalAnswer(Described):
    """What became of a proposal."""

    data: ProposalDetails
    meta: WriteMeta
    links: WriteLinks


MODELS: tuple[type[BaseModel], ...] = (ProposalBody, Remark, Aside, ProposalList, ProposalDetail, ProposalAnswer)
_OF_ONE = (*OF_WRITES, "not-found")
_JUDGED = (*OF_WRITES, *OF_BODIES, *OF_CHANGES)


def _write(name: str, summary: str, description: str, body: type[BaseModel] | None = None, **more: Any) -> Any:
    extra = of_model(body.__name__) if body else {}
    if body is Aside:
        extra["requestBody"]["required"] = False
    told = {"problems": _JUDGED, "answer": ProposalAnswer.__name__, **more}
    return operation(name, summary, description, TAG["name"], extra=extra, **told)


OPERATIONS: dict[str, dict[str, Any]] = {
    "many": keyed_read(
        OperationWords(
            "list_proposals",
            "List proposals",
            "Newest first. A key that is limited to forces sees what concerns one of them, and its own.",
        ),
        ProposalList,
        TAG["name"],
        problems=OF_KEYED_READS,
        query=ProposalQuery,
    ),
    "one": keyed_read(
        OperationWords(
            "get_proposal",
            "Read a proposal",
            "What it would change of what is recorded now, who touched the same since, and all that was said of it.",
        ),
        ProposalDetail,
        TAG["name"],
        problems=(*OF_KEYED_READS, "not-found"),
    ),
    "open": _write(
        "open_proposal",
        "Propose a change",
        "The operations are tried as if they were written: errors refuse, warnings are kept with the proposal. "
        "An operation without `if_match` is taken to have seen what its record says now.",
        ProposalBody,
        created=True,
    ),
    "amend": _write(
        "amend_proposal",
        "Amend a proposal",
        "Another version in its place. Whoever sends it becomes one of the authors, and earlier acceptances are void.",
        ProposalBody,
    ),
    "rebase": _write(
        "rebase_proposal",
        "Rebase a proposal",
        "Carry it over to what is recorded now, field by field, as another version; 409 names what takes a choice, "
        "which is an amendment.",
        problems=(*OF_WRITES, *OF_CHANGES),
    ),
    "comment": _write(
        "comment_on_proposal",
        "Comment on a proposal",
        "Whoever says something of it may still accept it.",
        Remark,
        problems=(*_OF_ONE, *OF_BODIES),
    ),
    "request_changes": _write(
        "request_changes_of_proposal", "Ask for another version", "Until it is amended, it is not accepted.", Remark
    ),
    "accept": _write(
        "accept_proposal",
        "Accept a proposal",
        "By none of its authors, with whatever key. The last acceptance that is needed writes the revision, which "
        "names authors and accepters by the ids of their keys; 409 where a record has moved on.",
        Aside,
    ),
    "reject": _write("reject_proposal", "Reject a proposal", "For good, and saying why.", Remark),
    "withdraw": _write(
        "withdraw_proposal", "Withdraw a proposal", "By one of its authors.", Aside, problems=(*_OF_ONE, *OF_BODIES)
    ),
}
