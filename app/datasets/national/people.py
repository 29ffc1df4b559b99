"""People and the posts they held."""

from app.datasets.national.drafting import Desk, Draft
from app.datasets.national.organisations import tell
from app.datasets.national.rows import Row
from app.datasets.national.sources import Shelf

COMMISSIONER = "Police and Crime Commissioner"


def people(rows: list[Row], desk: Desk, shelf: Shelf) -> None:
    """A person for each name and an appointment for each row."""
    for row in rows:
        person = desk.draft("person", row["id"])
        person.put("name", row["name"])
        person.cite(row, shelf.cited(row))
        _appointment(row, desk, shelf)


def _appointment(row: Row, desk: Desk, shelf: Shelf) -> None:
    draft = desk.draft("appointment", row.key)
    kind, name = _body(row, desk)
    draft.document.setdefault("name", _title(row, name))
    draft.put("person", row["id"])
    draft.put("body", f"{kind}:{row['body_id']}")
    draft.put("post", row["role"])
    draft.put("status", row["role_status"])
    for field, column in (("started", "date_from"), ("ended", "date_to")):
        value, why = row.settled(field, column)
        draft.put(field, value, why)
    if row["observed_on"] and not row.effect("unseen"):
        value, why = row.settled("observed", "observed_on")
        draft.observe(value, why)
    if row["party"]:
        draft.remark(f"Party: {row['party']}")
    tell(row, draft, shelf)
    draft.cite(row, shelf.cited(row))


def _body(row: Row, desk: Desk) -> tuple[str, str]:
    """The type and the name of the body in which the post is."""
    for kind in ("force", "governance-body", "joint-unit"):
        if f"{kind}:{row['body_id']}" in desk.drafts:
            return kind, _name(desk.drafts[f"{kind}:{row['body_id']}"])
    raise KeyError(row["body_id"])


def _name(draft: Draft) -> str:
    return str(draft.document["name"])


def _title(row: Row, body: str) -> str:
    status = "" if row["role_status"] == "substantive" else f"{row['role_status'].title()} "
    office = body if row["role"] == COMMISSIONER else f"{row['role']}, {body}"
    return f"{row['name']}, {status}{office}"
