"""Copies the events of a log to another store as they are, and compares both."""

from collections.abc import Iterable

from app.services.transparency.log_verification import grow_with_roots
from domain.errors import Refused
from domain.event_log import EventLog, WholeRow
from projections.transparency.merkle import Frontier, leaf_hashes

BATCH_ROWS = 1000


def copy_events(source: EventLog, target: EventLog) -> None:
    """Append what the target lacks, in batches; a copy that was interrupted goes on after its last whole batch."""
    last = target.last()[0]
    while rows := source.whole_rows_after(last, BATCH_ROWS):
        target.insert_whole_rows(rows)
        last = rows[-1][0]


def compare_events(source: EventLog, target: EventLog, sizes: Iterable[int]) -> tuple[Frontier, dict[int, bytes]]:
    """Read both logs once; returns the tree, and its roots at some sizes. Raises `Refused` at the first difference."""
    tree, roots, last = Frontier(), dict.fromkeys(sorted(sizes), b""), 0
    while True:
        rows, copies = source.whole_rows_after(last, BATCH_ROWS), target.whole_rows_after(last, BATCH_ROWS)
        if list(map(_plain, rows)) != list(map(_plain, copies)):
            raise Refused(
                f"The logs of the two stores differ after row {last}, so the move is not finished. Give it up with "
                "--undo and begin again with an empty store."
            )
        if not rows:
            return tree, roots
        grow_with_roots(tree, leaf_hashes(row[5] for row in rows), roots)
        last = rows[-1][0]


def _plain(row: WholeRow) -> WholeRow:
    """A row with its aggregate's id as both stores can write it."""
    return row[0], row[1].replace("-", ""), *row[2:]
