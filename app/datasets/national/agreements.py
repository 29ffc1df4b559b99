"""Agreements, and what the readings make of the notes: decisions, business cases, renewals and variations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.datasets.national.drafting import Document, Draft
from app.datasets.national.rows import ReadingError, Row

if TYPE_CHECKING:
    from app.datasets.national.collaborations import Collaborations

NAME = "The name is ours."
PARTY = "Takes part; that its chief officer is a party is our conclusion."
BOTH = "Chief officers and policing bodies are parties; each body by its name is ours."
COMMENCEMENT = "agreement commencement date"
LISTS = {"parties": ("organisation", "capacity"), "proposes": (), "covers": (), "cost_shares": ("party",)}


def agreement(row: Row, draft: Draft, known: Collaborations) -> None:
    """A row that is an agreement itself."""
    _put_kind(row, draft, "collaboration")
    draft.put("legal_basis_as_stated", row["legal_basis"])
    for field, column in (("made", "date_agreed"), ("commences", "date_started")):
        value, why = row.settled(field, column)
        if field == "made" or value != row["date_agreed"]:
            draft.put(field, value, why)
    if row["date_started_basis"]:
        draft.explain("/made", f"Basis: {row['date_started_basis']}.")
    for day, why in known.seen(row):
        draft.observe(day, why)
    _parties(row, draft, known, draft.document.get("made"))
    _place(row, draft, known)
    documents(row, known)


def _put_kind(row: Row, draft: Draft, otherwise: str) -> None:
    draft.put("kind", row.effect("kind") or otherwise, "The kind is our reading of the row.")


def _place(row: Row, draft: Draft, known: Collaborations) -> None:
    """What an agreement belongs to, and what it is about."""
    if row["part_of"]:
        if known.type_of(row["part_of"]) == "agreement":
            draft.put("part_of", row["part_of"])
        else:
            draft.add("covers", f"alliance:{row['part_of']}", f"Part of {row['part_of']}.")
    for function in known.read_functions(row):
        draft.add("covers", f"function:{function}", f"Our reading of “{row['function']}”.")
    draft.remark(f"Described as “{row['function']}”")


def _parties(row: Row, draft: Draft, known: Collaborations, made: str | None) -> None:
    """The forces as parties; with their policing bodies where the row says that these signed too."""
    day = row.effect("signatories")
    assumed = next((text for names, text in row.effects("inferred") if "participants" in names), None)
    for force in row.several("participating_forces"):
        dates: Document = {"joined": made} if made else {}
        dates |= {"observed": [seen for seen, _ in known.seen(row)]} if known.seen(row) else {}
        if not day or day == "forces":
            why = None if day else assumed or PARTY
            draft.add("parties", {"organisation": f"force:{force}", **dates}, why)
            continue
        signed = {"organisation": f"force:{force}", "capacity": "chief_officer", **dates}
        draft.add("parties", signed, BOTH)
        body = f"governance-body:{known.chain.body(force, day)}"
        draft.add("parties", {"organisation": body, "capacity": "policing_body", **dates}, BOTH)


def agreed(row: Row, draft: Draft, known: Collaborations) -> None:
    """What was agreed on a unit, an alliance or a group: an agreement where the row gives a legal basis."""
    how = row.effect("agreement")
    if isinstance(how, str):
        _known_agreement(row, draft, known, how)
    elif row["legal_basis"] or how is not None:
        _own_agreement(row, draft, known, how or {})
    documents(row, known)


def _known_agreement(row: Row, draft: Draft, known: Collaborations, how: str) -> None:
    """An agreement that `bch` has already, or words that are no agreement of this unit."""
    if how == "none":
        draft.remark(f"Legal basis: {row['legal_basis']}")
        return
    target, signed = f"{draft.document['type']}:{row.key}", known.desk.draft("agreement", how)
    if target not in signed.document["covers"]:
        signed.dispute("/covers", target, note=f"Read as covering the {row['name']} too.")
        signed.cite(row, known.shelf.cited(row))


def _own_agreement(row: Row, draft: Draft, known: Collaborations, how: Document) -> None:
    signed = known.desk.draft("agreement", f"{row.key}-agreement")
    signed.put("name", how.get("name") or f"{row['name']}: agreement", NAME)
    signed.put("kind", how.get("kind") or "collaboration", "The kind is our reading of the row.")
    signed.put("legal_basis_as_stated", row["legal_basis"])
    signed.add("covers", f"{draft.document['type']}:{row.key}", "The legal basis is given for it.")
    if row["date_started_basis"] == COMMENCEMENT:
        signed.put("commences", row["date_started"])
    made, why = row.settled("made", "date_agreed") if row.effect("agreed") == "made" else (None, None)
    signed.put("made", made, why)
    if row.effect("signatories"):
        _parties(row, signed, known, made)
    _framework(row, signed, known)
    for share in how.get("cost_shares", []):
        signed.add("cost_shares", share, how["shares"])
    for publication in how.get("publications", []):
        signed.add("publications", publication, row["legal_basis"])
    signed.remark(how.get("note"))
    signed.cite(row, known.shelf.cited(row))


def _framework(row: Row, signed: Draft, known: Collaborations) -> None:
    if row["part_of"] and known.type_of(row["part_of"]) == "agreement":
        signed.put("part_of", row["part_of"])


def documents(row: Row, known: Collaborations) -> None:
    """The records that a reading makes of what the row tells beside: each field is stated, but for those named."""
    for effect, text in row.effects("documents"):
        for document in effect:
            _document(row, dict(document), text, known)


def _document(row: Row, document: dict[str, Any], text: str, known: Collaborations) -> None:
    kind, slug = document.pop("type"), document.pop("id")
    concluded, sources = document.pop("inferred", []), document.pop("sources", None)
    draft = known.desk.draft(kind, slug)
    for name, value in document.items():
        why = NAME if name == "name" else text if name in concluded else None
        for item in value if isinstance(value, list) else ():
            draft.add(name, item, why, LISTS.get(name, ()))
        if name == "note":
            draft.remark(value)
        elif not isinstance(value, list):
            draft.put(name, value, why)
    cited = known.shelf.cited(row)
    if sources:
        wanted = [known.shelf.source(address) for address in sources]
        cited = [one for one in cited if one.source in wanted]
        if len(cited) != len(wanted):
            raise ReadingError(f"{row.locator}: {slug} cites a source that the row does not name")
    draft.cite(row, cited)
