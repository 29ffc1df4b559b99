"""Which sources bear out which fact of a record, numbered in the order in which a page names them."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from app.evidence.citations import covering
from app.registry.documents.canonical import Document

MOST = 3
"""Pieces of evidence that stand beside a fact; how many more there are is said."""


class CitedSource(NamedTuple):
    """A piece of evidence: the number of its source on the page, and what the citation says."""

    number: int
    source: Document
    locator: str | None
    basis: str
    note: str | None
    value: Any = None


class FactEvidence(NamedTuple):
    """The evidence for one fact."""

    shown: Sequence[CitedSource] = ()
    more: int = 0
    perhaps: Sequence[CitedSource] = ()
    """Sources of which one says so, and which of them is not recorded."""
    competing: Sequence[CitedSource] = ()
    """What sources say otherwise."""


class Bibliography:
    """The sources of a page: each has a number from the first time it is named."""

    def __init__(self, typed: Callable[[str, Any], Any] = lambda _, value: value) -> None:
        """`typed` makes what a citation says otherwise of a field like the values of that field."""
        self.typed = typed
        self.numbers: dict[str, int] = {}
        self.sources: list[Document] = []

    def number(self, source: Document) -> int:
        """The number of a source."""
        if source["id"] not in self.numbers:
            self.numbers[source["id"]] = len(self.sources) + 1
            self.sources.append(source)
        return self.numbers[source["id"]]

    def cited(self, citation: Document) -> CitedSource:
        """A citation, or a row of evidence, with the number of its source."""
        said = (citation["source"], citation.get("locator"), citation["basis"], citation.get("note"))
        return CitedSource(self.number(citation["source"]), *said, citation.get("value"))

    def numbered(self, citations: Iterable[Document]) -> list[CitedSource]:
        """Citations of something as a whole, each source once."""
        found = {each["source"]["id"]: each for each in reversed(list(citations)) if each.get("value") is None}
        return [self.cited(each) for each in reversed(list(found.values()))]

    def of(self, citations: Sequence[Any], *pointers: str) -> FactEvidence:
        """The evidence for a field, by its JSON Pointers: what states it, what may, and what says otherwise."""
        bearing = list(covering(citations, *pointers))
        own = [each for each in bearing if each["basis"] != "one_of"]
        stated = {(each["source"]["id"], each["locator"]) for each in own if each["basis"] == "stated"}
        kept: dict[Any, Any] = {}
        for each in own:
            place = (each["source"]["id"], each["locator"])
            if each["basis"] == "stated" or place not in stated:
                kept.setdefault((place, each["basis"]), each)
        shown = [self.cited(each) for each in list(kept.values())[:MOST]]
        # what is told of the whole record besides is no news where the same source stands beside the fact
        known = {each["source"]["id"] for each in kept.values()}
        others = {each["source"]["id"]: each for each in bearing if each["basis"] == "one_of"}
        perhaps = [self.cited(each) for slug, each in others.items() if slug not in known]
        disputing = [
            self.cited(each)._replace(value=self.typed(pointer, each["value"]))
            for pointer in pointers
            for each in citations
            if each["value"] is not None and pointer in (each["about"] or [""])
        ]
        return FactEvidence(shown, max(len(kept) - MOST, 0), perhaps[: 2 * MOST], disputing)
