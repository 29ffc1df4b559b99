"""What answers say of proposals: in lists a line of each, alone all there is."""

from typing import Any

import jsonpatch
import orjson
from sqlalchemy.orm import Session

from app.api.problems import fault_object
from app.curation.proposals import trials
from app.curation.proposals.acceptance import ended_keys
from app.curation.proposals.addresses import url
from app.curation.proposals.authorship import acceptances, authors
from app.curation.proposals.carryovers import Carryover, carried
from app.curation.proposals.dossiers import Dossier
from app.curation.proposals.models import UNDECIDED, ProposalEvent
from app.registry.collection import Catalogue
from app.registry.documents.canonical import Document
from app.registry.documents.references import Ref
from app.registry.serving.statements import clock, today


def summary(session: Session, dossier: Dossier, needed: int) -> Document:
    """A proposal in a line."""
    proposal, state = dossier.proposal, dossier.state
    counted = acceptances(session, dossier.events, proposal.version)
    return {
        "number": proposal.number,
        "url": url(proposal.number),
        "state": state,
        "version": proposal.version,
        "title": proposal.title,
        "reason": proposal.reason,
        "created": proposal.created,
        "due": proposal.due,
        "overdue": state in UNDECIDED and proposal.due is not None and proposal.due < today(),
        "expires": proposal.expires,
        "authors": [event.actor for event in authors(dossier.events)],
        "acceptances": [event.actor for event in counted],
        "acceptances_needed": needed,
        "base_revision": proposal.base_revision,
        "revision": proposal.revision,
        "records": dossier.records,
        "forces": dossier.forces,
    }


def detail(session: Session, catalogue: Catalogue, dossier: Dossier, needed: int) -> Document:
    """All there is to say of a proposal: what it would change now, and who touched the same since."""
    proposal = dossier.proposal
    changes = trials.read(proposal.changes)
    if dossier.state in UNDECIDED:
        newest = clock(session.connection()).revision
        found = carried(session, changes, proposal.base_revision, newest)
    else:
        found = [Carryover(change, change.before, change.after) for change in changes]
    warnings = [*orjson.loads(proposal.warnings), *map(fault_object, ended_keys(session, dossier))]
    return {
        **summary(session, dossier, needed),
        "operations": orjson.loads(proposal.operations),
        "changes": [_change(catalogue, each) for each in found],
        "conflicts": [told for each in found for told in each.touched],
        "warnings": warnings,
        "events": [_event(event) for event in dossier.events],
    }


def _change(catalogue: Catalogue, found: Carryover) -> Document:
    change = found.change
    name = (change.after or change.before or {}).get("name")
    kind = "created" if change.before is None else "amended" if change.after is not None else "withdrawn"
    into = Ref.parse(change.merged_into) if change.merged_into else None
    return {
        "change": "merged" if into else kind,
        "record": catalogue.reference(Ref.parse(change.target), name),
        "moved": found.moved,
        "difference": _difference(found.now, found.result),
        "recorded": found.now,
        "document": found.result,
        "merged_into": catalogue.reference(into, None) if into else None,
    }


def _difference(now: Document | None, result: Document | None) -> list[Any]:
    """A JSON Patch between canonical documents; nothing of what is new, or withdrawn."""
    if now is None or result is None:
        return []
    patch: list[Any] = jsonpatch.make_patch(now, result).patch
    return patch


def _event(event: ProposalEvent) -> Document:
    named = ("at", "kind", "version", "text")
    return {"by": event.actor, **{name: getattr(event, name) for name in named}}
