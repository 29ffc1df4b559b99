"""Sources: every address that a row names becomes one source record, or is one of `bch`."""

import hashlib
import re
from typing import Any
from urllib.parse import urlsplit

from app.datasets import Dataset
from app.datasets.national.drafting import FACTS, Cited, Document
from app.datasets.national.rows import HERE, Row

_REMARKED = re.compile(r"(https?://\S+) \((.+)\)")
_SEED = re.compile(r"seed 00\d")
_REPOSITORY = re.compile(r"([\w-]+/[\w-]+):\S+")
_DAY = re.compile(r"/((?:19|20)\d\d)/([01]\d)/([0-3]\d)/|/((?:19|20)\d\d)-([01]\d)-([0-3]\d)/")
_MONTH = re.compile(r"/((?:19|20)\d\d)[/-]([01]\d)[/-][a-z]")


class Shelf:
    """The sources that the rows name."""

    def __init__(self, bch: dict[str, Document]) -> None:
        documents: list[Any] = [entry.document for entry in Dataset(HERE / "readings" / "sources.yaml")]
        self.same: dict[str, str] = {one["address"]: one["is"] for one in documents if "is" in one}
        self.kinds = {host: one["kind"] for one in documents if "hosts" in one for host in one["hosts"]}
        self.dates = {one["address"]: one["published"] for one in documents if "published" in one}
        self.named = [one for one in documents if one.get("type") == "source"]
        for target, document in bch.items():
            if target.startswith("source:") and "url" in document:
                self.same[_plain(document["url"])] = document["id"]
        self.documents: dict[str, Document] = {one["id"]: one for one in self.named}
        self._ids: dict[str, str] = {}

    def cited(self, row: Row) -> list[Cited]:
        """The sources of a row."""
        return [self._cited(text) for text in row["source"].split(" | ")]

    def _cited(self, text: str) -> Cited:
        remarked = _REMARKED.fullmatch(text)
        address, remark = remarked.groups() if remarked else (text, None)
        return Cited(self.source(address), None if remark and _SEED.fullmatch(remark) else remark)

    def source(self, address: str) -> str:
        """The id of the source at an address, or of one that is known by its id."""
        known = self.same.get(address) or self.same.get(_plain(address))
        if known or address in self.documents or address == FACTS:
            return known or address
        plain = _plain(address)
        if plain not in self._ids:
            self._ids[plain] = self._begin(address)
        return self._ids[plain]

    def _begin(self, address: str) -> str:
        slug = _slug(address)
        if slug in self.documents:
            slug += f"-{hashlib.sha256(address.encode()).hexdigest()[:6]}"
        document: Document = {"type": "source", "id": slug, "name": address}
        host = urlsplit(address).hostname or ""
        if host:
            document |= {"kind": self.kinds.get(host.removeprefix("www.")), "url": address}
        elif _REPOSITORY.fullmatch(address):
            document |= {"kind": "dataset", "identifiers": [{"scheme": "repository", "value": address}]}
        published = self.dates.get(address) or _dated(address)
        if published:
            document |= {"published": published, "note": "Dated by its address."}
        self.documents[slug] = {name: value for name, value in document.items() if value}
        return slug


def _plain(address: str) -> str:
    return re.sub(r"^https?://(www\.)?", "", address).rstrip("/")


def _slug(address: str) -> str:
    words = re.sub(r"%[0-9a-f]{2}", " ", _plain(address).lower())
    slug = "-".join(re.findall(r"[a-z0-9]+", words))
    return slug if len(slug) <= 100 else slug[:100].rpartition("-")[0]


def _dated(address: str) -> str | None:
    """The date of publication that an address bears, law excepted: its year is that of the instrument."""
    if day := _DAY.search(address):
        return "-".join(part for part in day.groups() if part) if "legislation" not in address else None
    month = _MONTH.search(address)
    return f"{month[1]}-{month[2]}" if month else None
