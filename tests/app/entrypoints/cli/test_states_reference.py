"""The table of statuses says what the rules decide."""

import inspect
from pathlib import Path

import pytest

from app.entrypoints.cli.assessment_states import ACTIONS, STEPS
from app.entrypoints.cli.assessment_states import rows as assessment_rows
from app.entrypoints.cli.states_reference import DECIDED_IN, reference, transition
from domain.codes import Status
from domain.methodology.uptake_2026_1 import UPTAKE_2026_1
from domain.methodology.versions import VERSIONS
from tests.support.methodologies import SECOND

PAGE = Path(__file__).parents[4] / "docs" / "states.md"


def test_the_page_is_what_the_rules_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference()


@pytest.mark.parametrize("rule", [rule.number for rule in UPTAKE_2026_1.rules])
def test_the_function_named_for_a_rule_refuses_by_it(rule: int) -> None:
    source = inspect.getsource(DECIDED_IN[rule])
    assert f"rule={rule}" in source or f"applies({rule})" in source


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [
        (Status.NOT_ASSESSED, Status.ANNOUNCED, "yes"),
        (Status.NOT_ASSESSED, Status.REVERSED, "rule 3"),
        (Status.ANNOUNCED, Status.NOT_ASSESSED, "rule 5"),
        (Status.ANNOUNCED, Status.REVERSED, "cause*"),
        (Status.PARTLY, Status.REVERSED, "cause"),
        (Status.PARTLY, Status.ANNOUNCED, "correction"),
        (Status.IMPLEMENTED, Status.IN_EFFECT, "rule 1"),
        (Status.REVERSED, Status.UNVERIFIABLE, "correction"),
        (Status.REVERSED, Status.SUPERSEDED, "yes"),
    ],
)
def test_a_status_may_follow_another(before: Status, after: Status, word: str) -> None:
    assert transition(UPTAKE_2026_1, before, after) == word


def test_another_version_allows_what_it_has_no_rule_against(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(VERSIONS, SECOND.version, SECOND)
    assert transition(SECOND, Status.REVERSED, Status.UNVERIFIABLE) == "yes"
    assert "| `partly` | `not_done` | 2 | 30 |  |" in reference()


def test_each_state_of_an_assessment_is_reached_by_its_steps() -> None:
    rows = {state: dict(zip(ACTIONS, cells, strict=True)) for state, *cells in assessment_rows(UPTAKE_2026_1)}
    for state, steps in STEPS.items():
        before = "none"
        for step in steps:
            before = rows[before][step]
        assert before == state
    assert rows["proposed"] == {
        "propose": "",
        "revise": "proposed",
        "return": "returned",
        "schedule": "scheduled",
        "unschedule": "",
        "publish": "published",
        "decline": "declined",
        "withdraw": "",
    }
    assert not any(rows["declined"].values())
    assert not any(rows["withdrawn"].values())
