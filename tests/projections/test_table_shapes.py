"""What a projection stores never changes without a new version: installations rebuild only for that."""

from copy import deepcopy

import pytest
from sqlalchemy import Column, MetaData, Text, create_engine, text

from projections.all_projections import ALL_PROJECTIONS
from projections.catalogue.tables import StoredFact, facts
from projections.changes.tables import StoredChange, changes
from projections.scorecards.rows import StoredAssessment, StoredDeadline, StoredItem, StoredRegister, StoredSpan
from projections.scorecards.tables import assessments, deadlines, items, registers, spans
from projections.search.tables import StoredDocument, documents
from projections.timeline.projector import Timeline
from projections.timeline.tables import StoredEntry, entries
from projections.transparency.tables import TreeNode, nodes
from projections.worklist.projector import Worklist
from tests.projections import shapes
from tests.projections.shapes import problems, recorded_shapes, shape_of

SHAPES = {p.name: shape_of(p) for p in ALL_PROJECTIONS}


def test_every_projection_stores_what_its_version_is_recorded_with() -> None:
    assert problems(recorded_shapes(), SHAPES) == []


def test_a_new_column_without_a_new_version_is_found() -> None:
    class Wider(Timeline):
        metadata = MetaData()

    for table in Timeline.metadata.sorted_tables:
        table.to_metadata(Wider.metadata).append_column(Column("colour", Text))
    (sentence,) = problems(recorded_shapes(), SHAPES | {"timeline": shape_of(Wider())})
    still = f"timeline stores entries differently, but is still version {Timeline.version}. Raise `version` in "
    assert sentence.startswith(still)
    Wider.version = Timeline.version + 1
    (sentence,) = problems(recorded_shapes(), SHAPES | {"timeline": shape_of(Wider())})
    assert sentence.startswith("timeline has a new version: run ")


def test_a_new_field_of_a_stored_struct_without_a_new_version_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from domain.values import Assessment

    class Longer(Assessment, frozen=True, kw_only=True):
        colour: str = ""

    Longer.__module__, Longer.__qualname__ = Assessment.__module__, Assessment.__qualname__
    monkeypatch.setitem(shapes.BINARY_COLUMNS, "open_proposals.data", (Longer,))
    (sentence,) = problems(recorded_shapes(), SHAPES | {"worklist": shape_of(Worklist())})
    assert sentence.startswith("worklist stores domain.values.Assessment differently, but is still version ")


def test_a_dropped_index_without_a_new_version_is_found() -> None:
    altered = deepcopy(SHAPES)
    altered["timeline"]["tables"]["entries"]["indexes"].pop()
    assert len(problems(recorded_shapes(), altered)) == 1


@pytest.mark.parametrize(
    ("row", "table"),
    [
        (StoredFact, facts),
        (StoredChange, changes),
        (StoredRegister, registers),
        (StoredItem, items),
        (StoredAssessment, assessments),
        (StoredSpan, spans),
        (StoredDeadline, deadlines),
        (StoredDocument, documents),
        (StoredEntry, entries),
        (TreeNode, nodes),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_a_row_has_a_field_for_each_column(row: type, table: object) -> None:
    assert row.__struct_fields__ == tuple(c.name for c in table.columns)  # type: ignore[attr-defined]


def test_sqlite_keeps_no_index_from_the_number_of_a_row_to_the_row() -> None:
    db = create_engine("sqlite://")
    numbered = {facts, changes, assessments, deadlines, spans, documents}
    for table in numbered:
        table.create(db)
    with db.connect() as connection:
        names = connection.scalars(text("SELECT name FROM sqlite_master WHERE name LIKE 'sqlite_autoindex_%'"))
        assert list(names) == []
