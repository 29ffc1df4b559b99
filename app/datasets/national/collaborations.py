"""Joint units, alliances and governance groups; what was signed and decided about them is in `agreements`."""

from collections.abc import Iterable

from app.datasets.national.agreements import agreed, agreement
from app.datasets.national.context import PROPOSED, Context, seen
from app.datasets.national.drafting import RecordDraft
from app.datasets.national.organisations import OURS, tell
from app.datasets.national.participants import NOT_RESTATED, take_part
from app.datasets.national.rows import COLLABORATIONS, Row
from app.datasets.national.succession import succeed
from app.registry.dates import in_words

KINDS = {
    "alliance": "strategic_alliance",
    "programme": "programme",
    "consortium": "consortium",
    "governance_group": "joint_committee",
    "joint_unit": "unit",
    "regional_unit": "unit",
    "shared_facility": "unit",
    "joint_function": "function",
    "command": "command",
    "shared_service": "shared_service",
    "shared_post": "shared_post",
    "national_service": "shared_service",
}
NAMED = {"Department": "department", "Directorate": "department", "Command": "command", "posts": "shared_post"}
"""What a joint unit is by its name."""

AS_STATED = frozenset(("programme", "consortium", "command", "shared_service", "shared_post"))


def collaborations(context: Context) -> None:
    """Make the documents of all rows: first those of records of their own, then those that add facts to others."""
    for row in sorted(context.rows.values(), key=lambda row: row.adds):
        kind = context.type_of(row.key)
        draft = context.desk.draft(kind, row.record)
        draft.begin(row.adds)
        _call(row, draft)
        if kind == "agreement":
            agreement(row, draft, context)
        else:
            _kind(row, draft)
            _spell(row, draft)
            take_part(row, draft, context, "members" if kind == "governance-body" else "participants")
            {"joint-unit": _unit, "alliance": _alliance, "governance-body": _group}[kind](row, draft, context)
            agreed(row, draft, context)
        succeed(row, draft, context)
        _notes(row, draft, context)
        draft.cite(row, context.shelf.cited(row))


def _call(row: Row, draft: RecordDraft) -> None:
    """The names; that of a row which adds facts is only a handle."""
    if not row.adds:
        draft.call(row["name"])
    if row["short_name"]:
        draft.alias({"name": row["short_name"]})
    for name, why in row.effects("other_name"):
        draft.alias(dict(name))
        draft.explain("/other_names", why)


def _kind(row: Row, draft: RecordDraft) -> None:
    if "kind" in draft.document:
        return
    read, stated = row.effect("kind"), row["kind"] in AS_STATED
    named = next((found for word, found in NAMED.items() if word in row["name"].split()), None)
    value = read or (named if row["kind"] == "joint_unit" and named else KINDS[row["kind"]])
    draft.put("kind", value, None if stated and not read else f"Called “{_plain(row['kind'])}”. {OURS}")


def _spell(row: Row, draft: RecordDraft) -> None:
    """When it began and ended, and when it was seen."""
    started, why = row.settled("started", "date_started")
    basis = row["date_started_basis"]
    if basis and why and basis.casefold() not in why.casefold():
        why += f" Basis of the start: {basis}."
    draft.put("started", started, why)
    if basis and not why and draft.document.get("started") == started:
        draft.explain("/started", f"Basis of the start: {basis}.")
    elif basis and not why and started:
        draft.remark(f"Basis of the start that is said to be {in_words(started)}: {basis}")
    _end(row, draft)
    for day, reason in seen(row):
        draft.observe(day, reason)


def _end(row: Row, draft: RecordDraft) -> None:
    ended, why = row.settled("ended", "date_ended")
    if row["status"] == "ended" and not ended and "ended" not in draft.document:
        ended, why = "unknown", "Ended; no date was found."
    if draft.merged and why:  # bch leaves an end open of which only a successor tells
        draft.dispute("/ended", ended, note=why, inferred=True)
    else:
        draft.put("ended", ended, why)


def _unit(row: Row, draft: RecordDraft, context: Context) -> None:
    context.scheme.sort(row, draft, context.rows[row.record])
    for effect, _ in row.effects("set"):
        draft.put("end_reason", effect.get("end_reason"))
    alliance, nested = _alliance_of(row, context)
    if alliance:
        draft.put("alliance", alliance, "Through the unit that it is part of." if nested else None)
    wider = context.rows[row["part_of"]].record if row["part_of"] else row.record
    if wider != row.record and context.type_of(wider) == "joint-unit":
        draft.put("part_of", wider)
    elif wider != row.record and context.type_of(wider) == "governance-body":
        draft.remark(f"Part of: {context.rows[wider]['name']}")
    for effect, text in row.effects("governance"):
        for body in effect:
            draft.add("governance", body, text)


def _alliance_of(row: Row, context: Context) -> tuple[str | None, bool]:
    """The alliance that a unit belongs to, also where it does so through another unit."""
    parent, nested = row["part_of"], False
    while parent and context.type_of(parent) == "joint-unit":
        parent, nested = context.rows[parent]["part_of"], True
    return (parent if parent and context.type_of(parent) == "alliance" else None), nested


def _alliance(row: Row, draft: RecordDraft, context: Context) -> None:
    for function in context.scheme.read(row) if not row.adds else ():
        draft.add("scope", {"function": function, "in_scope": True}, f"Our reading of “{row['function']}”.")
    for effect, _ in row.effects("scope"):
        for statement in effect:
            draft.add("scope", statement)
    context.scheme.describe(row, draft, context.rows[row.record])
    if row["part_of"] and context.type_of(row["part_of"]) == "alliance":
        draft.put("part_of", row["part_of"])
    elif row["part_of"]:
        draft.remark(f"Part of: {context.rows[row['part_of']]['name']}")


def _group(row: Row, draft: RecordDraft, context: Context) -> None:
    context.scheme.describe(row, draft, context.rows[row.record])
    if row["part_of"]:
        draft.add("oversees", {"subject": context.target(row["part_of"])}, keys=("subject",))


def _notes(row: Row, draft: RecordDraft, context: Context) -> None:
    """What has no field of its own, in words."""
    if row["governance_body"] and not row.effect("governance"):
        draft.remark(f"Governed by: {row['governance_body']}")
    if row["date_agreed"] and not row.effect("agreed") and draft.document["type"] != "agreement":
        draft.remark(f"Agreed: {in_words(row['date_agreed'])}")
    if row["status"] == PROPOSED and row["last_seen"]:
        draft.remark(f"Last seen as a proposal: {in_words(row['last_seen'])}")
    for showing, _ in row.effects("unseen") if row.table != COLLABORATIONS[0] and row["last_seen"] else ():
        draft.remark(f"Evidence of {in_words(row['last_seen'])}: {showing}")
    draft.remark(*_beside(row))
    tell(row, draft, context.shelf)


def _beside(row: Row) -> Iterable[str]:
    for column, words in (("participating_forces_note", "Forces"), ("membership_changes", "Membership")):
        if row[column] and not row[column].startswith(NOT_RESTATED):
            yield f"{words}: {row.told(column)}"


def _plain(kind: str) -> str:
    return kind.replace("_", " ")
