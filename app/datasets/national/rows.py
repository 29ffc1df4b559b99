"""The facts as they were compiled, row by row, and how we read the free text in them."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from app.datasets import Dataset

HERE = Path(__file__).parent
KEYS = {"forces": "slug", "names": "record"}
"""By which column a row is named where it is not its `id`; a post has a name of its own."""
COLLABORATIONS = ("collaborations", "collaborations_2", "collaborations_3", "collaborations_4")
AGREEMENT = "-agreement"
"""How the id of an agreement on a record ends, behind that of the record."""
PEOPLE = ("people", "people_2", "people_3", "people_4")
EFFECTS = frozenset(
    (
        *("set", "inferred", "because", "disputes", "parts", "unseen", "agreed", "agreement", "signatories"),
        *("documents", "governance", "other_name", "collection", "kind", "scope", "relation", "telling"),
        *("is", "partners", "decisions", "published", "heard", "seen"),
    )
)
"""What a reading can have a row say; README.md explains each."""

Kept = TypeVar("Kept")

_REMARKED = re.compile(r"(https?://\S+) \((.+)\)")


class ReadingError(ValueError):
    """A reading that no longer fits the facts, or a text that nobody has read."""


class Named(NamedTuple):
    """A source as a row names it: its address, and what stands in brackets behind it."""

    address: str
    remark: str | None = None


def sources_in(cell: str) -> list[Named]:
    """The sources that a cell names, in their order."""
    texts = [text for text in cell.split(" | ") if text]
    return [Named(*found.groups()) if (found := _REMARKED.fullmatch(text)) else Named(text) for text in texts]


def sentence(text: str) -> str:
    """A remark as a sentence of its own."""
    return text[0].upper() + text[1:] + ("" if text.endswith((".", "?")) else ".")


class Settled(NamedTuple):
    """A value, and why we conclude it; without a reason the sources state it."""

    value: Any
    why: str | None


@dataclass(frozen=True)
class Reading:
    """What we make of a passage: `text` stands in the row's `column`."""

    column: str
    text: str
    effects: dict[str, Any]

    @property
    def why(self) -> str:
        """The reason that it gives for a conclusion: the passage, unless it says more."""
        return sentence(str(self.effects.get("because") or self.tell(self.text)))

    def tell(self, said: str) -> str:
        """What it says without the words that only make sense inside the files."""
        telling = self.effects.get("telling")
        return said.replace(telling["instead_of"], telling["write"]) if telling else said


@dataclass
class Row:
    """One row, with our readings of it."""

    table: str
    key: str
    cells: dict[str, str]
    readings: list[Reading] = field(default_factory=list)

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    @property
    def record(self) -> str:
        """The id of the record that the row makes, or that it adds facts to."""
        return str(self.effect("is") or self.cells.get("checked_against") or self.key)

    @property
    def adds(self) -> bool:
        """Whether it only adds facts to what another row names."""
        return self.record != self.key

    def address(self, number: str) -> str:
        """The address of its source of that number, counted from 1."""
        return sources_in(self.cells["source"])[int(number) - 1].address

    @property
    def agreement(self) -> str:
        """The id of the agreement on its record, where the row tells of one."""
        return f"{self.record}{AGREEMENT}"

    @property
    def locator(self) -> str:
        """Where the row stands."""
        return f"{self.table}.csv: {self.key}"

    def several(self, column: str) -> list[str]:
        """The entries of a cell that lists some."""
        return [item.strip() for item in self.cells[column].split(";") if item.strip()]

    def told(self, column: str) -> str:
        """A cell in words that make sense outside the files."""
        said = self.cells[column]
        for reading in self.readings:
            said = reading.tell(said) if reading.column == column else said
        return said

    def effects(self, name: str) -> Iterator[tuple[Any, str]]:
        """Every effect of that name, with the passage that was read."""
        for reading in self.readings:
            if name in reading.effects:
                yield reading.effects[name], reading.why

    def effect(self, name: str) -> Any:
        """The one effect of that name, or None."""
        return next((effect for effect, _ in self.effects(name)), None)

    @property
    def parts(self) -> dict[str, tuple[list[dict[str, Any]], str]]:
        """What readings say of the parts of single forces, or of "all", each with the passage that was read."""
        return {force: (parts, text) for effect, text in self.effects("parts") for force, parts in effect.items()}

    @property
    def assumed(self) -> str | None:
        """Why we conclude who takes part; None where the row states it."""
        return next((text for names, text in self.effects("inferred") if "participants" in names), None)

    def settled(self, name: str, column: str) -> Settled:
        """What a field holds: as a reading sets it, else as the cell has it."""
        for effect, text in self.effects("set"):
            if name in effect:
                return Settled(effect[name], text)
        for names, text in self.effects("inferred"):
            if name in names:
                return Settled(self.cells[column], text)
        return Settled(self.cells[column], None)


def read(table: str) -> list[Row]:
    """The rows of a file with their readings, where it has any. Raises ReadingError when one does not fit its row."""
    with (HERE / "facts" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        rows = [Row(table, "", cells) for cells in csv.DictReader(file)]
    _name(rows, table)
    by_key = by_keys(rows) if table != "names" else {row.key: row for row in rows}
    for entry in Dataset(HERE / "readings" / f"{table}.yaml"):
        _attach(dict(entry.document), by_key, entry.where)
    return rows


def once(entries: Iterable[tuple[str, Kept]]) -> dict[str, Kept]:
    """Entries by their names. Raises ReadingError where a name stands twice: the first would be lost."""
    found: dict[str, Kept] = {}
    for name, entry in entries:
        if name in found:
            raise ReadingError(f"'{name}' stands twice")
        found[name] = entry
    return found


def by_keys(rows: Iterable[Row]) -> dict[str, Row]:
    """Rows of one or more files by their keys. Raises ReadingError where one stands twice: the first would be lost."""
    found: dict[str, Row] = {}
    for row in rows:
        if row.key in found:
            raise ReadingError(f"{row.locator}: '{row.key}' stands in {found[row.key].table}.csv already")
        found[row.key] = row
    return found


def _name(rows: list[Row], table: str) -> None:
    """Give each row its key: its id, or for people that of the appointment."""
    for row in rows:
        row.key = _post(row, rows) if table in PEOPLE else row[KEYS.get(table, "id")]


def _post(row: Row, rows: list[Row]) -> str:
    same = [other for other in rows if all(other[name] == row[name] for name in ("id", "body_id", "role"))]
    key = f"{row['id']}-{row['body_id']}"
    if row["role"] != "Police and Crime Commissioner":
        key += "-" + "-".join("".join(c if c.isalnum() else " " for c in row["role"].lower()).split())
    if len(same) > 1 and row["role_status"] != "substantive":
        return f"{key}-{row['role_status']}"
    alike = [other for other in same if other["role_status"] == row["role_status"]]
    return key if alike.index(row) == 0 else f"{key}-{alike.index(row) + 1}"


def _attach(reading: dict[str, Any], by_key: dict[str, Row], where: str) -> None:
    row = by_key.get(reading.pop("row"))
    if row is None:
        raise ReadingError(f"{where}: no such row")
    effects = {name: reading.pop(name) for name in EFFECTS & set(reading)}
    if len(reading) != 1 or not effects:
        raise ReadingError(f"{where}: a reading names one column, what it reads there, and what follows from it")
    [(column, text)] = reading.items()
    if text not in row.cells.get(column, ""):
        raise ReadingError(f"{where}: '{text}' no longer stands in {column} of {row.locator}")
    row.readings.append(Reading(column, text, effects))
