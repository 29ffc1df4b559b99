"""Tiles as C2SP tlog-tiles has them."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.log.tiles import FULL, TilePlace, bundle, tile
from app.registry.merkle_tree import MerkleTree, leaf_hash, node_hash

TREE = MerkleTree(leaf_hash(str(number).encode()) for number in range(70_000))
"""The size of the specification's own example."""


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("000", (0, FULL)),
        ("067", (67, FULL)),
        ("x001/x234/067", (1234067, FULL)),
        ("x001/000.p/5", (1000, 5)),
        ("000.p/255", (0, 255)),
    ],
)
def test_paths_of_tiles(text: str, place: tuple[int, int]) -> None:
    assert TilePlace.parse(text) == place
    assert str(TilePlace(*place)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "0000",
        "x000/001",
        "1/000",
        "001/000",
        "000.p/0",
        "000.p/01",
        "000.p/256",
        "000.p",
        "-01",
        "\u0660\u0660\u0660",
    ],
)
def test_what_is_no_path_of_a_tile(text: str) -> None:
    assert TilePlace.parse(text) is None


@given(some.integers(0, 10**9), some.integers(1, FULL))
def test_a_path_leads_back(number: int, width: int) -> None:
    assert TilePlace.parse(str(TilePlace(number, width))) == (number, width)


@pytest.mark.parametrize(("level", "full", "rest"), [(0, 273, 112), (1, 1, 17), (2, 0, 1)])
def test_the_tiles_of_the_specification_s_example(level: int, full: int, rest: int) -> None:
    """A tree of 70,000: 273 full tiles and one of 112, then one and one of 17, then one of 1."""
    for number in range(full):
        assert len(tile(TREE, level, TilePlace(number, FULL)) or b"") == 8192
    assert len(tile(TREE, level, TilePlace(full, rest)) or b"") == 32 * rest
    assert tile(TREE, level, TilePlace(full, rest + 1)) is None
    assert tile(TREE, level, TilePlace(full, FULL)) is None


def test_a_hash_of_level_1_is_the_root_of_a_tile_of_level_0() -> None:
    below = tile(TREE, 0, TilePlace(3, FULL)) or b""
    hashes = [below[at : at + 32] for at in range(0, len(below), 32)]
    while len(hashes) > 1:
        hashes = [node_hash(left, right) for left, right in zip(hashes[::2], hashes[1::2], strict=True)]
    assert tile(TREE, 1, TilePlace(0, 4)) is not None
    assert (tile(TREE, 1, TilePlace(0, 4)) or b"")[96:] == hashes[0]


def test_no_level_is_above_the_tree() -> None:
    assert tile(TREE, 3, TilePlace(0, 1)) is None
    assert tile(TREE, 63, TilePlace(0, 1)) is None


def test_entries_stand_behind_their_lengths() -> None:
    assert bundle([b"abc", b""]) == b"\x00\x03abc\x00\x00"
