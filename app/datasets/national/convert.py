"""Makes the dataset from the facts and our readings of them: `python -m app.datasets.national.convert`.

Run again, it writes the same bytes.
"""

from collections.abc import Iterable
from pathlib import Path

import orjson

from app import datasets
from app.catalogue import CATALOGUE
from app.datasets.national.claims import claims
from app.datasets.national.collaborations import collaborations
from app.datasets.national.context import Context
from app.datasets.national.desk import DocumentDesk
from app.datasets.national.drafting import Document
from app.datasets.national.functions import Scheme
from app.datasets.national.names import names
from app.datasets.national.organisations import Chain, bodies, forces
from app.datasets.national.participants import listed
from app.datasets.national.people import people
from app.datasets.national.rows import COLLABORATIONS, HERE, PEOPLE, by_keys, read
from app.datasets.national.sources import Shelf


def documents() -> list[Document]:
    """All documents of the dataset, by type and id. Raises ReadingError where the facts and the readings disagree."""
    bch = {f"{document['type']}:{document['id']}": document for document in _of_bch()}
    rows = by_keys(row for table in COLLABORATIONS for row in read(table))
    desk, shelf = DocumentDesk(bch, {row.record for row in rows.values() if row.adds}), Shelf(bch)
    police = read("policing_bodies")
    forces(read("forces"), desk, shelf)
    bodies(police, desk, shelf)
    names(read("names"), desk, shelf)
    context = Context(rows, desk, shelf, Chain(police), Scheme(desk, shelf), listed())
    collaborations(context)
    claims(context)
    people(
        [row for table in PEOPLE for row in read(table)], desk, shelf, {row.key: row.record for row in rows.values()}
    )
    drafted = ((target, draft.finished()) for target, draft in desk.drafts.items())
    made = [document for target, document in drafted if document != bch.get(target)]
    made += shelf.documents.values()
    return sorted(made, key=lambda document: (document["type"], document["id"]))


def _of_bch() -> Iterable[Document]:
    return (entry.document for entry in datasets.find("bch"))


def files(made: Iterable[Document]) -> dict[str, bytes]:
    """The files of the dataset by name, one for each type."""
    lines: dict[str, bytes] = {}
    for document in made:
        name = f"{CATALOGUE.by_type[document['type']].path}.ndjson"
        lines[name] = lines.get(name, b"") + orjson.dumps(document) + b"\n"
    return lines


def write(folder: Path = HERE) -> None:
    """Write the dataset, and take away files that it no longer has."""
    made = files(documents())
    for file in folder.glob("*.ndjson"):
        if file.name not in made:
            file.unlink()
    for name, content in made.items():
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    write()
