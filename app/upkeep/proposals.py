"""What the register could say after a comparison, as documents that `registry load` takes.

A force that is new is proposed as the list has it. Where the register says something else, its record stays as it is
and the list is cited beside it, with its own value: both stay, and people decide.
"""

from collections.abc import Iterable, Iterator

from app.catalogue import FORCES_COLLECTION
from app.registry.documents.canonical import Document
from app.registry.documents.references import Ref
from app.upkeep.force_list import SCHEME, ForceList, ListedForce
from app.upkeep.force_list_diff import Difference, DifferenceKind, ForceSnapshot


def proposals(differences: Iterable[Difference], listing: ForceList) -> Iterator[Document]:
    """The documents for all that is not recorded yet: the list as a source, then every force once."""
    open_ones = [found for found in differences if not found.recorded]
    if open_ones:
        yield _source(listing)
    yield from (_new(found.listed, listing) for found in open_ones if found.listed and not found.force)
    amended: dict[Ref, tuple[ForceSnapshot, list[Difference]]] = {}
    for found in open_ones:
        if found.force:
            amended.setdefault(found.force.ref, (found.force, []))[1].append(found)
    yield from (_amended(entry, found, listing) for entry, found in amended.values())


def _source_id(listing: ForceList) -> str:
    return f"data-police-uk-forces-{listing.retrieved}-{listing.sha256[:8]}"


def _source(listing: ForceList) -> Document:
    found = {"type": "source", "id": _source_id(listing), "kind": "dataset", "name": f"Forces as {SCHEME} lists them"}
    where = {"url": listing.address} if listing.address else {}
    return {**found, **where, "retrieved": listing.retrieved, "sha256": listing.sha256}


def _amended(entry: ForceSnapshot, differences: list[Difference], listing: ForceList) -> Document:
    plan, shape = FORCES_COLLECTION.plan, FORCES_COLLECTION.schema
    document = {"type": "force", **plan.canonical(shape.model_validate(entry.answer))}
    for difference in differences:
        citation = _citation(listing, difference.listed, [difference.pointer])
        if difference.kind is DifferenceKind.WEBSITE and entry.answer["website"] is None:
            document["website"] = difference.value
        else:
            citation["value"] = difference.value
        document["citations"] = [*document["citations"], citation]
    return document


def _new(listed: ListedForce, listing: ForceList) -> Document:
    """The force as the list has it; that it was listed on a day shows it in being on that day."""
    seen = {"basis": "inferred", "note": "Listed on the day of retrieval."}
    website = {"website": listed.url} if listed.url else {}
    stated = ["/name", "/identifiers/0", *(f"/{field}" for field in website)]
    return {
        "type": "force",
        "id": listed.id,
        "name": listed.name,
        **website,
        "observed": [listing.retrieved],
        "identifiers": [{"scheme": SCHEME, "value": listed.id}],
        "citations": [
            _citation(listing, listed, stated),
            {**_citation(listing, listed, ["/observed/0"]), **seen},
        ],
    }


def _citation(listing: ForceList, listed: ListedForce | None, about: list[str]) -> Document:
    locator = {"locator": listed.place} if listed and listing.whole else {}
    return {"source": _source_id(listing), **locator, "about": about}
