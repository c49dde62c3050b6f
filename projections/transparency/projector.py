"""Grows the tree by a leaf for each event, in the order of the log."""

from typing import Any

from sqlalchemy import Connection

from projections.engine.batches import Batch
from projections.engine.bulk_write import write_rows
from projections.transparency.merkle import Frontier, leaf_hash
from projections.transparency.queries import frontier
from projections.transparency.tables import COLUMNS, metadata, nodes


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
        tree: Frontier | None = batch.memory.get("tree")
        if tree is None or tree.size != size:
            tree = batch.memory["tree"] = frontier(db, size)
        rows: list[tuple[Any, ...]] = []
        for recorded in batch.events:
            rows += tree.add(leaf_hash(recorded.state))
        write_rows(db, nodes, COLUMNS, rows)
