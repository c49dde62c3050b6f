"""The tree over the log: roots and proofs at any size, leaves by their position."""

from sqlalchemy import Connection, select

from projections.engine.bulk_read import read_rows
from projections.transparency import merkle
from projections.transparency.merkle import Frontier, HashOf
from projections.transparency.tables import nodes


def frontier(db: Connection, size: int) -> Frontier:
    """The tree of a size, ready to grow."""
    places = merkle.peak_places(size)
    if not places:
        return Frontier()
    is_peak = " OR ".join(f"level = {level} AND place = {place}" for level, place in places)
    rows = db.exec_driver_sql(f"SELECT level, place, hash FROM tree_nodes WHERE {is_peak}")
    hashes = {(row.level, row.place): bytes(row.hash) for row in rows}
    return Frontier(size, [hashes[place] for place in places])


def root(db: Connection, size: int) -> bytes:
    return frontier(db, size).root()


def inclusion(db: Connection, position: int, size: int) -> list[bytes]:
    """The path of an event by its position, which counts from 1."""
    return merkle.inclusion(position - 1, size, _hash_of(db))


def consistency(db: Connection, first: int, second: int) -> list[bytes]:
    return merkle.consistency(first, second, _hash_of(db))


def leaf(db: Connection, position: int) -> bytes | None:
    """The hash of an event by its position; None where the log has no such event yet."""
    stored = db.scalar(select(nodes.c.hash).where(nodes.c.level == 0, nodes.c.place == position - 1))
    return None if stored is None else bytes(stored)


def leaves(db: Connection, after: int, limit: int) -> list[bytes]:
    """Leaves in order, after a position."""
    query = select(nodes.c.hash).where(nodes.c.level == 0, nodes.c.place >= after).order_by(nodes.c.place)
    return [hash for (hash,) in read_rows(db, query.limit(limit))]


def _hash_of(db: Connection) -> HashOf:
    def hash_of(level: int, place: int) -> bytes:
        stored = db.scalar(select(nodes.c.hash).where(nodes.c.level == level, nodes.c.place == place))
        assert stored is not None, f"the tree lacks {level}/{place}"
        return bytes(stored)

    return hash_of
