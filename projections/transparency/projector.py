"""Grows the tree by a leaf for each event, in the order of the log."""

from sqlalchemy import Connection

from projections.engine.batches import Batch
from projections.engine.bulk_write import write_rows
from projections.transparency.merkle import Frontier, leaf_hashes
from projections.transparency.queries import frontier
from projections.transparency.tables import TreeNode, metadata, nodes

MEMORY_KEY = "transparency"


class Transparency:
    name = "transparency"
    version = 1
    metadata = metadata

    def prepare(self, db: Connection) -> None:
        """Nothing beyond the table."""

    def project(self, batch: Batch, db: Connection) -> None:
        if not batch.events:
            return
        size = batch.events[0].position - 1
        tree: Frontier | None = batch.memory.get(MEMORY_KEY)
        if tree is None or tree.size != size:
            tree = batch.memory[MEMORY_KEY] = frontier(db, size)
        levels = tree.grow(leaf_hashes(recorded.state for recorded in batch.events))
        write_rows(db, nodes, [TreeNode(v.level, n, h) for v in levels for n, h in enumerate(v.hashes, v.first)])
