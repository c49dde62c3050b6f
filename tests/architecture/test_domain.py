"""Decisions stay in the domain: nothing else makes an event, and each refusal can be translated."""

import ast
from collections.abc import Iterator
from pathlib import Path

from domain.events import EVENTS

ROOT = Path(__file__).parents[2]
EVENT_NAMES = {event.__name__ for event in EVENTS.values()}
REFUSAL_NAMES = {"Conflict", "NotFound", "Refusal", "Refused"}


def calls_in(folder: str) -> Iterator[tuple[str, str, ast.Call]]:
    """Every call in a folder: where it is, the last name of what is called, and its syntax tree."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", "") or getattr(node.func, "id", "")
                yield f"{path.relative_to(ROOT)}:{node.lineno}", name, node


def test_only_the_domain_makes_events() -> None:
    made = [place for folder in ("app", "projections") for place, name, _ in calls_in(folder) if name in EVENT_NAMES]
    assert made == []


def test_each_refusal_of_the_domain_can_be_translated() -> None:
    plain = [
        place
        for place, name, call in calls_in("domain")
        if name in REFUSAL_NAMES and any(isinstance(a, ast.JoinedStr | ast.Constant) for a in call.args)
    ]
    assert plain == []
