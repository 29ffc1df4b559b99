"""What a collaboration does, as entries of the schemes of functions."""

from typing import Any

from app.datasets import Dataset
from app.datasets.national.desk import DocumentDesk
from app.datasets.national.drafting import RecordDraft
from app.datasets.national.rows import HERE, ReadingError, Row, once
from app.datasets.national.sources import Shelf


class Scheme:
    """Our readings of the words on functions, and the entries that they lead to."""

    def __init__(self, desk: DocumentDesk, shelf: Shelf) -> None:
        self.desk, self.shelf = desk, shelf
        entries: list[Any] = [entry.document for entry in Dataset(HERE / "readings" / "functions.yaml")]
        self.functions: dict[str, list[str]] = once(
            (one["reads"], one["functions"]) for one in entries if "reads" in one
        )
        self.entries = once((one["id"], one) for one in entries if "id" in one)

    def read(self, row: Row) -> list[str]:
        """The functions that were read in the row's words. Raises ReadingError."""
        found = self.functions.get(row["function"])
        if found is None:
            raise ReadingError(f"{row.locator}: nobody has read '{row['function']}'")
        for function in found:
            self._enter(function, row)
        return found

    def _enter(self, function: str, row: Row) -> None:
        """Make the document of an entry, and of the wider ones that it belongs to."""
        if function not in self.entries or f"function:{function}" in self.desk.drafts:
            return
        draft = self.desk.draft("function", function)
        for name, value in list(self.entries[function].items())[1:]:
            draft.put(name, value, f"The entry is ours: “{row['function']}”.")
        draft.cite(row, self.shelf.cited(row))
        if broader := self.entries[function].get("broader"):
            self._enter(broader, row)

    def sort(self, row: Row, draft: RecordDraft, own: Row) -> None:
        """Say what a unit does; `own` is the row of which the record is."""
        if row.adds:
            self.describe(row, draft, own)
            return
        for function in self.read(row):
            draft.add("functions", function, f"Our reading of “{row['function']}”.")
        if not self.read(row):
            self.describe(row, draft, own)

    @staticmethod
    def describe(row: Row, draft: RecordDraft, own: Row) -> None:
        """Say it in the row's own words, where they are not those of the record's own row."""
        words = f"escribed as “{row['function']}”"
        if row["function"] and (row is own or row["function"] != own["function"]):
            draft.remark(f"Also d{words}" if row.adds else f"D{words}")
