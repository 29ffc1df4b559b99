"""Every cell of the files that the dataset `national` is made from is found in its documents."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.registry.dates import in_words
from tests.datasets.national import (
    ALL,
    AMOUNTS,
    COLLABORATIONS,
    LISTED,
    NATIONAL,
    READINGS,
    RECORD,
    ROWS,
    SAME,
    Cells,
    Document,
    cited,
    leaves,
    of_row,
    plain,
    rows,
)

NAMES = [f"{table}: {row.get('slug') or row['id']} {number}" for number, (table, row) in enumerate(ROWS)]

DATES = {
    **{column: {"started", "commences", "made"} for column in ("date_established", "date_from", "date_started")},
    **{column: {"ended"} for column in ("date_dissolved", "date_to", "date_ended")},
    **{column: {"observed"} for column in ("last_seen", "observed_on")},
    "date_agreed": {"made", "decided"},
}
DATES["date_started"] |= {"joined"}
DATES["date_ended"] |= {"expires"}
"""The fields in which a date can have come to stand; else it is a value that differs, or in a note."""

SEEDS = {
    "(seed 001)": "three-force-release-2011-06-02",
    "(seed 002)": "cambs-times-alliance-announced",
    "(seed 003)": "bedfordshire-police-collaboration-page",
    "(seed 004)": "bedford-today-joint-working",
}
KINDS = {
    "pcc": {"police_and_crime_commissioner"},
    "pfcc": {"police_fire_and_crime_commissioner"},
    "police_authority": {"police_authority", "common_council"},
    "policing_board": {"board"},
    "police_committee": {"other"},
    "alliance": {"strategic_alliance"},
    "governance_group": {"joint_committee"},
    "joint_unit": {"unit", "department", "command", "shared_post"},
    "regional_unit": {"unit"},
    "shared_facility": {"unit"},
    "joint_function": {"function", "programme"},
    "national_service": {"shared_service"},
    "shared_service": {"shared_service", "contract"},
    "consortium": {"consortium", "unit"},
    "agreement": {"collaboration", "framework", "memorandum", "functional", "variation", "contract", "strategy"},
    "territorial": {"territorial", "former"},
}
"""What a kind in the files can have become."""

ABSENT = {"start date not found": "started", "no end found in the sources read": "ended", "current": "ended"}


def folded(text: str) -> str:
    return " ".join(re.findall(r"[^\s_,.;:“”]+", text.casefold().replace("_", " ").replace(" of the ", " ")))


@pytest.mark.parametrize(("table", "row"), ROWS, ids=NAMES)
def test_every_cell_of_a_row_is_recorded(table: str, row: Cells) -> None:
    documents = of_row(table, row)
    said = set(leaves(documents))
    lost = [
        (column, cell)
        for column, cell in row.items()
        if cell and not recorded(table, row, column, cell, documents, said)
    ]
    assert not lost


HANDLES = frozenset({"id", "name", "kind", "checked_against"})
"""Columns that are only handles where a row adds facts to another record."""


def recorded(table: str, row: Cells, column: str, cell: str, documents: list[Document], said: set[str]) -> bool:
    """Whether a cell is found: by what its column means, else word for word."""
    if row.get("checked_against") and column in HANDLES:
        return RECORD[row["id"]] == row["checked_against"] and row["id"] not in {one["id"] for one in COLLABORATED}
    if column.endswith("_precision"):
        return {"year": 4, "month": 7, "day": 10}[cell] == len(row[column.removesuffix("_precision")])
    if column in MEANINGS:
        return MEANINGS[column](row, cell, documents)
    if column == "note":
        return told(table, row, cell, documents)
    if column in DATES:
        return dated(column, cell, documents)
    cell = cell.replace("GMP", "Greater Manchester") if column == "name" else cell
    return all(any(folded(part) in folded(leaf) for leaf in said) for part in cell.split("; updated"))


COLLABORATED = [one for one in NATIONAL.values() if one["type"] in ("joint-unit", "alliance", "governance-body")]
ALL_NAMES = {
    row["id"]: row["name"] for table in COLLABORATIONS for row in rows(table) if not row.get("checked_against")
}


def dated(column: str, cell: str, documents: list[Document]) -> bool:
    notes = [document.get("note", "") for document in documents]
    found = [leaf for document in documents for leaf in under(document, DATES[column] | {"value"})]
    return any(cell in leaf for leaf in found) or any(cell in note or in_words(cell) in note for note in notes)


def under(value: Any, names: set[str], within: bool = False) -> Iterator[str]:
    """What stands in fields of these names, at any depth."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from under(inner, names, name in names)
    elif isinstance(value, list):
        for inner in value:
            yield from under(inner, names, within)
    elif within:
        yield str(value)


def every_source(row: Cells, cell: str, documents: list[Document]) -> bool:
    return all(is_cited(address, remark, documents) for address, remark in cited(row))


def is_cited(address: str, remark: str, documents: list[Document]) -> bool:
    title = LISTED[address]["title"] if address in LISTED else address
    ids = {
        document["id"]
        for document in ALL.values()
        if document["type"] == "source"
        and (
            plain(address) == plain(str(document.get("url", document["name"])))
            or any(address == one["value"] for one in document.get("identifiers", ()))
            or ("url" not in document and document["name"] == title)
        )
    }
    ids |= {SAME[address]} if address in SAME else set()
    if remark in SEEDS:
        assert ids == {SEEDS[remark]}
    found = [one for document in documents for one in document.get("citations", []) if one["source"] in ids]
    return bool(found) and (not remark or remark in SEEDS or any(remark in one.get("note", "") for one in found))


def kind_fits(row: Cells, cell: str, documents: list[Document]) -> bool:
    kinds = {document.get("kind") for document in documents}
    return cell == "national_unit" or bool(kinds & {cell, *KINDS.get(cell, set())})


def of_kind(row: Cells, cell: str, documents: list[Document]) -> bool:
    types = {
        "force": ["force"],
        "policing_body": ["governance-body"],
        "collaboration": ["joint-unit", "governance-body", "alliance"],
    }
    body = RECORD.get(row["body_id"], row["body_id"])
    return any(f"{kind}:{body}" in leaves(documents) for kind in types[cell])


def standing(row: Cells, cell: str, documents: list[Document]) -> bool:
    slug = row.get("slug") or row.get("checked_against") or row["id"]
    own = next(one for one in documents if one["id"] == slug and one["type"] != "business-case")
    if own["type"] == "agreement" or told_elsewhere(row, cell, own):
        return True
    if cell in ("dissolved", "ended"):
        return "ended" in own
    if cell == "superseded":
        later = any(slug in leaves(one.get("predecessors", [])) for one in NATIONAL.values())
        return later or "Followed by" in own.get("note", "") or "successors" in own or "ended" in own
    # of what was only proposed, no start is known, but that there was none before
    return "ended" not in own and (cell != "proposed" or own.get("started", "[..]").endswith("..]"))


def told_elsewhere(row: Cells, cell: str, own: Document) -> bool:
    """Whether other facts decide what became of it: of `bch`, of another row, or the row's own end of a programme."""
    if cell == "unknown" and (own["type"] == "governance-body" or row.get("date_ended")):
        return True
    newer = {other.get("checked_against") for _, other in ROWS}
    return row.get("id") in newer or (bool(row.get("checked_against")) and cell != "ended")


def named_as(row: Cells, cell: str, documents: list[Document]) -> bool:
    """A name that nobody saw is marked so."""
    return (cell == "sourced") != any(f"Name {cell}." == leaf for leaf in leaves(documents))


def succeeds(row: Cells, cell: str, documents: list[Document]) -> bool:
    """The basis stands at the later of the two."""
    pairs = [(row["id"], earlier) for earlier in row["predecessor_ids"].split(";") if earlier]
    pairs += [(later, row["id"]) for later in row["successor_ids"].split(";") if later]
    found = [part["basis"] for later, earlier in pairs for part in predecessors(later) if earlier in part.values()]
    told = f"(succession {cell})" in " ".join(document.get("note", "") for document in documents)
    told = told or any(f"Succession {cell}." in leaves(document) for document in documents)
    return told or found == ["inferred" if cell.startswith("inferred") else "stated"] * len(pairs)


def predecessors(slug: str) -> list[Document]:
    return [part for one in NATIONAL.values() if one["id"] == slug for part in one.get("predecessors", [])]


def next_body(row: Cells, cell: str, documents: list[Document]) -> bool:
    return cell in NATIONAL[f"governance-body:{row['id']}"]["successors"]


def body_before(row: Cells, cell: str, documents: list[Document]) -> bool:
    return row["id"] in NATIONAL[f"governance-body:{cell}"]["successors"]


def refers(row: Cells, cell: str, documents: list[Document]) -> bool:
    fields = ["successors", "predecessors", "participants", "members", "parties"]
    told = [leaf for document in documents for field in fields for leaf in leaves(document.get(field, []))]
    found = {leaf.split(":")[-1] for leaf in told}
    notes = " ".join(document.get("note", "") for document in documents)
    left_out = {"gloucestershire"} if row.get("id") == "sw-forensics-approval" else set()
    return all(
        item in found | left_out
        or (row.get("id") == "jpacg" and f"{item}-police-authority" in found)
        or f"Follows: {ALL_NAMES.get(item)}" in notes
        for item in cell.split(";")
    )


def followed(row: Cells, cell: str, documents: list[Document]) -> bool:
    notes = " ".join(document.get("note", "") for document in documents)
    return all(
        any(row["id"] in part.values() for part in predecessors(later))
        or f"Followed by: {ALL_NAMES[later]}" in notes
        or later in NATIONAL.get(f"governance-body:{row['id']}", {}).get("successors", [])
        for later in cell.split(";")
    )


def points(row: Cells, cell: str, documents: list[Document]) -> bool:
    said, record = set(leaves(documents)), RECORD.get(cell, cell)
    return any(leaf.split(":")[-1] == record for leaf in said) or ALL_NAMES.get(record, "?") in " ".join(said)


def leads(row: Cells, cell: str, documents: list[Document]) -> bool:
    parts = [part for document in documents for part in document.get("participants", []) if part.get("role") == "lead"]
    held = [part["organisation"] for part in parts]
    notes = " ".join(document.get("note", "") for document in documents)
    return f"force:{cell}" in held or f"Lead force: {ALL[f'force:{cell}']['name']}" in notes


def amounts(row: Cells, cell: str, documents: list[Document]) -> bool:
    """Every number stands in a claim, a cost share or a text."""
    said = " ".join([*leaves(documents), *(one["says"] for one in AMOUNTS if one["row"] == row["id"])])
    return all(number in said for number in re.findall(r"\d[\d.,]*\d|\d", cell))


def located(row: Cells, cell: str, documents: list[Document]) -> bool:
    """Every place stands in a locator, or in the note of a citation."""
    said = " ".join(leaves([document["citations"] for document in documents]))
    return all(place in said for place in cell.split("; "))


def beside(row: Cells, cell: str, documents: list[Document]) -> bool:
    said = retold(row, "participating_forces_note")
    return cell.startswith("not restated by this source") or any(
        folded(said) in folded(leaf) for leaf in leaves(documents)
    )


def described(row: Cells, cell: str, documents: list[Document]) -> bool:
    own = [ALL[target] for target in ALL if target.split(":")[1] == row.get("checked_against", "?")]
    return any(folded(cell) in folded(leaf) for leaf in leaves([*documents, *own]))


def also_called(row: Cells, cell: str, documents: list[Document]) -> bool:
    return all(called(text, documents) for text in cell.split("; "))


def called(text: str, documents: list[Document]) -> bool:
    name, _, remark = text.partition(" (")
    other = next((one for one in documents[0]["other_names"] if one["name"] == name), None)
    if other is None:
        return False
    if remark.startswith("so in "):
        return any(remark.removeprefix("so ").rstrip(")") in leaf for leaf in leaves(documents))
    return [other[end] for end in ("from", "to") if end in other] == re.findall(r"\d{4}(?:-\d\d-\d\d)?", remark)


def retold(row: Cells, column: str) -> str:
    """A cell as our readings tell it outside the files."""
    cell, key = row[column], row.get("slug") or row["id"]
    for reading in (one for readings in READINGS.values() for one in readings if column in one):
        telling = reading.get("telling")
        if telling and reading["row"].startswith(key):
            cell = cell.replace(telling["instead_of"], telling["write"])
    return cell


def told(table: str, row: Cells, cell: str, documents: list[Document]) -> bool:
    if cell in ABSENT:
        return all(ABSENT[cell] not in document for document in documents)
    cell = retold(row, "note")
    return any(folded(cell) in folded(document.get("note", "")) for document in documents)


MEANINGS: dict[str, Callable[[Cells, str, list[Document]], bool]] = {
    "source": every_source,
    "kind": kind_fits,
    "category": kind_fits,
    "body_kind": of_kind,
    "status": standing,
    "name_basis": named_as,
    "succession_basis": succeeds,
    "successor_slugs": refers,
    "participating_forces": refers,
    "predecessor_ids": refers,
    "successor_ids": followed,
    "successor_id": next_body,
    "predecessor_id": body_before,
    "part_of": points,
    "lead_force": leads,
    "force_slug": points,
    "body_id": points,
    "alt_names": also_called,
    "benefit_or_cost": amounts,
    "quote_locator": located,
    "participating_forces_note": beside,
    "function": described,
}
"""How a column is found whose words are not kept as they are."""
