"""What each projection stores: its tables with columns and indexes, and the structs inside its JSON columns.

`python -m tests.projections.shapes` writes `shapes.json` again after a projection got a new version.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

from msgspec import Struct
from msgspec.structs import fields
from sqlalchemy import Column, LargeBinary, Table

from domain.review.state import Stocktaking
from domain.values import Assessment, EvidenceFacts, Relation, ResponseFacts, ReviewSchedule, SuccessCriteria
from projections.all_projections import ALL_PROJECTIONS
from projections.catalogue.entries import DECODERS
from projections.engine.batches import Projection
from projections.engine.compression import CompressedEvent

FILE = Path(__file__).with_name("shapes.json")

BINARY_COLUMNS: dict[str, tuple[type[Any], ...]] = {
    "facts.data": tuple(decoder.type for decoder in DECODERS.values()),
    "open_proposals.data": (Assessment,),
    "relations.data": (Relation,),
    "open_cards.data": (SuccessCriteria,),
    "noted_sources.data": (EvidenceFacts,),
    "responses.data": (ResponseFacts,),
    "open_responses.data": (ResponseFacts,),
    "review_versions.data": (ReviewSchedule, Stocktaking),
    "entries.data": (),  # the bytes of the log, compressed, whose samples are in tests/stored_events
    "changes.amendment": (),  # likewise
    "items.place_key": (),  # a sort key
    "items.title_key": (),  # likewise
    "earlier_places.place_key": (),  # likewise
    "earlier_places.title_key": (),  # likewise
    "overview_items.number_key": (),  # likewise
    "overview_items.title_key": (),  # likewise
    "tree_nodes.hash": (),  # a digest
}
"""The structs that each binary column stores as JSON."""

Shape = dict[str, Any]


def shape_of(projection: Projection) -> Shape:
    """The version of a projection and all that it stores, readable and comparable."""
    tables = projection.metadata.sorted_tables
    return {
        "version": projection.version,
        "tables": {table.name: _table(table) for table in tables},
        "structs": _structs(kind for table in tables for name in _binary(table) for kind in BINARY_COLUMNS[name]),
    }


def _table(table: Table) -> Shape:
    return {
        "columns": [_column(c) for c in table.columns],
        "indexes": sorted(f"{i.name} ({', '.join(c.name for c in i.columns)})" for i in table.indexes),
    }


def _column(column: Column[Any]) -> str:
    marks = [("primary key", column.primary_key), ("unique", column.unique), ("null", column.nullable)]
    return " ".join([column.name, str(column.type), *(mark for mark, applies in marks if applies)])


def _binary(table: Table) -> list[str]:
    return [f"{table.name}.{c.name}" for c in table.columns if isinstance(c.type, LargeBinary | CompressedEvent)]


def _structs(kinds: Iterable[type[Any]]) -> dict[str, list[str]]:
    structs: dict[str, list[str]] = {}
    waiting = list(kinds)
    while waiting:
        kind = waiting.pop()
        if isinstance(kind, type) and issubclass(kind, Struct):
            name = f"{kind.__module__}.{kind.__qualname__}"
            if name not in structs:
                structs[name] = [f"{f.encode_name}: {_type_name(f.type)}" for f in fields(kind)]
                waiting += [f.type for f in fields(kind)]
        else:
            waiting += get_args(kind)
    return dict(sorted(structs.items()))


def _type_name(kind: Any) -> str:
    return kind.__name__ if isinstance(kind, type) and not get_args(kind) else str(kind)


def problems(recorded: dict[str, Shape], shapes: dict[str, Shape]) -> list[str]:
    """A sentence, with what to do, for each projection whose recorded shape is not the present one."""
    sentences = [f"{name} is recorded in shapes.json but no longer exists." for name in recorded.keys() - shapes.keys()]
    for name, shape in shapes.items():
        before = recorded.get(name)
        if before is None or before["version"] != shape["version"]:
            sentences.append(f"{name} has a new version: run “python -m tests.projections.shapes” and commit the file.")
        elif before != shape:
            sentences.append(
                f"{name} stores {', '.join(_differences(before, shape))} differently, but is still version "
                f"{shape['version']}. Raise `version` in projections/{name}/projector.py, so that installations "
                "rebuild its tables; then run “python -m tests.projections.shapes” and commit the file."
            )
    return sentences


def _differences(before: Shape, after: Shape) -> list[str]:
    return sorted(
        name
        for part in ("tables", "structs")
        for name in before[part].keys() | after[part].keys()
        if before[part].get(name) != after[part].get(name)
    )


def recorded_shapes() -> dict[str, Shape]:
    shapes: dict[str, Shape] = json.loads(FILE.read_text(encoding="utf-8"))
    return shapes


def main() -> int:
    shapes = {p.name: shape_of(p) for p in ALL_PROJECTIONS}
    unversioned = [s for s in problems(recorded_shapes(), shapes) if "Raise `version`" in s] if FILE.exists() else []
    if unversioned:
        print(*unversioned, sep="\n", file=sys.stderr)
        return 1
    FILE.write_text(json.dumps(shapes, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
