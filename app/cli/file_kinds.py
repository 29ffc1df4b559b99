"""Files that are given for a table of text and are something else, whatever their names say."""

import zipfile
from pathlib import Path

AS_CSV = "open it there and save it as CSV (UTF-8)"
_WORKBOOK = f"is a workbook, not text: {AS_CSV}"
_STARTS = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", f"is a workbook of an old Excel, or one with a password, not text: {AS_CSV}"),
    (b"%PDF-", "is a PDF, not a table; ask for the table that it was made of"),
    (b"\x1f\x8b", "is compressed (gzip); unpack it first"),
    (b"PAR1", "is a Parquet file, not text; write it as CSV first"),
    (b"SQLite format 3\x00", "is a database, not text; write the table as CSV first"),
)
_PAGES = (b"<!doctype html", b"<html", b"<table")
_LOOKED_AT = 512


def other_kind(path: Path) -> str | None:
    """What a file is that is no text, and what to do: "is a workbook, not text: …"; None for what may be text."""
    with path.open("rb") as file:
        start = file.read(_LOOKED_AT)
    for mark, said in _STARTS:
        if start.startswith(mark):
            return said
    if start.startswith(b"PK\x03\x04"):
        return _in_zip(path)
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_PAGES):
        return f"is a web page, as some programs call a workbook: {AS_CSV}"
    return None


def _in_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile:
        return "is a broken zip file or workbook; get it again"
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names or {"mimetype", "content.xml"} <= names:
        return _WORKBOOK
    return "is a zip file; unpack it first"
