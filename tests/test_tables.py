"""Tables as their users have them: read, or refused with a sentence that names the row and shows nothing of it."""

import gzip
import zipfile
from pathlib import Path

import pytest

from app.cli.tables import LONGEST_CELL, Table, TableError

SECRET = "Jane Doe"
"""What stands in a table and must stand in no message."""


def written(folder: Path, content: bytes | str, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(path: Path) -> list[list[str]]:
    table = Table.find(path)
    return [table.header, *table.rows()]


def refused(path: Path) -> str:
    with pytest.raises(TableError) as error:
        read(path)
    assert SECRET not in error.value.message
    return error.value.message.replace(str(path), "FILE")


ROWS = [["Name", "Note"], ["Beds Police", "a, b; c"], ["Kent", ""]]


@pytest.mark.parametrize(
    "content",
    [
        'Name,Note\nBeds Police,"a, b; c"\nKent,\n',
        '\ufeffName,Note\r\nBeds Police,"a, b; c"\r\nKent,\r\n',
        'Name;Note\nBeds Police;"a, b; c"\nKent;\n',
        'sep=;\r\nName;Note\r\nBeds Police;"a, b; c"\r\nKent;\r\n',
        '\ufeffsep=,\r\nName,Note\r\nBeds Police,"a, b; c"\r\nKent,\r\n',
        "Name\tNote\nBeds Police\ta, b; c\nKent\t\n",
        'Name,Note\n\nBeds Police,"a, b; c"\nKent\n',
        'Name,Note\nBeds Police,"a, b; c"\nKent,,,\n',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_same_table_however_it_is_written(tmp_path: Path, content: str, encoding: str) -> None:
    if encoding != "utf-8":
        content = content.removeprefix("\ufeff")
    assert read(written(tmp_path, content.encode(encoding))) == ROWS


def test_a_huge_cell_is_read(tmp_path: Path) -> None:
    """Python's csv module stops at 131,072 characters unless it is told otherwise."""
    note = "x" * 500_000
    assert read(written(tmp_path, f"Name,Note\nKent,{note}\n")) == [["Name", "Note"], ["Kent", note]]


def test_a_quote_within_a_cell_is_part_of_it(tmp_path: Path) -> None:
    path = written(tmp_path, 'Name,Note\nKent,5" pipe\nEssex,"two\nlines"\n')
    assert read(path)[1:] == [["Kent", '5" pipe'], ["Essex", "two\nlines"]]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (f"Name,Note\na,b\n{SECRET},b,c\n", "FILE: row 3 has 3 cells, and there are 2 columns"),
        (f'Name,Note\n"two\nlines",b\n{SECRET},b,c,d\n', "FILE: row 3 has 4 cells, and there are 2 columns"),
        (f'Name,Note\na,b\n"{SECRET},b\nc,d\n', "row 3 opens a quote that is never closed"),
        (f'Name,Note\na,b\nc,"{SECRET}', "row 3 opens a quote that is never closed"),
        (f'"Name,{SECRET}\na,b\n', "row 1 opens a quote that is never closed"),
        (b"\xff\xfeN\x00,\x00M\x00\n\x00a\x00,\x00\x00\xd8", "cannot be read as a table: row 2 is not text in UTF-16"),
        ("", "has no first line that names its columns"),
        (b"PK\x03\x04" + SECRET.encode(), "is a broken zip file or workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + SECRET.encode(), "workbook of an old Excel, or one with a password"),
        (b"%PDF-1.7 " + SECRET.encode(), "is a PDF"),
        (gzip.compress(SECRET.encode()), "is compressed (gzip)"),
        (f"\ufeff <!DOCTYPE html><table><tr><td>{SECRET}", "is a web page, as some programs call a workbook"),
    ],
    ids=range(12),
)
def test_what_cannot_be_read_is_said(tmp_path: Path, content: bytes | str, message: str) -> None:
    assert message in refused(written(tmp_path, content))


def test_a_quote_that_swallows_a_long_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = written(tmp_path, f'Name,Note\na,b\n"{SECRET},b\n' + "x,y\n" * (LONGEST_CELL // 4))
    assert f"row 3 has a cell of more than {LONGEST_CELL} characters" in refused(path)


@pytest.mark.parametrize(
    ("members", "message"),
    [
        (["[Content_Types].xml", "xl/workbook.xml"], "FILE is a workbook, not text: open it there and save it as CSV"),
        (["xl/workbook.bin"], "FILE is a workbook"),
        (["mimetype", "content.xml"], "FILE is a workbook"),
        (["forces.csv"], "FILE is a zip file; unpack it first"),
    ],
)
@pytest.mark.parametrize("name", ["table.xlsx", "table.csv", "table"])
def test_a_workbook_is_known_whatever_it_is_named(tmp_path: Path, members: list[str], message: str, name: str) -> None:
    with zipfile.ZipFile(tmp_path / name, "w") as archive:
        for member in members:
            archive.writestr(member, SECRET)
    assert refused(tmp_path / name).startswith(message)


def test_short_rows_are_filled_up_and_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, "Name,Note\na,b\nc\n\nd\n")
    assert read(path)[1:] == [["a", "b"], ["c", ""], ["d", ""]]
    assert "2 rows are shorter than the first (row 3)" in capsys.readouterr().err
