"""The log as a tree: its checkpoints, and proofs that anyone can check."""

from app.entrypoints.api.operations import read_operation
from app.entrypoints.api.parameters import (
    CURSOR,
    FIRST_SIZE,
    LIMIT,
    POSITION,
    SECOND_SIZE,
    TREE_SIZE,
    read_whole_number,
)
from app.entrypoints.http.services import services
from app.presentation.answers import api_models
from app.services.transparency import checkpoints
from app.services.transparency.signing_keys import known_keys
from domain.errors import Refused
from domain.times import written
from projections.engine.position import position_of
from projections.transparency import queries as tree

MAX_POSITION = 10**15


@read_operation("/checkpoint", answers=api_models.CheckpointShape)
def checkpoint(query: dict[str, str]) -> api_models.CheckpointShape:
    """The newest signed checkpoint of the log (C2SP), and the keys that sign them."""
    settings = services().settings
    note = checkpoints.newest_note(services().jobs)
    return api_models.CheckpointShape(note, [k.text for k in known_keys(settings)])


@read_operation("/checkpoints", query=(LIMIT, CURSOR), answers=api_models.CheckpointsShape)
def checkpoint_list(query: dict[str, str]) -> api_models.CheckpointsShape:
    """Every signed checkpoint of the log with its cosignatures, newest first."""
    limit = read_whole_number(query, "limit", 1000, 1000)
    below = read_whole_number(query, "cursor", 0, MAX_POSITION) or None
    found = checkpoints.newest_checkpoints(services().jobs, limit + 1, below=below)
    shown = found[:limit]
    return api_models.CheckpointsShape(
        [api_models.StoredCheckpointShape(c.size, written(c.made_at), c.cosignature_count, c.note) for c in shown],
        str(shown[-1].size) if len(found) > limit else None,
    )


@read_operation("/proofs/inclusion", query=(POSITION, TREE_SIZE), answers=api_models.InclusionShape)
def inclusion(query: dict[str, str]) -> api_models.InclusionShape:
    """The path from an event's leaf to the root of the tree of a size (RFC 9162, 2.1.3)."""
    with services().views.connect() as db:
        event_count = position_of(db).count
        size = read_whole_number(query, "size", event_count, MAX_POSITION)
        position = read_whole_number(query, "position", size, MAX_POSITION)
        if not 1 <= position <= size <= event_count:
            raise Refused(f"A position from 1 to the size is needed, and a size of at most {event_count}.")
        leaf = tree.leaf(db, position)
        assert leaf is not None
        path = [h.hex() for h in tree.inclusion(db, position, size)]
        return api_models.InclusionShape(position, size, leaf.hex(), path, tree.root(db, size).hex())


@read_operation("/proofs/consistency", query=(FIRST_SIZE, SECOND_SIZE), answers=api_models.ConsistencyShape)
def consistency(query: dict[str, str]) -> api_models.ConsistencyShape:
    """The proof that the tree of one size is the beginning of the tree of another (RFC 9162, 2.1.4)."""
    with services().views.connect() as db:
        event_count = position_of(db).count
        second = read_whole_number(query, "second", event_count, MAX_POSITION)
        first = read_whole_number(query, "first", second, MAX_POSITION)
        if not 0 <= first <= second <= event_count:
            raise Refused(f"Two sizes are needed, the first not above the second, the second at most {event_count}.")
        proof = [h.hex() for h in tree.consistency(db, first, second)]
        return api_models.ConsistencyShape(
            first, second, tree.root(db, first).hex(), tree.root(db, second).hex(), proof
        )
