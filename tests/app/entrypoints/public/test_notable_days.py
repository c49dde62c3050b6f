"""What stands beside the numbers of a chart is remembered while the record stays as it is, and no longer."""

from collections.abc import Iterator
from typing import Any

from app.adapters.memory import MAX_ANSWERS, Memory
from app.bootstrap.container import build_services
from app.bootstrap.flask_app import create_app
from app.services.container import Services
from domain import commands as c
from tests.support.pages import Browser
from tests.support.story import assessment

DAYS = ("/small/", "/small/?as_of=2025-06-01", "/small/?as_of=2025-06-02")
WHY = "A decree replaced the oath on that day."


def steps(services: Services) -> Iterator[str]:
    """Change a notable day in each way that readers can see."""
    details: dict[str, Any] = {"reason": "world_changed", "evidence": ("oath", "story")}
    turn = assessment(id="turn", status="in_progress", effective_on="2024-05-01", rationale=WHY, **details)
    yield "nothing"
    services.execute(c.ProposeAssessment("small", recommendation="law", assessment=turn), by="ana")
    yield "proposed"
    services.execute(c.PublishAssessment("small", recommendation="law", assessment="turn"), by="ben")
    yield "published"
    withdrawal = c.WithdrawAssessment("small", recommendation="law", assessment="turn", reason="It was another law.")
    services.execute(withdrawal, by="ben")
    yield "withdrawn"


def test_a_remembered_reason_is_that_of_the_record_as_it_is(browser: Browser, small: Services) -> None:
    seen = {}
    for step in steps(small):
        small.clock.go_on(minutes=1)  # type: ignore[attr-defined]
        fresh = build_services(small.settings, clock=small.clock)
        other = Browser(create_app(fresh).test_client())
        for path in DAYS:
            pages = [browser.get(path).html for _ in range(2)]
            assert pages == [other.get(path).html] * 2, (step, path)
            seen[step, path] = WHY in pages[0].split('class="events"', 1)[1]
        fresh.close()
    assert {step for (step, _), shown in seen.items() if shown} == {"published"}


def test_answers_are_found_once_for_each_state() -> None:
    memory, found = Memory(), list[int]()

    def ask(state: object, question: object) -> int:
        return memory.answer(state, question, lambda: found.append(1) or len(found))  # type: ignore[func-returns-value]

    assert [ask("a", 1), ask("a", 1), ask("a", 2), ask("b", 1), ask("b", 1), ask("a", 1)] == [1, 1, 2, 3, 3, 4]
    assert [ask("a", n) for n in range(2 * MAX_ANSWERS)][-1] == len(found)
    assert len(memory._held[1]) <= MAX_ANSWERS
