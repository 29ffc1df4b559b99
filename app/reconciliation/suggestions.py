"""The suggest services: records, properties and types that begin with what somebody types."""

from sqlalchemy import Connection

from app.api.parameters import Parameters, invalid
from app.catalogue import CATALOGUE
from app.reads.snapshots import of_pks
from app.reconciliation import record_types
from app.reconciliation.property_proposals import PropertyProposals
from app.reconciliation.requests import cleaned
from app.reconciliation.results import suggestion
from app.registry.documents.canonical import Document
from app.registry.folding import fold
from app.registry.serving.statements import Clock
from app.search.query.candidates import SearchScope
from app.search.query.matching import run_suggest

ON_A_PAGE = 20
FURTHEST = 100_000


def entities(connection: Connection, when: Clock, parameters: Parameters) -> Document:
    """Records with a name or an id that begins with the text, or has words that do, the best first."""
    text, types, skipped = cleaned(parameters.get("prefix", "")), types_in(parameters), _cursor(parameters)
    ranked = run_suggest(connection, text, SearchScope(when, types=types)).ranked
    pks = [each.found.record_pk for each in ranked]
    page = pks[skipped : skipped + ON_A_PAGE]
    entries = sorted(of_pks(connection, when, page), key=lambda entry: page.index(entry.pk))
    return {"result": [suggestion(entry.at(when)) for entry in entries]}


def properties(proposals: PropertyProposals, connection: Connection, when: Clock, parameters: Parameters) -> Document:
    """Properties, of the type asked for or of any."""
    found = [one.shown for one in proposals.of(connection, when, types_in(parameters))]
    return {"result": _page(found, parameters)}


def types(connection: Connection, when: Clock, parameters: Parameters) -> Document:
    """Types of records."""
    found = [record_types.described(CATALOGUE.by_type[kind]) for kind in record_types.TYPES]
    return {"result": _page(found, parameters)}


def _page(items: list[Document], parameters: Parameters) -> list[Document]:
    """The items with the text in their name or id, those that begin with it first."""
    text, skipped = fold(parameters.get("prefix", "")), _cursor(parameters)
    ranks = [(rank, item) for item in items if (rank := _rank(item, text)) is not None]
    return [item for _, item in sorted(ranks, key=lambda each: each[0])][skipped : skipped + ON_A_PAGE]


def _rank(item: Document, text: str) -> int | None:
    names = [fold(item["name"]), fold(item["id"])]
    if any(name.startswith(text) for name in names):
        return 0
    return 1 if any(text in name for name in names) else None


def types_in(parameters: Parameters) -> tuple[str, ...]:
    """The type asked for, else all. Raises Unsupported for one that there is not."""
    kind = parameters.get("type")
    if kind and (wrong := record_types.wrong_type(kind)):
        raise invalid("type", wrong)
    return (kind,) if kind else record_types.TYPES


def _cursor(parameters: Parameters) -> int:
    """How many suggestions to skip. Raises Unsupported."""
    return whole_number("cursor", parameters.get("cursor", "0"), FURTHEST)


def whole_number(name: str, text: str, most: int) -> int:
    """A parameter that counts. Raises Unsupported."""
    if not (text.isascii() and text.isdigit() and int(text[:9]) <= most):
        raise invalid(name, f"is not a whole number from 0 to {most}")
    return int(text)
