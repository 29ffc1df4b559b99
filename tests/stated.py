"""Small documents and references for tests of rules and derivations, which need no database."""

from collections.abc import Callable
from typing import Any

from app.catalogue import CATALOGUE
from app.reads.snapshots import RecordSnapshot
from app.registry.documents.canonical import Document
from app.registry.documents.values import served_date
from app.registry.serving.statements import Found

NOT_READ = Found(1, "", "")
"""Stands where the text would that a record was read from."""


def ref(target: str) -> Any:
    """The reference object to "type:id", as it is served."""
    kind, _, slug = target.partition(":")
    return {"id": slug, "type": kind, "name": slug.title(), "url": f"/v1/{slug}"}


def day(edtf: str | None) -> Any:
    """A date as it is served; None: not recorded."""
    return edtf and served_date(edtf)


def looking(**documents: Document) -> Callable[[str], Document | None]:
    """Gives these documents by their id, and nothing else."""
    return lambda target: documents.get(target.partition(":")[2])


def nowhere(target: str) -> Document | None:
    """Fails: the rule must not look at another record."""
    raise AssertionError(f"looked at {target}")


def entry(kind: str, slug: str, periods: Document | None = None, /, **answer: Any) -> RecordSnapshot:
    """A record as it was served, with the fields given and no others."""
    served = {"id": slug, "type": kind, "name": slug.title(), **answer}
    return RecordSnapshot(
        pk=1, collection=CATALOGUE.by_type[kind], answer=served, periods=periods or {}, found=NOT_READ
    )
