"""Tiles: the tree and its entries in files of 256, as C2SP tlog-tiles v0.1.0 has them."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from app.registry.merkle_tree import MerkleTree

HEIGHT = 8
FULL = 1 << HEIGHT
_PATH = re.compile(r"((?:x[0-9]{3}/){0,3}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


class TilePlace(NamedTuple):
    """Which tile of a level, and how many hashes or entries of it."""

    number: int
    width: int

    @classmethod
    def parse(cls, text: str) -> "TilePlace | None":
        """The place that a path names: "x001/x234/067", or "000.p/5" for a part; None where it names none."""
        found = _PATH.fullmatch(text)
        if found is None:
            return None
        number, width = int(found[1].replace("x", "").replace("/", "")), int(found[2] or FULL)
        place = cls(number, width)
        return place if str(place) == text else None

    def __str__(self) -> str:
        digits = f"{self.number:03}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        path = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
        return path if self.width == FULL else f"{path}.p/{self.width}"

    @property
    def first(self) -> int:
        """The place of its first hash, or entry, on its level."""
        return self.number << HEIGHT


def tile(tree: MerkleTree, level: int, place: TilePlace) -> bytes | None:
    """The hashes of a tile; None where the tree has not as many."""
    depth = HEIGHT * level
    if place.width > FULL or place.first + place.width > tree.size >> depth:
        return None
    return tree.nodes(depth, place.first, place.width)


def bundle(entries: Iterable[bytes]) -> bytes:
    """Entries, each behind its length in two bytes."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)
