"""Names that the other files lack: present, former, and in another language."""

from collections.abc import Mapping

from app.datasets.national.desk import DocumentDesk
from app.datasets.national.drafting import Document
from app.datasets.national.rows import Row
from app.datasets.national.sources import Shelf


def reads_another_file(cells: Mapping[str, str]) -> bool:
    """Whether a row states no fact, which would need a source, but says how a name in another file is to be read."""
    return bool(cells["note"]) and not (cells["source"] or cells["from"] or cells["to"])


def names(rows: list[Row], desk: DocumentDesk, shelf: Shelf) -> None:
    """Give each record its name: an open-ended one is that of the record, any other stands beside it."""
    for row in (row for row in rows if not reads_another_file(row.cells)):
        kind, _, slug = row.record.partition(":")
        draft = desk.draft(kind, slug)
        draft.of_one_row = False
        dates = {name: row[name] for name in ("from", "to") if row[name]}
        name: Document = {"name": row["name"], **dates}
        if row["from"] and not row["to"] and not draft.merged:
            draft.document["name"] = row["name"]
            draft.say("/name")
        draft.add("other_names", name, keys=("name",)) if len(name) > 1 else draft.alias(name)
        if row["short_name"]:
            draft.alias({"name": row["short_name"], **dates})
        draft.remark(row["note"])
        draft.cite(row, shelf.cited(row))
