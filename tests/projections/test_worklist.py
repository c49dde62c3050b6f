"""Open work: added, returned, ended; the same whether the log is read in one batch or event by event."""

import pytest

from app.services.container import Services
from domain import commands as c
from domain.values import SuccessCriteria
from projections.engine.differences import differences
from projections.worklist.queries import criteria_drafts_page, open_proposal, open_proposals
from tests.support.story import REGISTER, Story, assessment


@pytest.fixture
def story(either: Services) -> Story:
    return Story(either).evidence("official").evidence("news", "news").recommendation().criteria()


def _same_when_rebuilt(services: Services) -> bool:
    name = services.views.build()
    with services.views.connect() as live, services.views.store.engine(name, writing=False).connect() as fresh:
        found = differences(live, fresh, tuple(services.views.projections))
    services.views.discard(name)
    return found == []


def test_a_proposal_waits_until_it_is_decided(story: Story) -> None:
    services = story.uptake
    one, two, three = (story.propose(effective_on=f"202{n}") for n in (1, 2, 3))
    story.do(c.ReturnAssessment(REGISTER, recommendation="post", assessment=two, note="Which day?"), by="ben")
    story.do(c.DeclineAssessment(REGISTER, recommendation="post", assessment=three, why="No."), by="ben")
    with services.views.connect() as db:
        assert [(p.assessment.id, p.note) for p in open_proposals(db, REGISTER)] == [(one, ""), (two, "Which day?")]
    story.do(c.PublishAssessment(REGISTER, recommendation="post", assessment=one), by="ben")
    better = assessment(id=two, effective_on="2022", rationale="Better.", reason="world_changed")
    story.do(c.ReviseAssessment(REGISTER, recommendation="post", assessment=better), by="cem")
    with services.views.connect() as db:
        (waiting,) = open_proposals(db, REGISTER, "post")
        assert (waiting.proposed_by, waiting.note, waiting.assessment.rationale) == ("cem", "", "Better.")
        assert open_proposal(db, REGISTER, one) is None
    assert _same_when_rebuilt(services)


def test_drafted_criteria_wait_until_they_are_approved(story: Story) -> None:
    services = story.uptake
    for words in ("A text.", "A better text."):
        card = SuccessCriteria(counts=words, does_not_count="A meeting.")
        story.do(c.DraftCriteria(REGISTER, recommendation="post", card=card), by="ana")
    with services.views.connect() as db:
        assert [d.card.counts for d in criteria_drafts_page(db, REGISTER, skip=0, limit=100)] == ["A better text."]
    assert _same_when_rebuilt(services)
    story.do(c.ApproveCriteria(REGISTER, recommendation="post"), by="ben")
    with services.views.connect() as db:
        assert criteria_drafts_page(db, REGISTER, skip=0, limit=100) == []
    assert _same_when_rebuilt(services)


def test_nothing_waits_about_a_recommendation_that_was_withdrawn(story: Story) -> None:
    story.propose()
    story.do(c.WithdrawRecommendation(REGISTER, recommendation="post", reason="Entered twice."), by="ben")
    with story.uptake.views.connect() as db:
        assert open_proposals(db, REGISTER) == []
    assert _same_when_rebuilt(story.uptake)
