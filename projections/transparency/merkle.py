"""Merkle trees of RFC 9162, section 2.1: hashes, roots and proofs; pure functions over stored subtrees."""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

Node = Callable[[int, int], bytes]
"""The hash of the complete subtree at a level (0 for leaves) and place (from 0)."""

EMPTY = sha256().digest()
"""The root of a tree without leaves."""


def leaf_hash(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """A tree that grows, held as the roots of its complete subtrees, the largest first."""

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        self.size, self.peaks = size, list(peaks)

    def add(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Add a leaf's hash; returns the subtrees that it completed, as level, place and hash."""
        made = [(0, self.size, leaf)]
        level, place, held = 0, self.size, leaf
        while place & 1:
            held = node_hash(self.peaks.pop(), held)
            level, place = level + 1, place >> 1
            made.append((level, place, held))
        self.peaks.append(held)
        self.size += 1
        return made

    def root(self) -> bytes:
        if not self.peaks:
            return EMPTY
        held = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            held = node_hash(peak, held)
        return held


def peak_places(size: int) -> list[tuple[int, int]]:
    """Level and place of each complete subtree of a tree, the largest first."""
    found, start = [], 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            found.append((level, start >> level))
            start += 1 << level
    return found


def root(size: int, node: Node) -> bytes:
    return Frontier(size, [node(*place) for place in peak_places(size)]).root()


def inclusion(index: int, size: int, node: Node) -> list[bytes]:
    """The path from a leaf, counted from 0, to the root of a tree of that size (2.1.3.1)."""
    return _path(index, 0, size, node)


def _path(index: int, start: int, end: int, node: Node) -> list[bytes]:
    if end - start == 1:
        return []
    split = start + _split(end - start)
    if index < split:
        return [*_path(index, start, split, node), _subtree(split, end, node)]
    return [*_path(index, split, end, node), _subtree(start, split, node)]


def consistency(first: int, second: int, node: Node) -> list[bytes]:
    """The proof that a tree of the first size is the beginning of one of the second (2.1.4.1)."""
    return [] if first in (0, second) else _proof(first, 0, second, True, node)


def _proof(first: int, start: int, end: int, whole: bool, node: Node) -> list[bytes]:
    if first == end:
        return [] if whole else [_subtree(start, end, node)]
    split = start + _split(end - start)
    if first <= split:
        return [*_proof(first, start, split, whole, node), _subtree(split, end, node)]
    return [*_proof(first, split, end, False, node), _subtree(start, split, node)]


def includes(leaf: bytes, index: int, size: int, path: Sequence[bytes], expected: bytes) -> bool:
    """Whether a path proves a leaf's place in the tree with a root (2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, held = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            held = node_hash(step, held)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            held = node_hash(held, step)
        at, last = at >> 1, last >> 1
    return last == 0 and held == expected


def is_consistent(first: int, second: int, proof: Sequence[bytes], first_root: bytes, second_root: bytes) -> bool:
    """Whether a proof shows that the second tree begins with the first (2.1.4.2)."""
    if first > second or (first in (0, second) and proof):
        return False
    if first == second:
        return first_root == second_root
    if first == 0:
        return first_root == EMPTY
    steps = list(proof)
    if first & (first - 1) == 0:
        steps.insert(0, first_root)
    if not steps:
        return False
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    held = grown = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            held, grown = node_hash(step, held), node_hash(step, grown)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            grown = node_hash(grown, step)
        at, last = at >> 1, last >> 1
    return last == 0 and held == first_root and grown == second_root


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over some leaves' hashes."""
    tree = Frontier()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root()


def _split(size: int) -> int:
    """The largest power of two below a size."""
    return 1 << (size - 1).bit_length() - 1


def _subtree(start: int, end: int, node: Node) -> bytes:
    size = end - start
    level = size.bit_length() - 1
    if size == 1 << level and start % size == 0:
        return node(level, start >> level)
    split = start + _split(size)
    return node_hash(_subtree(start, split, node), _subtree(split, end, node))
