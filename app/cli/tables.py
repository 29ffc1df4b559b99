"""Tables as spreadsheets write them: any of their encodings and separators, read row by row."""

import codecs
import csv
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import IO, NamedTuple

import click

from app.cli.database import written

SEPARATORS = ",;\t|"
SAMPLE = 50
"""Rows by which the separator is told."""
CHUNK = 1 << 16
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class TableError(click.ClickException):
    """The file is no table that can be read."""


class Table(NamedTuple):
    """How a file is to be read."""

    path: Path
    encoding: str
    separator: str
    header: list[str]

    @classmethod
    def find(cls, path: Path) -> "Table":
        """How the file is written: told from its first bytes and rows, and whether it is UTF-8 to its end."""
        encoding = encoding_of(path)
        samples = {separator: _sample(path, encoding, separator) for separator in SEPARATORS}
        separator = max(samples, key=lambda each: _regularity(samples[each]))
        header = next(iter(samples[separator]), [])
        if not any(cell.strip() for cell in header):
            raise TableError(f"{path} has no first line that names its columns")
        return cls(path, encoding, separator, header)

    def rows(self) -> Iterator[list[str]]:
        """The rows below the header, as wide as it is. Raises TableError for one that is wider."""
        with _reading(self.path, self.encoding, self.separator) as rows:
            next(rows)
            for row in rows:
                if any(row[len(self.header) :]):
                    raise TableError(f"{self.path}: a row has more cells than there are columns: {row[:3]}")
                if row:
                    yield [*row, *[""] * len(self.header)][: len(self.header)]


def encoding_of(path: Path) -> str:
    """The encoding of a file: what its first bytes say, else UTF-8, else what Windows in western Europe writes."""
    with path.open("rb") as file:
        start = file.read(4)
        marked = next((name for mark, name in _MARKS if start.startswith(mark)), None)
        if marked:
            return marked
        decoder = codecs.getincrementaldecoder("utf-8")()
        file.seek(0)
        try:
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def _sample(path: Path, encoding: str, separator: str) -> list[list[str]]:
    with _reading(path, encoding, separator) as rows:
        return list(islice(rows, SAMPLE))


def _regularity(rows: list[list[str]]) -> tuple[bool, float, int]:
    """How much like a table rows are: more than one column, then rows of one width, then the width."""
    widths = [len(row) for row in rows if row] or [0]
    return widths[0] > 1, widths.count(widths[0]) / len(widths), widths[0]


@contextmanager
def _reading(path: Path, encoding: str, separator: str) -> Iterator[Iterator[list[str]]]:
    # cp1252 leaves five bytes undefined: what they were is lost, the rest of the table is not
    errors = "replace" if encoding == "cp1252" else "strict"
    with path.open(encoding=encoding, errors=errors, newline="") as file:
        try:
            yield csv.reader(file, delimiter=separator)
        except (csv.Error, UnicodeError) as error:
            raise TableError(f"{path} cannot be read as a table: {error}") from error


@contextmanager
def writing(output: str) -> Iterator[IO[str]]:
    """Where to write: "-" is standard output; a file is there once it is whole, and marked as UTF-8."""
    with written(output) as file:
        text = TextIOWrapper(file, encoding="utf-8" if output == "-" else "utf-8-sig", newline="")
        yield text
        text.detach()
