"""A dataset looked at before anybody has to wait for it: all that can be wrong with it by itself.

It needs no database and no lock, and what it found good `save()` need not read, check and put in form again. What is
recorded (references, rules that look at other records) only `save()` can look at.
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import orjson

from app.registry.chunks import CHUNK
from app.registry.collection import Catalogue
from app.registry.problems import Refused
from app.registry.writing.outcome import Entry, Faults, Say, silent
from app.registry.writing.validation import InspectedDocument, draft_of, faults_within, identity_of


class InspectedDataset:
    """Documents with which nothing is wrong by themselves, in a file without a name: they may be more than fit."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.count = file, 0

    def add(self, where: str, document: InspectedDocument) -> None:
        """Put down another."""
        self.file.write(orjson.dumps((where, document.type, document.id, document.text)) + b"\n")
        self.count += 1

    def __iter__(self) -> Iterator[Entry]:
        self.file.seek(0)
        for line in self.file:
            where, kind, slug, text = orjson.loads(line)
            yield Entry(where, InspectedDocument(kind, slug, text))


@contextmanager
def inspected(
    entries: Iterable[Entry], catalogue: Catalogue, say: Say = silent, folder: Path | None = None
) -> Iterator[InspectedDataset]:
    """The documents, to be saved meanwhile. Raises RuleBroken, counting all that is wrong and naming the first faults.

    They are put down in the folder, else in that for temporary files. Raises Refused where there is no room.
    """
    with ExitStack() as stack:
        try:
            file = stack.enter_context(TemporaryFile(dir=folder))
            found = _inspect(entries, catalogue, InspectedDataset(file), say)
            file.flush()
        except OSError as error:
            detail = f"the dataset cannot be put down: {error.strerror or error}; ask who runs the register"
            raise Refused("unavailable", detail, headers={"Retry-After": "60"}) from error
        yield found


def _inspect(entries: Iterable[Entry], catalogue: Catalogue, found: InspectedDataset, say: Say) -> InspectedDataset:
    faults, seen, number = Faults(count_all=True), set[str](), 0
    for number, entry in enumerate(entries, 1):
        if document := _look(entry, catalogue, faults, seen):
            found.add(entry.where, document)
        if number % CHUNK == 0:
            say("checked", number, None)
    say("checked", number, number)
    faults.refuse()
    return found


def _look(entry: Entry, catalogue: Catalogue, faults: Faults, seen: set[str]) -> InspectedDocument | None:
    """Report what is wrong with one document. `seen` has the records of those before it."""
    target, found = identity_of(entry.document, catalogue)
    faults.add(entry.where, found)
    if target is None:
        return None
    if target in seen:
        faults.add(entry.where, [("/id", f"{target} stands in this dataset twice")])
    seen.add(target)
    draft = draft_of(entry.where, entry.document, catalogue, faults.add)
    if draft is None:
        return None
    faults.add(entry.where, faults_within(draft))
    return InspectedDocument(draft.collection.type, draft.document["id"], draft.text)
