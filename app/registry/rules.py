"""Rules that every kind of record can have: of relations to itself, of what is said twice, and of what hangs on it."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache

from app.registry.bounds import Life, within_life
from app.registry.collection import Collection, Finding, Look, Rule
from app.registry.dates import AFTER_ALL, BEFORE_ALL, ENDED_UNKNOWN, parse_edtf
from app.registry.documents.canonical import Document
from app.registry.documents.fields import edtf_of
from app.registry.documents.plan import Plan
from app.registry.presence import ALWAYS, Period


def not_part_of_itself(document: Document, look: Look) -> Iterator[Finding]:
    """Nothing is part of itself: `part_of` names a record of the same type, and another."""
    if _names(document, document.get("part_of")):
        yield Finding("/part_of", "names the record itself")


def not_its_own_predecessor(document: Document, look: Look) -> Iterator[Finding]:
    """Nothing precedes itself: each of the `predecessors` names a record of the same type, and another."""
    for index, predecessor in enumerate(document.get("predecessors", [])):
        if any(_names(document, value) for value in predecessor.values()):
            yield Finding(f"/predecessors/{index}", "names the record itself")


def nothing_twice(document: Document, look: Look) -> Iterator[Finding]:
    """No list says the same twice: an organisation without dates takes part once, and a citation stands once."""
    for field, items in document.items():
        if isinstance(items, list):
            for index, item in enumerate(items):
                if item in items[:index]:
                    yield Finding(f"/{field}/{index}", f"says the same as /{field}/{items.index(item)}; leave one out")


def outside(plan: Plan, fields: Iterable[str]) -> Callable[[Document, Look], Iterator[Finding]]:
    """A check of the relations in `fields`: what ends before the other began, or begins when that had ended, is empty.

    By the recorded start and end of what is pointed to; where nothing is recorded there is nothing to be outside of.
    """

    named = frozenset(fields)

    def check(document: Document, look: Look) -> Iterator[Finding]:
        """Each relation holds on some day on which the other was there."""
        whole = plan.period(document) if plan.held else ALWAYS
        for place in plan.references(document, named):
            other = look(place.container[place.key])
            if not other or not (other.get("started") or other.get("ended")):
                continue  # nothing bounds it
            part = place.plan.period(place.part).within(whole) if place.part and place.plan.held else whole
            if not _empty(part) and _empty(within_life(part, _life(other))):
                where = f"/{place.field}/{place.position}" if place.part else place.path
                yield Finding(where, f"holds on no day on which {other.get('name', other['id'])} was there")

    return check


def _empty(period: Period) -> bool:
    return period.begins_earliest >= period.possible_until


def _life(document: Document) -> Life:
    """The days that the recorded start and end of a record leave open."""
    started, ended = document.get("started"), document.get("ended")
    until = parse_edtf(edtf_of(ended)).latest if ended and edtf_of(ended) != ENDED_UNKNOWN else AFTER_ALL
    return Life(parse_edtf(edtf_of(started)).earliest if started else BEFORE_ALL, until)


@cache
def rules_of(collection: Collection) -> tuple[Rule, ...]:
    """The rules that documents of a collection must keep: those of every record, and its own."""
    if not collection.bounded_by:
        return (SAID_TWICE, *collection.rules)
    hanging = Rule(id="outside-its-life", check=outside(collection.plan, collection.bounded_by), remedy=OUTSIDE_REMEDY)
    return (SAID_TWICE, *collection.rules, hanging)


def _names(document: Document, reference: object) -> bool:
    """Whether "type:id" is the id of the document."""
    return isinstance(reference, str) and reference.partition(":")[2] == document["id"]


OUTSIDE_REMEDY = "Correct the dates of one of the two, or name what was there at that time."
SAID_TWICE = Rule(id="said-twice", check=nothing_twice)
OWN_PART = Rule(id="own-part", check=not_part_of_itself)
OWN_PREDECESSOR = Rule(id="own-predecessor", check=not_its_own_predecessor)
