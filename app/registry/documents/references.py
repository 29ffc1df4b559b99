"""What records are called by: a type and an id, alone or with the name and the address that an answer shows."""

from collections.abc import Mapping
from typing import Any, NamedTuple, TypedDict


class Ref(NamedTuple):
    """A record, by its type and its id: `Ref("force", "bedfordshire")`, written "force:bedfordshire"."""

    type: str
    id: str

    @classmethod
    def parse(cls, text: str) -> "Ref":
        """The record that "type:id" names. Raises ValueError for a text without a type."""
        kind, colon, slug = text.partition(":")
        if not colon:
            raise ValueError(f"'{text}' names no record; write it like force:bedfordshire")
        return cls(kind, slug)

    @classmethod
    def of(cls, served: Mapping[str, Any]) -> "Ref":
        """The record that a reference object leads to, or that an answer is of."""
        return cls(served["type"], served["id"])

    def __str__(self) -> str:
        return f"{self.type}:{self.id}"


class ReferenceObject(TypedDict):
    """A reference as answers have it."""

    id: str
    type: str
    name: str
    url: str
