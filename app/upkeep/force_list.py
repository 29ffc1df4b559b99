"""The forces that data.police.uk lists, and what it says of one of them (data.police.uk/docs/method/forces and /force).

A list is `[{"id": "avon-and-somerset", "name": "Avon and Somerset Constabulary"}, …]`; one force is an object with the
same two fields, its `url`, and more that the registry does not keep.
"""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from app.registry.documents.values import SLUG
from app.registry.folding import in_one_line

SCHEME = "data.police.uk"
"""The scheme of its ids, in the identifiers of forces."""


class ListingError(ValueError):
    """What was given is not a list of forces, or cannot be read."""


@dataclass(frozen=True)
class ListedForce:
    """One force as it is listed: `place` says where."""

    id: str
    name: str
    url: str | None
    place: str


@dataclass(frozen=True)
class ForceList:
    """What was read: `whole` is false for one force alone, `address` is where it was read, if on the web."""

    forces: tuple[ListedForce, ...]
    whole: bool
    sha256: str
    retrieved: str
    address: str | None = None


def read_listing(content: bytes, retrieved: str, address: str | None = None) -> ForceList:
    """The list in a file. Raises ListingError, naming the entry and the field that are not as they should be."""
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ListingError("it is not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise ListingError(f"it is not JSON{_where(error)}") from error
    if isinstance(found, dict):
        forces = [_read(found, "the force")]
    elif isinstance(found, list) and found:
        forces = [_read(entry, f"entry {number}") for number, entry in enumerate(found, 1)]
    else:
        raise ListingError("it is neither a list of forces nor one force")
    _refuse_twice(forces)
    return ForceList(tuple(forces), isinstance(found, list), sha256(content).hexdigest(), retrieved, address)


def _where(error: Exception) -> str:
    """Where JSON ends to be JSON; what stands there is not shown."""
    return f": see line {error.lineno}, column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""


def _read(entry: Any, place: str) -> ListedForce:
    if not isinstance(entry, dict):
        raise ListingError(f"{place} is not an object with the fields 'id' and 'name'")
    slug, name = _text(entry, "id", place, 120), _text(entry, "name", place, 500)
    if not SLUG.fullmatch(slug):
        raise ListingError(f"{place}: 'id' is not one of {SCHEME}, like 'avon-and-somerset'")
    url = entry.get("url")
    blank = not url or (isinstance(url, str) and not in_one_line(url))
    return ListedForce(slug, name, None if blank else _text(entry, "url", place, 500), place)


def _text(entry: dict[str, Any], field: str, place: str, longest: int) -> str:
    if field not in entry:
        raise ListingError(f"{place} has no field '{field}'")
    text = in_one_line(entry[field]) if isinstance(entry[field], str) else ""
    if not 1 <= len(text) <= longest:
        raise ListingError(f"{place}: '{field}' is not text of 1 to {longest} characters")
    return text


def _refuse_twice(forces: list[ListedForce]) -> None:
    met: dict[str, str] = {}
    for force in forces:
        if force.id in met:
            raise ListingError(f"{force.place}: 'id' is that of {met[force.id]}")
        met[force.id] = force.place
