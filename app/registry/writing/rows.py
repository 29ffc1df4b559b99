"""Drafts: documents that can be kept, and the rows that they make."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.registry.collection import Collection, Phase
from app.registry.dates import AFTER_ALL, BEFORE_ALL, ENDED_UNKNOWN, parse_edtf
from app.registry.documents.canonical import Document
from app.registry.documents.fields import edtf_of
from app.registry.documents.plan import Place
from app.registry.typed_columns import OPENING

Row = tuple[Any, ...]
VERSION_COLUMNS = (
    "pk",
    "recorded_from",
    "recorded_to",
    "record_pk",
    "collection",
    "record_id",
    "name",
    "names_folded",
    "document",
    "salt",
)
POINTER_COLUMNS = (
    "version_pk",
    "recorded_from",
    "recorded_to",
    "record_pk",
    "field",
    "position",
    "target_pk",
    "role",
)


@dataclass
class Draft:
    """A document ready to be written. Its rows are tuples: there are many."""

    where: str
    collection: Collection
    document: Document
    inspected: bool = False
    """Whether all that can be wrong with it by itself was looked at."""
    record_pk: int = 0
    text: str = ""

    @cached_property
    def places(self) -> list[Place]:
        """The references in it."""
        return self.collection.plan.references(self.document)

    @cached_property
    def name(self) -> str:
        """What references call it: its name, else its id."""
        return str(self.document.get("name", self.document["id"]))

    @property
    def target(self) -> str:
        """What references to it say: "type:id"."""
        return f"{self.collection.type}:{self.document['id']}"

    def version(self, pk: int, number: int, salt: str | None) -> Row:
        """Its version row, in the order of VERSION_COLUMNS."""
        slug, folded = self.document["id"], self.names_folded
        return pk, number, None, self.record_pk, self.collection.type, slug, self.name, folded, self.text, salt

    @cached_property
    def names_folded(self) -> str:
        """All its names, case-folded, one a line."""
        names = [self.name, *(other["name"] for other in self.document.get("other_names", ()))]
        return "\n".join(names).casefold()

    def columns(self, pk: int, number: int) -> Row:
        """The row of its typed columns, in the order of the collection's `written`."""
        document, computed = self.document, self.collection.computed
        bounds = [bound for name in self.collection.dates for bound in _bounds(document.get(name))]
        said = (
            computed[name](document, Phase()) if name in computed else document.get(name)
            for name in self.collection.scalars
        )
        texts = {**document, "name": self.names_folded}
        openings = (text[:OPENING] if (text := texts.get(name)) else None for name in self.collection.openings)
        return (pk, document["id"], number, -number, *said, *openings, *bounds)

    def pointers(self, pk: int, number: int, pks: dict[str, int]) -> list[Row]:
        """A row for every reference it makes, in the order of POINTER_COLUMNS."""
        kind = self.collection.type
        rows: list[Row] = []
        for container, key, _, field, position, _, part, _ in self.places:
            role = part and (part.get("role") or part.get("capacity") or part.get("relation"))
            target = pks[container[key]]
            rows.append((pk, number, None, self.record_pk, f"{kind}.{field}", position, target, role))
        return rows


def _bounds(stated: Any) -> tuple[int | None, int | None]:
    if not stated:
        return None, None
    edtf = edtf_of(stated)
    return (BEFORE_ALL, AFTER_ALL) if edtf == ENDED_UNKNOWN else parse_edtf(edtf)
