"""Agreements: rows that are one, and those that tell of one."""

from typing import Any

from app.datasets.national.context import Context, seen
from app.datasets.national.decisions import NAME, decisions, documents, published
from app.datasets.national.drafting import Document, RecordDraft
from app.datasets.national.organisations import dispute
from app.datasets.national.participants import partners
from app.datasets.national.rows import Row

PARTY = "Takes part; that its chief officer is a party is our conclusion."
BOTH = "Chief officers and policing bodies are parties; each body by its name is ours."
PARTNER = "Takes part; that it is a party is our conclusion."
COMMENCEMENT = "agreement commencement date"
TERMS = ("made", "commences", "expires", "review_due", "termination", "varies", "part_of")
"""What a reading can say of an agreement beside its kind, name and note."""


def agreement(row: Row, draft: RecordDraft, context: Context) -> None:
    """A row that is an agreement itself, or adds to one."""
    if not row.adds:
        draft.put("kind", row.effect("kind") or "collaboration", "The kind is our reading.")
    draft.put("legal_basis_as_stated", *row.settled("legal_basis_as_stated", "legal_basis"))
    if row.effect("agreed") not in ("documents", "note"):
        draft.put("made", *row.settled("made", "date_agreed"))
    for field, column in (("commences", "date_started"), ("expires", "date_ended")):
        value, why = row.settled(field, column)
        if value != row["date_agreed"]:
            draft.put(field, value, why)
    _basis(row, draft)
    for day, why in seen(row):
        draft.observe(day, why)
    _parties(row, draft, context, draft.document.get("made") if not row.adds else None)
    _place(row, draft, context)
    _beside(row, draft, context)


def _basis(row: Row, draft: RecordDraft) -> None:
    """In what sense its first day is meant: a note on the day that is recorded, else on the agreement."""
    own = row["date_started"] and row["date_started"] != row["date_agreed"]
    field = "commences" if own else "made"
    if row["date_started_basis"] and field in draft.document:
        draft.explain(f"/{field}", f"Basis: {row['date_started_basis']}.")
    elif row["date_started_basis"]:
        draft.remark(f"Basis of its first day: {row['date_started_basis']}")


def _beside(row: Row, draft: RecordDraft, context: Context) -> None:
    """Decisions, publications and other documents that the row tells of."""
    documents(row, context)
    decisions(row, draft, context)
    published(row, draft, context)


def _place(row: Row, draft: RecordDraft, context: Context) -> None:
    """What an agreement belongs to, and what it is about."""
    if row["part_of"]:
        if context.type_of(row["part_of"]) == "agreement":
            draft.put("part_of", row["part_of"])
        else:
            draft.add("covers", context.target(row["part_of"]), f"Part of {row['part_of']}.")
    for function in context.scheme.read(row) if not row.adds else ():
        draft.add("covers", f"function:{function}", f"Our reading of “{row['function']}”.")
    context.scheme.describe(row, draft, context.rows[row.record])
    if row["lead_force"]:
        draft.remark(f"Lead force: {context.desk.name_of('force:' + row['lead_force'])}")


def _parties(row: Row, draft: RecordDraft, context: Context, made: str | None) -> None:
    """The forces as parties; with their policing bodies where the row says that these signed too; and others."""
    day = row.effect("signatories")
    read = row.parts
    dates: Document = {"joined": made} if made else {}
    dates |= {"observed": [day for day, _ in seen(row)]} if seen(row) else {}
    for force in row.several("participating_forces") if not day or day == "forces" else ():
        why = None if day else row.assumed or PARTY
        for part, text in [(part, read[force][1]) for part in read[force][0]] if force in read else [(dates, why)]:
            _party(draft, {"organisation": f"force:{force}", **part}, text, part is dates)
    for force in row.several("participating_forces") if day and day != "forces" else ():
        signed = {"organisation": f"force:{force}", "capacity": "chief_officer", **dates}
        _party(draft, signed, BOTH)
        body = f"governance-body:{context.chain.body(force, day)}"
        _party(draft, {"organisation": body, "capacity": "policing_body", **dates}, BOTH)
    for partner in partners(row, context):
        capacity = "policing_body" if partner.startswith("governance-body:") else "other"
        _party(draft, {"organisation": partner, "capacity": capacity, **dates}, PARTNER)


def _party(draft: RecordDraft, party: Document, why: str | None, of_the_day: bool = True) -> None:
    """A party; one that joined on the day it was made joins on that day as it comes to be known."""
    pointer = draft.add("parties", party, why, ("organisation",))
    if of_the_day and "joined" in party:
        draft.follow("made", pointer, "joined", why)


def agreed(row: Row, draft: RecordDraft, context: Context) -> None:
    """What was agreed on a unit, an alliance or a group: an agreement where the row gives a legal basis."""
    how = row.effect("agreement")
    if isinstance(how, str):
        _known_agreement(row, draft, context, how)
    elif row["legal_basis"] or how is not None:
        _own_agreement(row, draft, context, how or {})
    _beside(row, draft, context)


def _share(signed: RecordDraft, share: Document, how: dict[str, Any]) -> None:
    """What a party pays; of the first day of it, `since` says why we conclude it."""
    first = share.pop("from", None)
    pointer = signed.add("cost_shares", share, how.get("shares"), ("party",))
    signed.complete(pointer, "from", first, how.get("since", how.get("shares")))


def _known_agreement(row: Row, draft: RecordDraft, context: Context, how: str) -> None:
    """An agreement that `bch` has already, or words that are no agreement of this unit."""
    if how == "none":
        draft.remark(f"Legal basis: {row['legal_basis']}")
        return
    target, signed = f"{draft.document['type']}:{row.record}", context.desk.draft("agreement", how)
    if target not in signed.document.get("covers", []):
        signed.dispute("/covers", target, note=f"Read as covering the {row['name']} too.")
        signed.cite(row, context.shelf.cited(row))


def _own_agreement(row: Row, draft: RecordDraft, context: Context, how: dict[str, Any]) -> None:
    signed = context.desk.draft("agreement", row.agreement)
    signed.begin(row.adds)
    if "name" not in signed.document:
        signed.put("name", how.get("name") or f"{context.rows[row.record]['name']}: agreement", NAME)
    if "kind" not in signed.document:
        signed.put("kind", how.get("kind") or "collaboration", "The kind is our reading.")
    signed.put("legal_basis_as_stated", *row.settled("legal_basis_as_stated", "legal_basis"))
    signed.add("covers", f"{draft.document['type']}:{row.record}", "The legal basis is given for it.")
    if row["date_started_basis"] == COMMENCEMENT:
        signed.put("commences", row["date_started"])
    made, why = row.settled("made", "date_agreed") if row.effect("agreed") == "made" else (None, None)
    signed.put("made", made, why)
    for name in TERMS:
        if name in how:
            signed.put(name, how[name], how.get("because"))
    if row.effect("signatories"):
        _parties(row, signed, context, made)
    if row["part_of"] and context.type_of(row["part_of"]) == "agreement":
        signed.put("part_of", row["part_of"])
    for share in how.get("cost_shares", []):
        _share(signed, dict(share), how)
    for publication in how.get("publications", []):
        signed.add("publications", publication, row["legal_basis"])
    signed.remark(how.get("note"))
    dispute(row, signed, context.shelf, of_agreement=True)
    signed.cite(row, context.shelf.cited(row))
