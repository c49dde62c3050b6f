"""Deadlines: who may state which, and how one is withdrawn; the exact events, and the words of each refusal."""

from datetime import UTC, datetime
from typing import Any

import pytest

from domain import commands as c
from domain.deadline.events import DeadlineStated
from domain.values import DeadlineFacts
from tests.support.story import REGISTER, Story, without_envelope
from tests.support.uptake import BareUptake

USUAL = {"id": "due1", "due_on": "2024-12", "stated_on": "2021-05-01", "stated_by": "report"}


def state(recommendation: str = "post", **facts: Any) -> c.StateDeadline:
    return c.StateDeadline(REGISTER, recommendation=recommendation, deadline=DeadlineFacts(**(USUAL | facts)))


def withdraw(deadline: str = "due1", reason: str = "A slip.") -> c.WithdrawDeadline:
    return c.WithdrawDeadline(REGISTER, recommendation="post", deadline=deadline, reason=reason)


@pytest.fixture
def story(uptake: BareUptake) -> Story:
    return Story(uptake).evidence("official").recommendation()


def test_a_deadline_is_stated_and_its_evidence_becomes_public(story: Story) -> None:
    disclosed, stated = story.events_of(state(evidence=("official",), note="In section 4."))
    assert without_envelope(disclosed)["topic"] == "evidence.disclosed"
    assert without_envelope(stated) == {
        "topic": "deadline.stated",
        "originator_version": 1,
        "recorded_by": "ana",
        "based_on": 0,
        "recommendation": "post",
        "deadline": USUAL | {"evidence": ["official"], "note": "In section 4."},
    }


def test_a_deadline_is_withdrawn_once_with_a_public_reason(story: Story) -> None:
    assert story.refused(withdraw()) == ["There is no deadline “due1” of “post”."]
    story.do(state())
    elsewhere = c.WithdrawDeadline(REGISTER, recommendation="law", deadline="due1", reason="A slip.")
    assert story.refused(elsewhere) == ["There is no deadline “due1” of “law”."]
    assert story.refused(withdraw(reason=" ")) == ["Enter why it is withdrawn. The reason is public."]
    (event,) = story.events_of(withdraw(), by="ben")
    assert without_envelope(event) == {
        "topic": "deadline.withdrawn",
        "originator_version": 2,
        "recorded_by": "ben",
        "based_on": 1,
        "recommendation": "post",
        "deadline": "due1",
        "reason": "A slip.",
        "withdrawn_by": "ben",
    }
    assert story.refused(withdraw()) == ["The deadline “due1” is already withdrawn."]
    assert story.refused(state()) == ["There is already a deadline “due1”."]


def test_a_deadline_is_about_the_whole_or_about_one_element(story: Story) -> None:
    assert story.refused(state(element="oath")) == ["“post” has no element “oath”."]
    story.element("oath")
    (of_element,) = story.events_of(state(element="oath"))
    assert isinstance(of_element, DeadlineStated)
    assert of_element.deadline.element == "oath"
    (of_whole,) = story.events_of(state(id="due2"))
    assert isinstance(of_whole, DeadlineStated)
    assert of_whole.deadline.element == ""


def test_a_deadline_belongs_to_a_recommendation_that_stays(story: Story) -> None:
    assert story.refused(state("law")) == ["There is no recommendation “law” in “r”."]
    story.do(c.WithdrawRecommendation(REGISTER, recommendation="post", reason="Twice."), by="ben")
    assert story.refused(state()) == ["“post” is withdrawn, so you cannot add to it."]


def test_all_that_is_wrong_with_a_deadline_is_said_at_once(story: Story) -> None:
    assert story.refused(state(due_on="soon", stated_on="2021-02-30", stated_by=" ")) == [
        "“soon” is not a date. Write 2024, 2024-05 or 2024-05-20.",
        "There is no day “2021-02-30” in the calendar.",
        "Enter who stated the deadline: a publication, a body, or a name.",
    ]
    assert "Enter a date. Write 2024, 2024-05 or 2024-05-20." in story.refused(state(due_on=""))
    assert story.refused(state(evidence=("void",))) == ["There is no evidence “void” in this register."]


def test_a_deadline_is_not_stated_after_the_day_of_publishing(uptake: BareUptake) -> None:
    """The day of publishing is that of the register: it is later in Seoul than in London."""
    story = Story(uptake, time_zone="Asia/Seoul").recommendation()
    uptake.clock.now = datetime(2026, 11, 28, 16, tzinfo=UTC)
    assert story.refused(state(stated_on="2026-11-30")) == [
        "“2026-11-30” is after 2026-11-29, the day of publishing. Enter the day on which the deadline was stated."
    ]
    (event,) = story.events_of(state(stated_on="2026-11-29"))
    assert isinstance(event, DeadlineStated)
    assert event.deadline.stated_on == "2026-11-29"


def test_a_due_date_may_lie_before_the_recommendation(story: Story) -> None:
    (event,) = story.events_of(state(due_on="2012-12-22", stated_on="2012"))
    assert isinstance(event, DeadlineStated)
    assert event.deadline.due_on == "2012-12-22"


def test_a_deadline_without_an_id_gets_one_made_of_item_and_due_date(story: Story) -> None:
    story.element("oath")
    assert story.do(state(id="")) == "post-due-2024-12"
    assert story.do(state(id="")) == "post-due-2024-12-2"
    assert story.do(state(id="", element="oath")) == "post-oath-due-2024-12"


def test_a_list_of_deadlines_gets_ids_of_its_own(story: Story, uptake: BareUptake) -> None:
    uptake.execute_all([state(id=""), state(id=""), withdraw("post-due-2024-12")], by="ana")
    assert story.refused(withdraw("post-due-2024-12")) == ["The deadline “post-due-2024-12” is already withdrawn."]
    assert story.refused(state(id="post-due-2024-12-2")) == ["There is already a deadline “post-due-2024-12-2”."]


def remove(deadline: str = "due1", recommendation: str = "post") -> c.RemoveDeadline:
    return c.RemoveDeadline(REGISTER, recommendation=recommendation, deadline=deadline)


def test_a_deadline_is_removed_while_the_register_is_prepared_and_its_id_used_again(story: Story) -> None:
    story.do(state(evidence=("official",)))
    refers = "“due1” refers to “{}”. Change or remove it first.".format
    assert story.refused(c.RemoveRecommendation(REGISTER, recommendation="post")) == [refers("post")]
    assert story.refused(c.RemoveEvidence(REGISTER, evidence="official")) == [refers("official")]
    assert story.refused(remove(recommendation="law")) == ["There is no deadline “due1” of “law”."]
    (event,) = story.events_of(remove())
    assert without_envelope(event) == {
        "topic": "deadline.removed",
        "originator_version": 2,
        "recorded_by": "ana",
        "based_on": 1,
        "recommendation": "post",
        "deadline": "due1",
    }
    assert story.refused(remove()) == ["There is no deadline “due1” of “post”."]
    story.do(state())
    story.do(withdraw())
    story.do(remove())
    story.do(state())
    story.do(withdraw())
    story.do(c.OpenRegister(REGISTER, origin="x"))
    assert story.refused(remove()) == ["The register is open, so nothing is removed. Withdraw it, and say why."]
