"""What the converters of collaborations, agreements and claims know of each other's rows and documents."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.datasets.national.desk import DocumentDesk
from app.datasets.national.functions import Scheme
from app.datasets.national.organisations import Chain
from app.datasets.national.rows import Row
from app.datasets.national.sources import Shelf
from app.registry.dates import parse_edtf

TYPES = {
    **dict.fromkeys(("alliance", "programme", "consortium"), "alliance"),
    "governance_group": "governance-body",
    "agreement": "agreement",
}
"""Kinds of rows that are no joint unit."""
PROPOSED = "proposed"
ONLY_SIGNED = "The evidence is what was agreed; that it was at work then is our conclusion."


@dataclass(frozen=True)
class Context:
    """The rows of collaborations by their ids, and what documents are made with."""

    rows: dict[str, Row]
    desk: DocumentDesk
    shelf: Shelf
    chain: Chain
    scheme: Scheme
    partners: Mapping[str, Mapping[str, Any]]
    """What is known of the organisations that a reading can name, by their ids."""

    def type_of(self, key: str) -> str:
        """The type of the record that a row makes, or adds to."""
        row = self.rows[self.rows[key].record]
        return str(row.effect("collection") or TYPES.get(row["kind"], "joint-unit"))

    def target(self, key: str) -> str:
        """The "type:id" of the record that a row makes, or adds to."""
        return f"{self.type_of(key)}:{self.rows[key].record}"


def seen(row: Row) -> list[tuple[str, str | None]]:
    """The latest dated evidence, with the reason if concluded; none of a proposal, or where a reading says so."""
    others: list[tuple[str, str | None]] = [(str(day), why) for day, why in row.effects("seen")]
    day = row["last_seen"]
    if not day or row["status"] == PROPOSED or any(True for _ in row.effects("unseen")):
        return others
    only_signed = bool(row["date_agreed"]) and not row["date_started"] and _meet(day, row["date_agreed"])
    return [(day, ONLY_SIGNED if only_signed else None), *others]


def _meet(day: str, other: str) -> bool:
    first, second = parse_edtf(day), parse_edtf(other)
    return first.earliest <= second.latest and second.earliest <= first.latest
