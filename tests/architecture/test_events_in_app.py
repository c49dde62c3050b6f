"""Pages and services ask projections named questions. Only the modules listed here see events."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.support.repository import ROOT

TIMELINES = {
    "app/entrypoints/api/events.py",
    "app/entrypoints/api/writing.py",  # how far the timeline reaches is the ETag
    "app/entrypoints/public/recommendation.py",
    "app/entrypoints/staff/overview/history.py",
    "app/entrypoints/staff/overview/history_lines.py",
    "app/entrypoints/staff/overview/recent_activity.py",
    "app/entrypoints/staff/proposals/publication_preview.py",
    "app/entrypoints/staff/workbench/recommendation_history.py",
    "app/presentation/answers/serializers.py",  # an event as the API and webhooks show it
    "app/presentation/narrative/record_names.py",  # what was only proposed, or was removed, is in the timeline alone
    "app/presentation/narrative/story.py",
    "app/services/snapshots/log_proof.py",  # a proof contains the bytes of the entry that it is about
    "app/services/webhooks/delivery.py",
}
"""Timelines, histories and feeds of events."""

READERS = {
    "app/entrypoints/cli/log.py",
    "app/presentation/narrative/public_names.py",
    "app/presentation/narrative/story.py",
    "app/services/snapshots/log_proof.py",
    "app/services/snapshots/public_log.py",
    "app/services/snapshots/strict_reading.py",
}
"""What decodes events, or tells their types apart: exports of the log, and public names and stories."""


def modules() -> Iterator[Path]:
    return (ROOT / "app").rglob("*.py")


def imports_timeline(tree: ast.AST) -> bool:
    names = [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
    names += [a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names]
    names += [
        f"{n.module}.{a.name}" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module for a in n.names
    ]
    return any(f"{name}.".startswith("projections.timeline.") for name in names)


def event_types(tree: ast.AST) -> set[str]:
    """The names of events that a module imports."""
    return {
        a.asname or a.name
        for n in ast.walk(tree)
        if isinstance(n, ast.ImportFrom) and (n.module or "").startswith("domain.") and n.module.endswith(".events")
        for a in n.names
    }


def reads_events(tree: ast.AST) -> bool:
    """Whether a module decodes events, or asks which kind one is: by `isinstance`, by `match` or by its type."""
    types = event_types(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and any(a.name == "read_event" for a in node.names):
            return True
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "isinstance":
            of, *kinds = node.args
            if isinstance(of, ast.Attribute) and of.attr == "event":
                return True
            if types & {n.id for kind in kinds for n in ast.walk(kind) if isinstance(n, ast.Name)}:
                return True
            if isinstance(of, ast.Name) and of.id == "event":
                return True
        if isinstance(node, ast.MatchClass) and isinstance(node.cls, ast.Name) and node.cls.id in types:
            return True
    return False


def found_by(rule: object) -> set[str]:
    assert callable(rule)
    return {str(p.relative_to(ROOT)) for p in modules() if rule(ast.parse(p.read_text(encoding="utf-8")))}


def test_only_timelines_and_histories_ask_the_timeline() -> None:
    assert found_by(imports_timeline) == TIMELINES


def test_only_exports_and_sentences_read_events() -> None:
    assert found_by(reads_events) == READERS


def test_each_way_to_ask_the_timeline_is_seen() -> None:
    for line in (
        "from projections.timeline import queries",
        "from projections import timeline",
        "from projections.timeline.tables import entries",
        "import projections.timeline.queries",
    ):
        assert imports_timeline(ast.parse(line)), line
    assert not imports_timeline(ast.parse("from projections.catalogue import queries as timeline"))


def test_each_way_to_fold_events_is_seen() -> None:
    imported = "from domain.recommendation.events import AssessmentPublished as Published\n"
    for line in (
        "from domain.events import read_event",
        "isinstance(entry.event, object)",
        "isinstance(event, (int, str))",
        f"{imported}isinstance(happened, Published | int)",
        f"{imported}match x:\n case Published():\n  pass",
    ):
        assert reads_events(ast.parse(line)), line
    assert not reads_events(ast.parse(f"{imported}def preview(event: Published) -> None: ..."))
