"""What some records have and lack: the counting behind coverage."""

from collections.abc import Iterable, Mapping
from typing import TypedDict


class MissingRow(TypedDict):
    """A field of which nothing is recorded in some records: the shape `Missing`."""

    type: str
    field: str
    records: int
    of: int


def missing_rows(kind: str, lacking: Mapping[str, int], of: int) -> list[MissingRow]:
    """What is not recorded of so many records of a type, most often first."""
    return most_first(
        {"type": kind, "field": name, "records": records, "of": of} for name, records in lacking.items() if records
    )


def most_first(missing: Iterable[MissingRow]) -> list[MissingRow]:
    """What is not recorded, most often first; then by type and field."""
    return sorted(missing, key=lambda item: (-item["records"], item["type"], item["field"]))
