"""Forces and policing bodies."""

import re

from app.datasets.national.desk import DocumentDesk
from app.datasets.national.drafting import FACTS, Document, RecordDraft
from app.datasets.national.rows import ReadingError, Row, Settled
from app.datasets.national.sources import Shelf

OURS = "The heading is ours."
IDENTIFIERS = {
    "data_police_uk_id": "data.police.uk",
    "gss_code": "gss",
    "region_code": "gss-region",
    "wikidata_qid": "wikidata",
}
BODY_KINDS = {
    "police_authority": "police_authority",
    "pcc": "police_and_crime_commissioner",
    "pfcc": "police_fire_and_crime_commissioner",
    "mayor": "mayor",
    "policing_board": "board",
    "police_committee": "other",
}
ABBREVIATED = "GMP"
"""How two names have the area that they are made from."""
COMMON_COUNCIL = "common-council-city-of-london"
SAID_BY_ABSENCE = ("start date not found", "no end found in the sources read", "current")
"""Remarks that only say what an empty field says."""

_PERIOD = re.compile(r"(.+) \((?:(until) )?(\d{4}(?:-\d\d-\d\d)?)(?:-(\d{4}))?\)")


def forces(rows: list[Row], desk: DocumentDesk, shelf: Shelf) -> None:
    """A force for each row; the air service among them is a unit, and left to the collaborations."""
    for row in rows:
        if row["category"] == "national_unit":
            _air_service(row, desk.draft("joint-unit", row.key), shelf)
            continue
        draft = desk.draft("force", row.key)
        draft.call(row["name"])
        former = row["status"] == "dissolved"
        draft.put("kind", "former" if former else row["category"], "Dissolved." if former else None)
        for field in ("country", "region", "website", "short_name"):
            draft.put(field, row[field])
        _force_names(row, draft)
        _force_dates(row, draft)
        for column, scheme in IDENTIFIERS.items():
            _identify(row, draft, scheme, row.settled(column, column))
        for successor in row.several("successor_slugs"):
            draft.add("successors", successor)
        tell(row, draft, shelf)
        draft.cite(row, shelf.cited(row))


def _air_service(row: Row, draft: RecordDraft, shelf: Shelf) -> None:
    draft.of_one_row = False
    draft.call(row["name"])
    draft.alias({"name": row["short_name"]})
    draft.put("started", row["date_established"])
    draft.remark(f"Country: {row['country']}; website: {row['website']}", based(row["date_established_basis"]))
    tell(row, draft, shelf)
    draft.cite(row, shelf.cited(row))


def _force_names(row: Row, draft: RecordDraft) -> None:
    draft.alias({"name": row["short_name"]})
    for text in row.several("alt_names"):
        draft.alias(_called(row, text))
    for name, why in row.effects("other_name"):
        draft.alias(dict(name))
        draft.explain("/other_names", why)


def _called(row: Row, text: str) -> Document:
    """A name with the time of its use; a remark on it only goes where a reading takes it."""
    for reading in row.readings:
        if reading.text == text and "other_name" in reading.effects:
            return dict(reading.effects["other_name"])
    period = _PERIOD.fullmatch(text)
    if not period:
        if "(" in text:
            raise ReadingError(f"{row.locator}: nobody has read '{text}'")
        return {"name": text}
    name, until, first, last = period.groups()
    return {"name": name, "to": first} if until else {"name": name, "from": first, "to": last}


def _force_dates(row: Row, draft: RecordDraft) -> None:
    for field, column in (("started", "date_established"), ("ended", "date_dissolved")):
        value, why = row.settled(field, column)
        draft.put(field, value, why)
    draft.remark(based(row["date_established_basis"]))


def based(text: str) -> str | None:
    """What the start of a force rests on, in words."""
    return f"Basis of the start: {text.replace('_', ' ')}" if text else None


def _identify(row: Row, draft: RecordDraft, scheme: str, settled: Settled) -> None:
    if settled.value:
        draft.add("identifiers", {"scheme": scheme, "value": settled.value}, settled.why)


def tell(row: Row, draft: RecordDraft, shelf: Shelf) -> None:
    """The row's own remark, and the claims in it that disagree."""
    note = row.told("note")
    draft.remark(*(note,) if note not in SAID_BY_ABSENCE else ())
    disputes = any(True for _ in row.effects("disputes"))
    heard = any("CONFLICT" in reading.text for reading in row.readings if reading.column == "note")
    if "CONFLICT" in row["note"] and not disputes and not heard:
        raise ReadingError(f"{row.locator}: nobody has read the conflict")
    dispute(row, draft, shelf, of_agreement=False)


def dispute(row: Row, draft: RecordDraft, shelf: Shelf, *, of_agreement: bool) -> None:
    """The values that compete with those of the row's record, or with those of the agreement on it."""
    for said in [said for effect, _ in row.effects("disputes") for said in effect]:
        if bool(said.get("agreement")) is of_agreement:
            named = said.get("source")
            address = row.address(named) if named and named.isdigit() else named
            source, worked_out = shelf.source(address) if address else FACTS, "inferred" in said
            draft.dispute(said["about"], said["value"], source=source, note=said.get("note"), inferred=worked_out)


def bodies(rows: list[Row], desk: DocumentDesk, shelf: Shelf) -> None:
    """A policing body for each row, each overseeing its force for as long as it exists."""
    for row in rows:
        draft = desk.draft("governance-body", row.key)
        derived = None if row["name_basis"] == "sourced" else f"Name {row['name_basis']}."
        draft.call(row["name"].replace(ABBREVIATED, "Greater Manchester"), derived)
        _body_kind(row, draft)
        dates = {"started": row.settled("started", "date_from"), "ended": row.settled("ended", "date_to")}
        for field, (value, why) in dates.items():
            draft.put(field, value, why)
        part = {field: value for field, (value, _) in dates.items() if value}
        why = "It is the policing body of that force, for as long as it exists."
        draft.add("oversees", {"subject": f"force:{row['force_slug']}", **part}, why, ("subject",))
        if row["successor_id"]:
            draft.add("successors", row["successor_id"])
        tell(row, draft, shelf)
        draft.cite(row, shelf.cited(row))


def _body_kind(row: Row, draft: RecordDraft) -> None:
    kind = BODY_KINDS[row["kind"]]
    if row.key == COMMON_COUNCIL:
        draft.put("kind", "common_council", "The police authority of the City, which has a heading of its own.")
    elif kind in ("board", "other"):
        draft.put("kind", kind, f"Called “{row['kind'].replace('_', ' ')}”. {OURS}")
    else:
        draft.put("kind", kind)


class Chain:
    """Which policing body a force had on a day."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows

    def body(self, force: str, day: str) -> str:
        """The body of the force at the end of that day, month or year. Raises ReadingError unless there is just one."""
        found = [
            row.key
            for row in self.rows
            if row["force_slug"] == force and row["date_from"] <= _last(day) and _last(day) < (row["date_to"] or "9")
        ]
        if len(found) != 1:
            raise ReadingError(f"the policing body of {force} in {day} cannot be told")
        return found[0]


def _last(day: str) -> str:
    return day if len(day) == 10 else f"{day}-12-31" if len(day) == 4 else f"{day}-31"
