"""Records as a reconciliation service shows them: candidates, suggestions, and one line that tells namesakes apart."""

from app.reads.snapshots import RecordSnapshot
from app.reconciliation.properties import properties, values
from app.reconciliation.record_types import type_of
from app.reconciliation.scoring import ScoredRecord, certain
from app.registry.documents.canonical import Document

MOST_NAMES = 4
_ORGANISATIONS = ("force", "participant", "party", "body", "subject")


def results(candidates: list[ScoredRecord], limit: int) -> Document:
    """The answer to one query."""
    taken = certain(candidates)
    return {"result": [_result(one, one is taken) for one in candidates[:limit]]}


def _result(candidate: ScoredRecord, match: bool) -> Document:
    entry = candidate.entry
    return {
        "id": str(entry.ref),
        "name": entry.reference["name"],
        "description": description(entry),
        "type": [type_of(entry.collection)],
        "score": candidate.score,
        "match": match,
        "features": candidate.features,
    }


def suggestion(entry: RecordSnapshot) -> Document:
    """A record as a suggestion."""
    return {
        "id": str(entry.ref),
        "name": entry.reference["name"],
        "description": description(entry),
        "notable": [type_of(entry.collection)],
    }


def description(entry: RecordSnapshot) -> str:
    """What tells a record from its namesakes: its kind, its dates, and who it is of."""
    kind = entry.answer.get("kind")
    words = [str(kind).replace("_", " ")] if kind else []
    words += [f"{label} {text}" for label, text in dates(entry)]
    names = organisations(entry)
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    words += [", ".join(names[:MOST_NAMES]) + more] if names else []
    return "; ".join([type_of(entry.collection)["name"], *words])


def dates(entry: RecordSnapshot) -> list[tuple[str, str]]:
    """The dates of a record that are recorded, each with its name, in words."""
    found = ((name.replace("_", " "), entry.answer.get(name)) for name in entry.collection.dates)
    return [(label, value["text"]) for label, value in found if value]


def organisations(entry: RecordSnapshot) -> list[str]:
    """The names of the forces and bodies that a record is of."""
    for pid in _ORGANISATIONS:
        if pid in properties(entry.collection) and (found := values(entry, pid)):
            return [each["name"] for each in found if isinstance(each, dict)]
    return []
