"""Answers as workbooks (Office Open XML, ECMA-376), for those who open them by a double click.

Rows go to a temporary file as they come, so that memory stays the same however long a list is.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain, islice
from tempfile import TemporaryFile
from typing import Any, NamedTuple

from xlsxwriter import Workbook  # type: ignore[import-untyped]

from app.api.csv_cells import text_of
from app.api.licence import LICENCE
from app.api.tables import CellType, TableColumn, cells, columns
from app.registry.documents.canonical import Document
from app.registry.documents.plan import Plan
from app.registry.serving.statements import Clock

PIECE = 64 * 1024
"""Bytes that are sent at a time."""
MOST_ROWS, MOST_LINKS = 500_000, 65_000
"""Rows and links of a sheet; Excel takes 1,048,576 and 65,530. More rows go to further sheets, more links are text."""
LONGEST_LINK, LONGEST_TITLE, LONGEST_CELL = 2_000, 31, 32_767
NARROWEST, WIDEST = 14, 40
"""Widths of columns, in characters."""
FIRST_DAY = date(1900, 3, 1)
"""Excel takes 1900 for a leap year, so that days before March are shown wrong, and those of 1899 not at all."""
CUT = -2
"""What `write_string` answers of a text that was longer than a cell."""
DIGITS = 15
"""Digits of a number that a cell keeps exactly."""
_LINK = re.compile(r"https?://[^\s\"<>]+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


READING = (
    "A date is a date where it is known to the day, else text as the sources leave it (EDTF: 2009-04, [..2011-06-02]); "
    "the columns _earliest and _latest say between which days it lies. A list stands in one cell, its entries with ; "
    "between. An empty cell: nothing is recorded."
)


class Origin(NamedTuple):
    """What a workbook answers: the address under which clients see the registry, the path and query, and the clocks."""

    address: str
    path: str
    when: Clock

    def facts(self) -> dict[str, str | int | None]:
        """What the workbook says of itself."""
        return {
            "asked": self.address + self.path,
            "as_of": self.when.as_of or "none: all that was ever recorded",
            "revision": self.when.revision,
            "recorded": self.when.recorded,
            "licence": f"{LICENCE['title']} ({LICENCE['name']})",
            "licence_url": LICENCE["url"],
            "reading": READING,
        }


def as_xlsx(title: str, plan: Plan, answers: Iterable[Document], origin: Origin) -> Iterator[bytes]:
    """The answers as a workbook: sheets of that title with a row for each, and one that says what was asked."""
    with TemporaryFile() as file:
        with Workbook(file, _OPTIONS) as workbook:
            workbook.set_properties(
                {"title": title, "comments": origin.address + origin.path, "created": origin.when.recorded_time}
            )
            writer = _Writer(workbook, columns(plan), origin.address)
            writer.write(title, (cells(plan, answer) for answer in answers))
            writer.about(origin.facts())
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


class _Writer:
    """Writes the sheets of one workbook."""

    def __init__(self, workbook: Any, found: Sequence[TableColumn], address: str) -> None:
        self.workbook, self.columns, self.address = workbook, found, address
        self.bold = workbook.add_format({"bold": True, "bottom": 1})
        self.day = workbook.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        self.wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        self.writers = [self._writer(column) for column in found]
        self.links = self.cut = 0

    def write(self, title: str, rows: Iterable[list[Any]]) -> None:
        """Write the rows, on as many sheets as they need."""
        waiting, number = iter(rows), 1
        while (first := next(waiting, None)) is not None or number == 1:
            name = title if number == 1 else f"{title[: LONGEST_TITLE - 5]} ({number})"
            some = chain([] if first is None else [first], islice(waiting, MOST_ROWS - 1))
            self._fill(self.workbook.add_worksheet(name[:LONGEST_TITLE]), some)
            number += 1

    def _fill(self, sheet: Any, rows: Iterable[list[Any]]) -> None:
        self.links, last = 0, 0
        sheet.freeze_panes(1, 1)
        for place, column in enumerate(self.columns):
            sheet.set_column(place, place, min(max(len(column.name) + 2, NARROWEST), WIDEST))
            sheet.write_string(0, place, column.name, self.bold)
        for last, row in enumerate(rows, 1):
            for place, value in enumerate(row):
                if value is not None and value != []:
                    self.writers[place](sheet, last, place, value)
        if self.columns:
            sheet.autofilter(0, 0, last, len(self.columns) - 1)

    def about(self, facts: Mapping[str, str | int | None]) -> None:
        """Write the sheet that says what the others are."""
        sheet, self.links = self.workbook.add_worksheet("about"), 0
        sheet.set_column(0, 0, NARROWEST, self.bold)
        sheet.set_column(1, 1, 2 * WIDEST, self.wrapped)
        cut = {"cut": f"{self.cut} cells are cut, for a cell holds {LONGEST_CELL:,} characters; the CSV has them whole"}
        for place, (name, value) in enumerate({**facts, **(cut if self.cut else {})}.items()):
            sheet.write_string(place, 0, name)
            if isinstance(value, int):
                sheet.write_number(place, 1, value)
            elif value is not None:
                self._text(sheet, place, 1, value)

    def _writer(self, column: TableColumn) -> Callable[[Any, int, int, Any], None]:
        """What writes the cells of a column; a list is text."""
        if column.lists:
            return self._text
        if column.name == "url":
            return self._address
        numeric = (CellType.WHOLE, CellType.EXACT, CellType.REAL)
        by_type = {CellType.EDTF: self._day, CellType.DAY: self._day, CellType.FLAG: self._flag}
        return self._number if column.type in numeric else by_type.get(column.type, self._text)

    def _text(self, sheet: Any, row: int, place: int, value: Any) -> None:
        text = text_of(value)
        if len(text) < LONGEST_LINK and self.links < MOST_LINKS and _LINK.fullmatch(text):
            self.links += 1
            sheet.write_url(row, place, text)
        elif text:
            self.cut += sheet.write_string(row, place, text) == CUT

    def _address(self, sheet: Any, row: int, place: int, value: Any) -> None:
        self._text(sheet, row, place, f"{self.address}{value}" if value.startswith("/") else value)

    def _day(self, sheet: Any, row: int, place: int, value: Any) -> None:
        day = date.fromisoformat(value) if _DAY.fullmatch(value) else None
        if day and day >= FIRST_DAY:
            sheet.write_datetime(row, place, day, self.day)
        else:
            sheet.write_string(row, place, value)

    def _number(self, sheet: Any, row: int, place: int, value: Any) -> None:
        """A number, but for one that a cell would round."""
        exact = Decimal(str(value))
        if len(exact.normalize().as_tuple().digits) <= DIGITS:
            sheet.write_number(row, place, value if isinstance(value, float) else exact)
        else:
            sheet.write_string(row, place, str(value))

    def _flag(self, sheet: Any, row: int, place: int, value: Any) -> None:
        sheet.write_boolean(row, place, value)
