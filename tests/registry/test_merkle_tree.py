"""Merkle trees: the vectors of Certificate Transparency, and RFC 6962's own definitions, written down naively."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.registry.merkle_tree import MerkleTree, is_consistent, leaf_hash, node_hash, root_of_inclusion

LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""The roots over the first one to eight leaves: certificate-transparency, merkletree/merkle_tree_test.cc."""

HASHES = [leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES]
SIZES = some.integers(1, 70)


def tree(size: int) -> MerkleTree:
    return MerkleTree(leaf_hash(str(number).encode()) for number in range(size))


def naive_root(hashes: list[bytes]) -> bytes:
    if len(hashes) < 2:
        return hashes[0] if hashes else sha256().digest()
    split = max(2**power for power in range(10) if 2**power < len(hashes))
    return node_hash(naive_root(hashes[:split]), naive_root(hashes[split:]))


@pytest.mark.parametrize("size", range(1, 9))
def test_the_published_roots(size: int) -> None:
    assert MerkleTree(HASHES[:size]).root().hex() == ROOTS[size - 1]
    assert MerkleTree(HASHES).root(size).hex() == ROOTS[size - 1]


def test_the_root_of_nothing() -> None:
    assert MerkleTree().root() == sha256(b"").digest()


def test_the_published_proofs() -> None:
    found = MerkleTree(HASHES)
    assert [each.hex()[:8] for each in found.inclusion(0, 8)] == ["96a296d2", "5f083f0a", "6b47aaf2"]
    assert [each.hex()[:8] for each in found.inclusion(5, 8)] == ["bc1a0643", "ca854ea1", "d37ee418"]
    assert [each.hex()[:8] for each in found.consistency(6, 8)] == ["0ebc5d34", "ca854ea1", "d37ee418"]


@given(SIZES, some.data())
def test_roots_and_audit_paths_are_those_of_the_definition(size: int, data: some.DataObject) -> None:
    found, index = tree(70), data.draw(some.integers(0, size - 1))
    hashes = [leaf_hash(str(number).encode()) for number in range(size)]
    assert found.root(size) == naive_root(hashes)
    path = found.inclusion(index, size)
    assert root_of_inclusion(hashes[index], index, size, path) == naive_root(hashes)
    for other in {(index + 1) % size, (index * 7 + 3) % size} - {index}:
        assert root_of_inclusion(hashes[index], other, size, path) != naive_root(hashes)
    assert root_of_inclusion(hashes[index], index, size, [*path, bytes(32)]) is None
    if path:
        assert root_of_inclusion(hashes[index], index, size, path[:-1]) is None


@given(SIZES, some.data())
def test_consistency_is_shown_and_nothing_else_is(second: int, data: some.DataObject) -> None:
    found, first = tree(70), data.draw(some.integers(1, second))
    old, new = found.root(first), found.root(second)
    path = found.consistency(first, second)
    assert is_consistent(first, second, old, new, path)
    assert not is_consistent(first, second, bytes(32), new, path)
    assert not is_consistent(first, second, old, bytes(32), path)
    assert not is_consistent(first, second, old, new, [*path, bytes(32)])
    if path:
        assert not is_consistent(first, second, old, new, [bytes(32), *path[1:]])
        assert not is_consistent(first, second, old, new, path[:-1])


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_what_is_not_in_a_tree_has_no_path(index: int, size: int) -> None:
    assert root_of_inclusion(bytes(32), index, size, []) is None


@pytest.mark.parametrize(("first", "second"), [(0, 3), (4, 3)])
def test_nothing_is_consistent_with_what_is_empty_or_larger(first: int, second: int) -> None:
    assert not is_consistent(first, second, bytes(32), bytes(32), [bytes(32)])
