"""Tables as spreadsheets write them: any of their encodings and separators, read row by row."""

import codecs
import csv
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import IO, NamedTuple

import click

from app.cli.database import written
from app.cli.file_kinds import other_kind

SEPARATORS = ",;\t|"
SAMPLE = 50
"""Rows by which the separator is told."""
CHUNK = 1 << 16
LONGEST_CELL = 1 << 24
"""Characters. What is longer is no cell, but what follows a quote that nobody closed."""
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SEPARATOR_LINE = re.compile(r"sep=(.)\s*")
"""A first line by which Excel is told the separator."""


class TableError(click.ClickException):
    """The file is no table that can be read."""


class Table(NamedTuple):
    """How a file is to be read; `told` is whether its first line says nothing but the separator."""

    path: Path
    encoding: str
    separator: str
    header: list[str]
    told: bool

    @classmethod
    def find(cls, path: Path) -> "Table":
        """How the file is written: told from its first bytes and rows, and whether it is UTF-8 to its end."""
        if other := other_kind(path):
            raise TableError(f"{path} {other}")
        encoding = encoding_of(path)
        told = _told(path, encoding)
        samples = {separator: _sample(path, encoding, separator, told=bool(told)) for separator in told or SEPARATORS}
        separator = max(samples, key=lambda each: _regularity(samples[each]))
        with _reading(path, encoding, separator, told=bool(told)) as rows:
            header = next(rows, (1, []))[1]
        if not any(cell.strip() for cell in header):
            raise TableError(f"{path} has no first line that names its columns")
        return cls(path, encoding, separator, header, bool(told))

    def rows(self) -> Iterator[list[str]]:
        """The rows below the header, as wide as it is. Raises TableError for one that is wider, naming its number.

        Rows that are shorter are filled up, and once all are read that is said.
        """
        width, short = len(self.header), list[int]()
        with _reading(self.path, self.encoding, self.separator, told=self.told) as rows:
            next(rows)
            for number, row in rows:
                if any(row[width:]):
                    raise TableError(f"{self.path}: row {number} has {len(row)} cells, and there are {width} columns")
                if row:
                    short += [number] if len(row) < width else []
                    yield [*row, *[""] * width][:width]
        if short:
            click.echo(f"{len(short)} rows are shorter than the first (row {short[0]}): read as if filled up", err=True)


def encoding_of(path: Path) -> str:
    """The encoding of a file: what its first bytes say, else UTF-8, else what Windows in western Europe writes."""
    with path.open("rb") as file:
        start = file.read(4)
        marked = next((name for mark, name in _MARKS if start.startswith(mark)), None)
        if marked:
            return marked
        if len(start) == 4 and 0 in start:  # UTF-16 without its mark
            return "utf-16-be" if start[0] == 0 else "utf-16-le"
        decoder = codecs.getincrementaldecoder("utf-8")()
        file.seek(0)
        try:
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def _told(path: Path, encoding: str) -> str | None:
    """The separator that a first line tells, if it tells nothing else: of `sep=;`, ";"."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        found = _SEPARATOR_LINE.fullmatch(file.readline(20))
    return found[1] if found else None


def _sample(path: Path, encoding: str, separator: str, *, told: bool) -> list[list[str]]:
    """The first rows, as far as they can be read with this separator, which may be the wrong one."""
    found: list[list[str]] = []
    with suppress(TableError), _reading(path, encoding, separator, told=told) as rows:
        found.extend(row for _, row in islice(rows, SAMPLE))
    return found


def _regularity(rows: list[list[str]]) -> tuple[bool, float, int]:
    """How much like a table rows are: more than one column, then rows of one width, then the width."""
    widths = [len(row) for row in rows if row] or [0]
    return widths[0] > 1, widths.count(widths[0]) / len(widths), widths[0]


class _Rows:
    """The rows of a table with their numbers, as a spreadsheet counts them, the first line being row 1."""

    def __init__(self, lines: Iterable[str], separator: str) -> None:
        self.lines, self.separator = lines, separator
        self.number = 0
        self.current: list[str] = []
        """The lines of the row at hand, by which a quote that is never closed is told."""

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        csv.field_size_limit(LONGEST_CELL)
        reader, ended = csv.reader(self._kept(), delimiter=self.separator), False
        while not ended:
            self.current = []
            row = next(reader, None)
            ended = row is None
            if row is not None:
                self._refuse_open()
                self.number += 1
                yield self.number, row

    def _kept(self) -> Iterator[str]:
        for line in self.lines:
            self.current.append(line)
            yield line

    def _refuse_open(self) -> None:
        """Raises csv.Error where the row ends with the file, within quotes."""
        if len(self.current) > 1 or (self.current[-1:] and self.current[-1].count('"') % 2):
            try:
                list(csv.reader(self.current, delimiter=self.separator, strict=True))
            except csv.Error as error:
                if "unexpected end" in str(error):
                    raise csv.Error("opens a quote that is never closed") from error


@contextmanager
def _reading(path: Path, encoding: str, separator: str, *, told: bool) -> Iterator[Iterator[tuple[int, list[str]]]]:
    # cp1252 leaves five bytes undefined: what they were is lost, the rest of the table is not
    errors = "replace" if encoding == "cp1252" else "strict"
    with path.open(encoding=encoding, errors=errors, newline="") as file:
        rows = _Rows(file, separator)
        try:
            if told:
                file.readline()
            yield iter(rows)
        except (csv.Error, UnicodeError) as error:
            what = _explained(error, encoding)
            raise TableError(f"{path} cannot be read as a table: row {rows.number + 1} {what}") from error


def _explained(error: Exception, encoding: str) -> str:
    """What is wrong with a row, without anything that stands in it."""
    if isinstance(error, UnicodeError):
        return f"is not text in {encoding.upper()}"
    if "field larger" in str(error):
        return f"has a cell of more than {LONGEST_CELL} characters; is a quote opened there and never closed?"
    return str(error)


@contextmanager
def writing(output: str) -> Iterator[IO[str]]:
    """Where to write: "-" is standard output; a file is there once it is whole, and marked as UTF-8."""
    with written(output) as file:
        text = TextIOWrapper(file, encoding="utf-8" if output == "-" else "utf-8-sig", newline="")
        yield text
        text.detach()
