"""What is wrong with a file of facts, before it becomes part of the national register."""

import csv
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from rapidfuzz import fuzz, process

from app.datasets.national.names import reads_another_file
from app.datasets.national.rows import COLLABORATIONS, HERE, KEYS, PEOPLE, sources_in
from app.registry.dates import UnsupportedDateError, parse_edtf
from app.registry.documents.values import SLUG
from app.registry.folding import fold
from app.registry.suggestions import did_you_mean, nearest

Cells = dict[str, str]
TEMPLATES = (COLLABORATIONS[-1], COLLABORATIONS[0], PEOPLE[0], "forces", "policing_bodies", "names", "sources")
"""A built-in file of each kind: its columns are those that a file of that kind has."""
LENGTHS = {"year": 4, "month": 7, "day": 10}
ALIKE = 92
"""From this likeness on, of 100, two names are worth a look."""
ORDERED = (("date_started", "date_ended"), ("date_from", "date_to"), ("date_established", "date_dissolved"))
CHOSEN = ("kind", "status", "role_status", "body_kind", "category")
"""Columns whose words are those of the built-in files."""


class Trouble(NamedTuple):
    """What is wrong, and where; a warning may be right all the same."""

    where: str
    message: str
    warning: bool = False


def check(path: Path) -> Iterator[Trouble]:
    """Everything that is wrong with a file of facts, in the order of its rows."""
    rows, header = _read(path)
    template = min(TEMPLATES, key=lambda name: len({*header} ^ {*_built_in(name)[1]}))
    columns = _built_in(template)[1]
    for column in header:
        if column not in columns:
            yield Trouble("line 1", f"'{column}' is no column of {template}{did_you_mean(column, columns)}")
    for column in columns:
        if column not in header:
            yield Trouble("line 1", f"the column '{column}' of {template} is missing")
    known = _Known(template, path.stem, rows)
    met: dict[str, str] = {}
    for number, row in enumerate(rows, 2):
        cells = {name: cell or "" for name, cell in row.items() if name}
        for message, warning in known.troubles(cells):
            yield Trouble(f"line {number}", message, warning)
        if known.key and (key := cells.get(known.key, "")) in met:
            yield Trouble(f"line {number}", f"the {known.key} '{key}' stands on {met[key]} already")
        met.setdefault(cells.get(known.key, ""), f"line {number}")


def _read(path: Path) -> tuple[list[Cells], list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        return list(reader), list(reader.fieldnames or [])


@cache
def _built_in(table: str) -> tuple[list[Cells], list[str]]:
    return _read(HERE / "facts" / f"{table}.csv")


class _Known:
    """What the built-in facts have, for a file to fit to."""

    def __init__(self, template: str, name: str, rows: list[Cells]) -> None:
        self.template = template
        self.key = KEYS.get(template, "id") if template not in (*PEOPLE, "names", "sources") else ""
        self.forces = {row["slug"] for row in _built_in("forces")[0]}
        collaborations = [row for table in COLLABORATIONS for row in _built_in(table)[0]]
        self.collaborations = {row["id"] for row in collaborations}
        self.names = {row["id"]: row["name"] for row in collaborations if not row.get("checked_against")}
        self.bodies = {row["id"] for row in _built_in("policing_bodies")[0]}
        same = COLLABORATIONS if template in COLLABORATIONS else PEOPLE if template in PEOPLE else (template,)
        fellows = [row for table in same for row in _built_in(table)[0]]
        self.words = {name: {row[name] for row in fellows if name in row} for name in CHOSEN}
        self.ids = {row.get(self.key) or "" for row in rows}
        self.taken = {
            row[self.key]: table for table in same for row in _built_in(table)[0] if self.key and table != name
        }
        self.addresses = {row["address"] for row in _built_in("sources")[0]}

    def troubles(self, row: Cells) -> Iterator[tuple[str, bool]]:
        """What is wrong with a row: errors, then warnings."""
        yield from ((message, False) for message in self._identity(row))
        yield from ((message, False) for message in _dates(row))
        yield from ((message, False) for message in self._references(row))
        for column, words in self.words.items():
            if row.get(column) and words and row[column] not in words:
                yield f"{column} '{row[column]}' is none of {', '.join(sorted(words - {''}))}", False
        if "source" in row and not row["source"] and not (self.template == "names" and reads_another_file(row)):
            yield "no fact without a source: the source is empty", False
        yield from ((message, True) for message in self._doubts(row))

    def _identity(self, row: Cells) -> Iterator[str]:
        key = row.get(self.key, "") if self.key else ""
        if self.key and not SLUG.fullmatch(key):
            yield f"{self.key} '{key}' is not an id; use a-z, 0-9 and single hyphens, like 'bch-dog-unit'"
        if key in self.taken:
            yield f"the {self.key} '{key}' stands in {self.taken[key]}.csv already"

    def _references(self, row: Cells) -> Iterator[str]:
        for column in ("participating_forces", "lead_force", "force_slug", "successor_slugs"):
            yield from _missing(column, row, self.forces)
        ours = {*self.collaborations, *(self.ids if self.template in COLLABORATIONS else ())}
        for column in ("part_of", "predecessor_ids", "successor_ids", "checked_against"):
            yield from _missing(column, row, ours)
        for column in ("body_id", "publisher_id"):
            yield from _missing(column, row, {*ours, *self.forces, *self.bodies})

    def _doubts(self, row: Cells) -> Iterator[str]:
        """What may be right: names alike, sources that nobody has described."""
        if self.template in COLLABORATIONS and not row.get("checked_against"):
            others = {key: fold(name) for key, name in self.names.items() if key != row.get("id")}
            name = fold(row.get("name", ""))
            found = process.extractOne(name, others, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE)
            if found:
                yield f"the name is like that of '{found[2]}' ({self.names[found[2]]}): checked_against it?"
        for named in sources_in(row.get("source", "")):
            if named.address not in self.addresses:
                yield f"sources.csv does not describe {named.address}"


def _dates(row: Cells) -> Iterator[str]:
    for column, cell in row.items():
        if column.endswith("_precision"):
            date = row.get(column.removesuffix("_precision"), "")
            if len(date) != LENGTHS.get(cell, 0):
                yield f"{column} is '{cell}', but the date is '{date}'"
        elif cell and (f"{column}_precision" in row or column in ("last_seen", "published")):
            try:
                parse_edtf(cell)
            except UnsupportedDateError as error:
                yield f"{column}: {error}"
    for first, last in ORDERED:
        if row.get(first) and row.get(last) and row[last] < row[first][: len(row[last])]:
            yield f"{last} {row[last]} is before {first} {row[first]}"


def _missing(column: str, row: Cells, known: Iterable[str]) -> Iterator[str]:
    for name in filter(None, re.split(r"; ?", row.get(column, ""))):
        if name not in known:
            near = nearest(name, known)
            yield f"{column}: there is no '{name}'" + (f"; did you mean '{near}'?" if near else "")
