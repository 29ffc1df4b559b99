"""People and the posts they held."""

from collections.abc import Mapping

from app.datasets.national.decisions import NAME
from app.datasets.national.desk import DocumentDesk
from app.datasets.national.drafting import RecordDraft
from app.datasets.national.organisations import tell
from app.datasets.national.rows import PEOPLE, Row
from app.datasets.national.sources import Shelf
from app.registry.dates import in_words

COMMISSIONER = "Police and Crime Commissioner"


def people(rows: list[Row], desk: DocumentDesk, shelf: Shelf, records: Mapping[str, str]) -> None:
    """A person for each name and an appointment for each row; `records` says what a row's id is the record of."""
    for row in rows:
        person = desk.draft("person", row["id"])
        person.begin(adds=False)
        person.put("name", row["name"])
        person.cite(row, shelf.cited(row))
        _appointment(row, desk, shelf, records.get(row["body_id"], row["body_id"]))


def _appointment(row: Row, desk: DocumentDesk, shelf: Shelf, body: str) -> None:
    draft = desk.draft("appointment", row.record)
    draft.begin(row.adds)
    kind, name = _body(body, desk)
    if "name" not in draft.document:
        draft.put("name", _title(row, name), NAME)
    draft.put("person", row["id"])
    draft.put("body", f"{kind}:{body}")
    draft.put("post", row["role"])
    draft.put("status", row["role_status"])
    for field, column in (("started", "date_from"), ("ended", "date_to")):
        value, why = row.settled(field, column)
        draft.put(field, value, why)
    if row["observed_on"] and not row.effect("unseen"):
        value, why = row.settled("observed", "observed_on")
        draft.observe(value, why)
    for showing, _ in row.effects("unseen") if row.table != PEOPLE[0] else ():
        draft.remark(f"Evidence of {in_words(row['observed_on'])}: {showing}")
    if row["party"]:
        draft.remark(f"Party: {row['party']}")
    tell(row, draft, shelf)
    draft.cite(row, shelf.cited(row))


def _body(body: str, desk: DocumentDesk) -> tuple[str, str]:
    """The type and the name of the body in which the post is."""
    for kind in ("force", "governance-body", "joint-unit", "alliance"):
        if f"{kind}:{body}" in desk.drafts:
            return kind, _name(desk.drafts[f"{kind}:{body}"])
    raise KeyError(body)


def _name(draft: RecordDraft) -> str:
    return str(draft.document["name"])


def _title(row: Row, body: str) -> str:
    status = "" if row["role_status"] == "substantive" else f"{row['role_status'].title()} "
    office = body if row["role"] == COMMISSIONER else f"{row['role']}, {body}"
    return f"{row['name']}, {status}{office}"
