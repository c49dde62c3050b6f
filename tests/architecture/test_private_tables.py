"""The tables of a projection are private: only its own modules import them, others ask its queries."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

READ_STORED_EVENTS = {
    "projections.assessments.decisions": ["projections.timeline.tables"],
    "projections.assessments.proposals": ["projections.timeline.tables"],
    "projections.assessments.queries": ["projections.timeline.tables"],
}
"""Queries about assessments have no tables: they read the events that the timeline stores."""


def table_imports(source: str, module: str) -> Iterator[str]:
    """The tables modules that a module imports from projections other than its own."""
    own = ".".join(module.split(".")[:2])
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            parts = name.split(".")
            if (
                len(parts) == 3
                and parts[0] == "projections"
                and parts[2] == "tables"
                and not name.startswith(f"{own}.")
            ):
                yield name


def test_only_a_projection_imports_its_tables() -> None:
    offenders = {}
    for top in ("app", "projections", "benchmarks"):
        for path in sorted((ROOT / top).rglob("*.py")):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            if imports := list(table_imports(path.read_text(encoding="utf-8"), module)):
                offenders[module] = imports
    assert offenders == READ_STORED_EVENTS, "ask the queries of the projection instead"


@pytest.mark.parametrize(
    "source",
    [
        "from projections.timeline.tables import entries",
        "from projections.timeline import tables",
        "import projections.timeline.tables as t",
        "def late():\n    from projections.timeline.tables import entries",
    ],
)
def test_every_way_to_import_them_is_found(source: str) -> None:
    assert list(table_imports(source, "app.services.inbox")) == ["projections.timeline.tables"]
    assert list(table_imports(source, "projections.search.queries")) == ["projections.timeline.tables"]
    assert list(table_imports(source, "projections.timeline.queries")) == []
