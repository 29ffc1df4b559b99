"""Where the register of forces and a list of them differ; nothing is decided here, and nothing written."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from app.reads.answers.organisations import ServedForce
from app.reads.snapshots import RecordSnapshot
from app.registry.dates import ENDED_UNKNOWN, Span
from app.registry.folding import fold
from app.registry.presence import Presence
from app.upkeep.force_list import SCHEME, ForceList, ListedForce

ForceSnapshot = RecordSnapshot[ServedForce]


class DifferenceKind(StrEnum):
    """How they differ."""

    NEW = "new"
    NOT_LISTED = "not_listed"
    NOT_IN_BEING = "not_in_being"
    NAME = "name"
    WEBSITE = "website"


@dataclass(frozen=True)
class Difference:
    """One difference: `value` is what the list says of the field at `pointer`.

    `minor`: only in what folding makes alike (case, accents, punctuation, `&` for "and"). `recorded`: the register says
    so already, as another name or as the value of a citation. `notes` are what the record itself remarks on it.
    """

    kind: DifferenceKind
    force: ForceSnapshot | None
    listed: ListedForce | None
    pointer: str
    value: str
    reason: str
    minor: bool = False
    recorded: bool = False
    notes: tuple[str, ...] = ()


class Comparison(NamedTuple):
    """The differences, and the forces in being that cannot be compared: they have no id of the list's scheme."""

    differences: list[Difference]
    not_compared: list[ForceSnapshot]


def compare(forces: Iterable[ForceSnapshot], listing: ForceList, days: Span) -> Comparison:
    """Compare the forces of the register with the list, as they were on these days."""
    # of two records with one id, the one in being comes last and so is meant
    entries = sorted(forces, key=lambda entry: _in_being(entry, days))
    named = {entry.answer["id"]: entry for entry in entries}
    named |= {value: entry for entry in entries for value in _ids(entry).values()}
    found = [difference for listed in listing.forces for difference in _of_listed(listed, named, days)]
    missing = [entry for entry in entries if _in_being(entry, days) and not _is_listed(entry, listing)]
    if not listing.whole:
        missing = []
    found += [_not_listed(entry) for entry in missing if _ids(entry)]
    return Comparison(list(map(_with_record, found)), [entry for entry in missing if not _ids(entry)])


def _ids(entry: ForceSnapshot) -> Mapping[str, str]:
    """The force's ids in the scheme of the list, by the JSON Pointer to each."""
    identifiers = enumerate(entry.answer["identifiers"])
    return {f"/identifiers/{place}": item["value"] for place, item in identifiers if item["scheme"] == SCHEME}


def _is_listed(entry: ForceSnapshot, listing: ForceList) -> bool:
    return not {listed.id for listed in listing.forces}.isdisjoint((entry.answer["id"], *_ids(entry).values()))


def _in_being(entry: ForceSnapshot, days: Span) -> bool:
    """Whether it is there as far as is known: of some forces neither start nor end is recorded."""
    presence = entry.period.presence(days)
    possible = presence is Presence.POSSIBLE and entry.answer["ended"] is None
    return possible or presence in (Presence.CERTAIN, Presence.PRESUMED)


def _over(entry: ForceSnapshot, days: Span) -> bool:
    """Whether the register says that it had ended; with an end unknown, from the day after it was last seen."""
    ended = entry.answer["ended"]
    until = entry.period.certain_until if ended and ended["edtf"] == ENDED_UNKNOWN else entry.period.possible_until
    return until <= days.earliest


def _of_listed(listed: ListedForce, named: Mapping[str, ForceSnapshot], days: Span) -> Iterator[Difference]:
    entry = named.get(listed.id)
    if entry is None:
        yield Difference(DifferenceKind.NEW, None, listed, "", listed.name, "is in the list, not in the register")
        return
    if _over(entry, days) or entry.period.presence(days) is Presence.ABSENT:
        yield _not_in_being(entry, listed, days)
    if entry.answer["name"] != listed.name:
        yield _otherwise_named(entry, listed)
    if listed.url and entry.answer["website"] != listed.url:
        yield _other_website(entry, listed, listed.url)


def _not_listed(entry: ForceSnapshot) -> Difference:
    (pointer, value), *_ = _ids(entry).items()
    reason = f"is in the register, and the list has no entry '{value}'"
    return Difference(DifferenceKind.NOT_LISTED, entry, None, pointer, "not in the list", reason)


def _not_in_being(entry: ForceSnapshot, listed: ListedForce, days: Span) -> Difference:
    over, force = _over(entry, days), entry.answer
    field, date = ("ended", force["ended"]) if over else ("started", force["started"])
    reason = f"is in the list, and `{field}` in the register is: {date['text'] if date else 'not recorded'}"
    return Difference(DifferenceKind.NOT_IN_BEING, entry, listed, f"/{field}", "in the list", reason)


def _otherwise_named(entry: ForceSnapshot, listed: ListedForce) -> Difference:
    name = entry.answer["name"]
    reason = f"is '{listed.name}' in the list, '{name}' in the register"
    minor = fold(name) == fold(listed.name)
    return Difference(DifferenceKind.NAME, entry, listed, "/name", listed.name, reason, minor)


def _other_website(entry: ForceSnapshot, listed: ListedForce, url: str) -> Difference:
    website = entry.answer["website"]
    reason = f"has the website {url} in the list, {website or 'none'} in the register"
    minor = website is not None and _bare(website) == _bare(url)
    return Difference(DifferenceKind.WEBSITE, entry, listed, "/website", url, reason, minor)


def _bare(address: str) -> str:
    return re.sub(r"^https?://", "", address.casefold()).rstrip("/")


def _with_record(difference: Difference) -> Difference:
    """The difference with what the record itself says of it."""
    if difference.force is None:
        return difference
    answer = difference.force.answer
    stated = [cited["value"] for cited in answer["citations"] if difference.pointer in cited["about"]]
    if difference.kind is DifferenceKind.NAME:
        stated += [other["name"] for other in answer["other_names"]]
    notes = (answer["note"], *(cited["note"] for cited in answer["citations"]))
    remarks = tuple(dict.fromkeys(note for note in notes if note and SCHEME in note))
    return replace(difference, recorded=difference.value in stated, notes=remarks)
