"""Sources: every address that a row names becomes one source record, or is one of `bch`."""

import csv
import hashlib
import re
from typing import Any
from urllib.parse import urlsplit

from app.datasets import Dataset
from app.datasets.national.drafting import FACTS, Cited, Document
from app.datasets.national.rows import HERE, Named, Row, once, sentence, sources_in

RETRIEVED = "2026-11"
"""When the sources were read."""
REBUILT = "title from the address"

_SEED = re.compile(r"seed 00\d")
_REPOSITORY = re.compile(r"([\w-]+/[\w-]+):\S+")
_CITED_AS = re.compile(r"(?:^|; )cited as: .*")


class Shelf:
    """The sources that the rows name."""

    def __init__(self, bch: dict[str, Document]) -> None:
        documents: list[Any] = [entry.document for entry in Dataset(HERE / "readings" / "sources.yaml")]
        self.same: dict[str, str] = {one["address"]: one["is"] for one in documents if "is" in one}
        self._tellings = {one["address"]: one["telling"] for one in documents if "telling" in one}
        self.without_address = {one["without_address"] for one in documents if "without_address" in one}
        self._of_bch = {document["id"] for document in bch.values() if document["type"] == "source"}
        for target, document in bch.items():
            if target.startswith("source:") and "url" in document:
                self.same[_plain(document["url"])] = document["id"]
        self.documents: dict[str, Document] = {one["id"]: one for one in documents if one.get("type") == "source"}
        with (HERE / "facts" / "sources.csv").open(encoding="utf-8", newline="") as file:
            self._listed = once((row["address"], row) for row in csv.DictReader(file))
        self._ids: dict[str, str] = {}

    def cited(self, row: Row) -> list[Cited]:
        """The sources of a row: with all its places in the only one, or with one place each where there are as many."""
        named, where = sources_in(row["source"]), row.cells.get("quote_locator", "")
        alone = len({self.source(one.address) for one in named}) == 1
        places = [where] * len(named) if alone else where.split("; ")
        if len(places) == len(named):
            return [self._cited(one, place or None, None) for one, place in zip(named, places, strict=True)]
        return [self._cited(one, None, f"Where in them: {where}." if where else None) for one in named]

    def _cited(self, named: Named, place: str | None, among: str | None) -> Cited:
        said = named.remark and not _SEED.fullmatch(named.remark)
        remark = f"({named.remark})" if said else None
        return Cited(self.source(named.address), place, " ".join(filter(None, (remark, among))) or None)

    def source(self, address: str) -> str:
        """The id of the source at an address, or of one that is known by its id."""
        address = self.same.get(address, address)
        known = self.same.get(plain := _plain(address))
        if known or address in self.documents or address in self._of_bch or address == FACTS:
            return known or address
        if plain not in self._ids:
            self._ids[plain] = self._begin(address)
        return self._ids[plain]

    def _begin(self, address: str) -> str:
        slug = _slug(address)
        if slug in self.documents:
            slug += f"-{hashlib.sha256(address.encode()).hexdigest()[:6]}"
        said = self._listed.get(address) or dict.fromkeys(("title", "publisher", "kind", "published", "mirror_of"), "")
        document: Document = {"type": "source", "id": slug, "name": said["title"] or address, "kind": said["kind"]}
        document |= {"publisher": said["publisher"], "published": said["published"], "copy_on": said["mirror_of"]}
        if urlsplit(address).hostname and address not in self.without_address:
            document |= {"url": address, "retrieved": RETRIEVED}
        elif _REPOSITORY.fullmatch(address):
            document |= {"identifiers": [{"scheme": "repository", "value": address}]}
        document["note"] = self._tellings.get(address) or _note(said)
        self.documents[slug] = {name: value for name, value in document.items() if value}
        return slug


def _note(said: dict[str, str]) -> str:
    """What is to be known of a source, in sentences."""
    remarks = _CITED_AS.sub("", said.get("note", "")).split("; ")
    sentences = [
        "Title rebuilt from the address: good to recognise the document by, not to quote" if text == REBUILT else text
        for text in remarks
        if not text.startswith("same document as")
    ]
    sentences += ["Dated by its address"] if said.get("published_basis") == "address" else []
    return " ".join(sentence(text) for text in sentences if text)


def _plain(address: str) -> str:
    return re.sub(r"^https?://(www\.)?", "", address).rstrip("/")


def _slug(address: str) -> str:
    words = re.sub(r"%[0-9a-f]{2}", " ", _plain(address).lower())
    slug = "-".join(re.findall(r"[a-z0-9]+", words))
    return slug if len(slug) <= 100 else slug[:100].rpartition("-")[0]
