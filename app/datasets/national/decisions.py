"""What the readings make of the notes: decisions, publications, business cases, renewals and variations."""

from typing import Any

from app.datasets.national.context import Context
from app.datasets.national.drafting import RecordDraft
from app.datasets.national.rows import ReadingError, Row

NAME = "The name is ours."
LISTS = {"parties": ("organisation", "capacity"), "proposes": (), "covers": (), "cost_shares": ("party",)}
PUBLISHED = "That this is how it was published (Police Act 1996 s.23E) is our reading."


def documents(row: Row, context: Context) -> None:
    """The records that a reading makes of what the row tells beside: each field is stated, but for those named."""
    for effect, text in row.effects("documents"):
        for document in effect:
            _document(row, dict(document), text, context)


def _document(row: Row, document: dict[str, Any], text: str, context: Context) -> None:
    kind, slug = document.pop("type"), document.pop("id")
    concluded, sources = document.pop("inferred", []), document.pop("sources", None)
    draft = context.desk.draft(kind, slug)
    for name, value in document.items():
        why = NAME if name == "name" else text if name in concluded else None
        if name == "name" and name in draft.document:
            draft.say("/name", why)  # that another row had us call it otherwise is no disagreement of sources
            continue
        for item in value if isinstance(value, list) else ():
            draft.add(name, item, why, LISTS.get(name, ()))
        if name == "note":
            draft.remark(value)
        elif not isinstance(value, list):
            draft.put(name, value, why)
    cited = context.shelf.cited(row)
    if sources:
        wanted = [context.shelf.source(row.address(text) if text.isdigit() else text) for text in sources]
        cited = [one for one in cited if one.source in wanted]
        if len(cited) != len(wanted):
            raise ReadingError(f"{row.locator}: {slug} cites a source that the row does not name")
    draft.cite(row, cited)


def decisions(row: Row, draft: RecordDraft, context: Context) -> None:
    """What bodies decided on what the row is about, or on the agreement on it."""
    for effect, text in row.effects("decisions"):
        for decision in effect:
            _decision(row, dict(decision), text, draft, context)


def _decision(row: Row, decision: dict[str, Any], text: str, draft: RecordDraft, context: Context) -> None:
    """A decision in short: the body, the day, and what else is known; what is decided on is what the row is about."""
    body, day = decision.pop("body", None), str(decision.get("decided", decision.get("reference", "undated"))).lower()
    signed = f"agreement:{row.agreement}"
    own = f"{draft.document['type']}:{row.record}"
    subject = decision.pop("subject", signed if signed in context.desk.drafts else own)
    target = body if body is None or ":" in body else f"governance-body:{body}"
    who = target.partition(":")[2] if target else "someone"
    digits = "".join(letter if letter.isalnum() else "-" for letter in day).strip("-")
    decider = context.desk.name_of(target) if target else "Decision"
    name = f"{decider} on {context.rows[row.record]['name']}"
    made: dict[str, Any] = {"type": "decision", "id": decision.pop("id", f"{row.record}-{who}-{digits}"), "name": name}
    if target:
        made["body"] = target
    if "from" in decision:
        decision["sources"] = [decision.pop("from")]
    _document(row, {**made, "subject": subject, **decision}, text, context)


def published(row: Row, draft: RecordDraft, context: Context) -> None:
    """How the agreement was published. Raises ReadingError where nobody has read by whom, and how much of it."""
    address = row.cells.get("agreement_published_url")
    how = row.effect("published")
    if address and how is None:
        raise ReadingError(f"{row.locator}: nobody has read how the agreement was published")
    if address and how == "text":
        draft.remark(f"Text of the agreement, as read: {address}")
    elif address:
        signed = draft
        if draft.document["type"] != "agreement":
            signed = context.desk.draft("agreement", how.get("agreement") or row.agreement)
        publication = {"publisher": f"governance-body:{how['by']}", "form": how["form"], "url": address}
        signed.add("publications", publication, PUBLISHED)
        if signed is not draft:
            signed.cite(row, context.shelf.cited(row))
