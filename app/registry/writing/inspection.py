"""A dataset looked at before anybody has to wait for it: all that can be wrong with it by itself.

It needs no database and no lock. What is recorded (references, rules that look at other records) is looked at by
`save()`, which looks at all of it again: between the two anything may have been written.
"""

from collections.abc import Iterable

from app.registry.chunks import CHUNK
from app.registry.collection import Catalogue
from app.registry.writing.outcome import Entry, Faults, Say, silent
from app.registry.writing.validation import draft_of, faults_within, identity_of


def inspect(entries: Iterable[Entry], catalogue: Catalogue, say: Say = silent) -> int:
    """How many documents there are. Raises RuleBroken, counting all that is wrong and naming the first faults."""
    faults, seen, number = Faults(count_all=True), set[str](), 0
    for number, entry in enumerate(entries, 1):
        _look(entry, catalogue, faults, seen)
        if number % CHUNK == 0:
            say("checked", number, None)
    say("checked", number, number)
    faults.refuse()
    return number


def _look(entry: Entry, catalogue: Catalogue, faults: Faults, seen: set[str]) -> None:
    """Report what is wrong with one document. `seen` has the records of those before it."""
    target, found = identity_of(entry.document, catalogue)
    faults.add(entry.where, found)
    if target is None:
        return
    if target in seen:
        faults.add(entry.where, [("/id", f"{target} stands in this dataset twice")])
    seen.add(target)
    if draft := draft_of(entry.where, entry.document, catalogue, faults.add):
        faults.add(entry.where, faults_within(draft))
