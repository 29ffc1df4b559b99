"""Who takes part: forces, and partners that are no police force."""

from typing import Any

from app.datasets import Dataset
from app.datasets.national.context import Context, seen
from app.datasets.national.drafting import Document, RecordDraft
from app.datasets.national.rows import HERE, ReadingError, Row, once

NOT_RESTATED = "not restated by this source"


def take_part(row: Row, draft: RecordDraft, context: Context, field: str) -> None:
    """The forces of a row, and its partners, in `participants` or `members`."""
    read, why = row.parts, row.assumed
    unread = not any(reading.column == "membership_changes" for reading in row.readings)
    if row["membership_changes"] and unread and not read:
        raise ReadingError(f"{row.locator}: nobody has read the changes of membership")
    listed, beside = row.several("participating_forces"), partners(row, context)
    for force in listed + [force for force in read if force not in [*listed, "all"]]:
        whole: Document = {"organisation": force if ":" in force else f"force:{force}"}
        if force == row["lead_force"]:
            whole["role"] = "lead"
        if force in read or "all" in read:
            parts, text = read.get(force) or read["all"]
            for part in parts:
                draft.add_dated(field, whole, part, text)
        else:
            _throughout(row, draft, field, whole, why)
    lead = row["lead_force"]
    if row.adds and lead and lead not in listed:
        _throughout(row, draft, field, {"organisation": f"force:{lead}", "role": "lead"}, None)
    for partner in beside:
        role = {"role": "partner"} if field == "participants" else {}
        if partner not in read:
            _throughout(row, draft, field, {"organisation": partner, **role}, None)


def partners(row: Row, context: Context) -> list[str]:
    """The partners that a reading names. Raises ReadingError where nobody has read who is beside a single force."""
    named = [name for effect, _ in row.effects("partners") for name in effect]
    alone = row["participating_forces"] and ";" not in row["participating_forces"] and not row.adds
    read = [one for one in row.readings if {"partners", "heard"} & set(one.effects)]
    if alone and not read and row.table != "collaborations":
        raise ReadingError(f"{row.locator}: nobody has read who takes part beside the one force")
    targets = []
    for name in named:
        target = name if ":" in name else f"organisation:{name}"
        if target.startswith("organisation:"):
            _enter(target.partition(":")[2], row, context)
        targets.append(target)
    return targets


def _throughout(row: Row, draft: RecordDraft, field: str, whole: Document, why: str | None) -> None:
    """The part of one of which nothing special is said: its dates are those of the whole."""
    if draft.joining:
        dates: Document = {"observed": [day for day, _ in seen(row)]}
    else:
        names = ("started", "ended", "observed")
        dates = {name: draft.document[name] for name in names if name in draft.document}
    part = {**whole, **{name: value for name, value in dates.items() if value}}
    pointer = draft.add(field, part, why, ("organisation",))
    for name in ("started", "ended") if not draft.joining else ():
        draft.follow(name, pointer, name, why)
        concluded = row.settled(name, f"date_{name}").why
        if name in part and concluded and why is None:
            draft.say(f"{pointer}/{name}", concluded)


def _enter(slug: str, row: Row, context: Context) -> None:
    """Make the document of an organisation, on the evidence of the first row that names it."""
    if f"organisation:{slug}" in context.desk.drafts:
        return
    if slug not in context.partners:
        raise ReadingError(f"{row.locator}: {slug} is none of readings/organisations.yaml")
    draft, listed = context.desk.draft("organisation", slug), context.partners[slug]
    draft.put("name", listed["name"], listed.get("because"))
    draft.put("kind", listed["kind"], "What sort of organisation it is, we read in its name.")
    for name in ("country", "other_names"):
        draft.put(name, listed.get(name), "Read in its name.")
    draft.cite(row, context.shelf.cited(row))


def listed() -> dict[str, dict[str, Any]]:
    """The organisations that a reading can name, by their ids."""
    entries: list[Any] = [entry.document for entry in Dataset(HERE / "readings" / "organisations.yaml")]
    return once((one["id"], one) for one in entries)
