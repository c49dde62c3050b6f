"""The Merkle proof in a package: the root over its lines, and the inclusion path of its last public event."""

from collections.abc import Sequence

from app.services.snapshots.public_log import line_leaf
from projections.transparency import merkle
from projections.transparency.merkle import Frontier


def build_proof(lines: Sequence[bytes]) -> dict[str, object]:
    """Return the proof. Hashes are hexadecimal; positions count from 1."""
    tree = Frontier()
    levels = [level.hashes for level in tree.grow([line_leaf(line) for line in lines])]
    last = max((number for number, line in enumerate(lines, 1) if not line.startswith(b'{"leaf":')), default=0)
    result: dict[str, object] = {"size": tree.size, "root": tree.root().hex()}
    if last:
        path = merkle.inclusion(last - 1, tree.size, lambda level, place: levels[level][place])
        result["inclusion"] = {"position": last, "leaf": levels[0][last - 1].hex(), "path": [p.hex() for p in path]}
    return result


def log_root(lines: Sequence[bytes]) -> bytes:
    return merkle.root_of(line_leaf(line) for line in lines)
