"""Merkle trees of RFC 9162, section 2.1: hashes, roots and proofs. Pure functions over stored subtrees."""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

from msgspec import Struct

HashOf = Callable[[int, int], bytes]
"""The hash of the complete subtree at a level (0 for leaves) and place (from 0)."""

EMPTY_ROOT = sha256().digest()
"""The root of a tree without leaves."""


class TreeLevel(Struct, frozen=True, gc=False):
    """Complete subtrees of a level (0 for leaves) in a row: the place of the first (from 0), and the hashes."""

    level: int
    first: int
    hashes: Sequence[bytes]


def leaf_hash(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def leaf_hashes(data: Iterable[bytes]) -> list[bytes]:
    begin = sha256(b"\x00").copy
    hashes = []
    for item in data:
        leaf = begin()
        leaf.update(item)
        hashes.append(leaf.digest())
    return hashes


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """A tree that grows, as the roots of its complete subtrees, the largest first."""

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        self.size, self.peaks = size, list(peaks)

    def grow(self, leaves: Sequence[bytes]) -> list[TreeLevel]:
        """Add the hashes of leaves, level by level; returns the subtrees that they complete, leaves first."""
        completed: list[TreeLevel] = []
        level, first, hashes = 0, self.size, leaves
        peaks: list[bytes] = []
        while hashes:
            completed.append(TreeLevel(level, first, hashes))
            if first & 1:
                first, hashes = first - 1, [self.peaks.pop(), *hashes]
            if len(hashes) & 1:
                peaks.append(hashes[-1])
            pairs = zip(hashes[::2], hashes[1::2], strict=False)
            hashes = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
            level, first = level + 1, first >> 1
        self.peaks += reversed(peaks)
        self.size += len(leaves)
        return completed

    def root(self) -> bytes:
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


def peak_places(size: int) -> list[tuple[int, int]]:
    """Level and place of each complete subtree of a tree, the largest first."""
    places, start = [], 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            places.append((level, start >> level))
            start += 1 << level
    return places


def root(size: int, hash_of: HashOf) -> bytes:
    """The root of a tree of a size."""
    return Frontier(size, [hash_of(*place) for place in peak_places(size)]).root()


def inclusion(index: int, size: int, hash_of: HashOf) -> list[bytes]:
    """The path from a leaf, counted from 0, to the root of a tree of that size (2.1.3.1)."""
    return _path(index, 0, size, hash_of)


def _path(index: int, start: int, end: int, hash_of: HashOf) -> list[bytes]:
    if end - start == 1:
        return []
    split = start + _split(end - start)
    if index < split:
        return [*_path(index, start, split, hash_of), _subtree(split, end, hash_of)]
    return [*_path(index, split, end, hash_of), _subtree(start, split, hash_of)]


def consistency(first: int, second: int, hash_of: HashOf) -> list[bytes]:
    """The proof that a tree of the first size is the beginning of one of the second (2.1.4.1)."""
    return [] if first in (0, second) else _proof(first, 0, second, True, hash_of)


def _proof(first: int, start: int, end: int, whole: bool, hash_of: HashOf) -> list[bytes]:
    if first == end:
        return [] if whole else [_subtree(start, end, hash_of)]
    split = start + _split(end - start)
    if first <= split:
        return [*_proof(first, start, split, whole, hash_of), _subtree(split, end, hash_of)]
    return [*_proof(first, split, end, False, hash_of), _subtree(start, split, hash_of)]


def includes(leaf: bytes, index: int, size: int, path: Sequence[bytes], expected: bytes) -> bool:
    """Whether a path proves a leaf's place in the tree with a root (2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, root = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            root = node_hash(step, root)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            root = node_hash(root, step)
        at, last = at >> 1, last >> 1
    return last == 0 and root == expected


def is_consistent(first: int, second: int, proof: Sequence[bytes], first_root: bytes, second_root: bytes) -> bool:
    """Whether a proof shows that the second tree begins with the first (2.1.4.2)."""
    if first > second or (first in (0, second) and proof):
        return False
    if first == second:
        return first_root == second_root
    if first == 0:
        return first_root == EMPTY_ROOT
    is_complete = first & (first - 1) == 0
    steps = [first_root, *proof] if is_complete else list(proof)
    return bool(steps) and _roots_along(steps, first - 1, second - 1) == (first_root, second_root)


def _roots_along(steps: Sequence[bytes], at: int, last: int) -> tuple[bytes, bytes] | None:
    """The roots of both trees that the steps of a consistency proof give; None where there are too few or too many."""
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return None
        if at & 1 or at == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, step)
        at, last = at >> 1, last >> 1
    return (first, second) if last == 0 else None


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over the hashes of some leaves."""
    tree = Frontier()
    tree.grow(list(leaves))
    return tree.root()


def _split(size: int) -> int:
    """The largest power of two below a size."""
    return 1 << (size - 1).bit_length() - 1


def _subtree(start: int, end: int, hash_of: HashOf) -> bytes:
    size = end - start
    level = size.bit_length() - 1
    if size == 1 << level and start % size == 0:
        return hash_of(level, start >> level)
    split = start + _split(size)
    return node_hash(_subtree(start, split, hash_of), _subtree(split, end, hash_of))
