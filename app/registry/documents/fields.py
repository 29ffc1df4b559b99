"""Single fields of documents: how their values are kept and served, and how dates are read from them."""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from app.registry.documents.canonical import Document
from app.registry.documents.shapes import Held
from app.registry.documents.values import UncertainDate, served_date

Refer = Callable[[str], Document]
"""Gives the reference object for "type:id"."""
StatedDates = tuple[str | None, str | None, tuple[str, ...]]
"""The start, the end and the days observed, as EDTF texts."""


def recorded(document: Mapping[str, Any], name: str) -> list[Any]:
    """What is recorded in a field, or in that field of the document's parts."""
    parts, _, inner = name.rpartition("/")
    found = document.get(parts, []) if parts else [document]
    return [part[inner] for part in found if part.get(inner) is not None]


def reader_of(held: Held | None) -> Callable[[Document], StatedDates]:
    """What reads the dates of a canonical document, or part."""
    if held is None:
        return lambda _: (None, None, ())
    starts, ends, observed = held.starts, held.ends or "", held.observed or ""  # no field is called ""

    def read(document: Document) -> StatedDates:
        first, last, seen = None, document.get(ends), document.get(observed)
        for name in starts:
            first = document.get(name) if "/" not in name else next(iter(recorded(document, name)), None)
            if first is not None:
                break
        first, last = first and edtf_of(first), last and edtf_of(last)
        return first, last, tuple([edtf_of(day) for day in seen]) if seen else ()

    return read


def edtf_of(stated: str | dict[str, str]) -> str:
    """The EDTF text of a date as a canonical document states it.

    That text, `"2012-04"`, or with the source's words, `{"edtf": "2012", "text": "in the spring of 2012"}`.
    """
    return stated if isinstance(stated, str) else stated["edtf"]


def keep_date(value: UncertainDate) -> Any:
    """The canonical form of a date: its EDTF text, with the source's words where they differ from ours."""
    given = value.text and value.text != served_date(value.edtf)["text"]
    return {"edtf": value.edtf, "text": value.text} if given else value.edtf


def keep_plain(value: Any) -> Any:
    """The canonical form of any other value."""
    return value.value if isinstance(value, Enum) else value


def serve_date(value: Any, refer: Refer) -> Any:
    """The served form of a date."""
    return served_date(value)


def serve_reference(value: str, refer: Refer) -> Document:
    """The served form of a reference."""
    return refer(value)


def serve_references(values: list[str], refer: Refer) -> list[Document]:
    """The served form of references."""
    return [refer(value) for value in values]
