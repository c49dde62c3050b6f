"""What changes in version 2026.2. Registers on the first version keep it."""

import pytest

from domain import commands as c
from domain.recommendation.events import AssessmentPublished, CriteriaApproved
from domain.values import SuccessCriteria
from tests.support.story import REGISTER, Story
from tests.support.uptake import BareUptake

FIRST, SECOND = "uptake-2026.1", "uptake-2026.2"
CRITERIA = SuccessCriteria(counts="An act.", does_not_count="A word.")
ALONE = "Someone other than their author must approve the success criteria (rule 10)."


@pytest.mark.parametrize(
    ("version", "kind", "status", "review_by"),
    [
        (FIRST, "one_off", "implemented", "2022-01-01"),
        (SECOND, "one_off", "implemented", ""),
        (SECOND, "outcome", "implemented", "2022-01-01"),
        (SECOND, "one_off", "partly", "2022-01-01"),
        (SECOND, "continuing", "in_effect", "2021-06-30"),
    ],
)
def test_what_was_done_once_has_no_review_day_by_default(
    uptake: BareUptake, version: str, kind: str, status: str, review_by: str
) -> None:
    story = Story(uptake, methodology=version).evidence("official").recommendation(kind=kind).criteria()
    made = story.propose(status=status, effective_on="2021-01-01", evidence=("official",))
    publish = c.PublishAssessment(REGISTER, recommendation="post", assessment=made)
    (event,) = (e for e in story.events_of(publish, by="ben") if isinstance(e, AssessmentPublished))
    assert (event.assessment.methodology, event.assessment.review_by) == (version, review_by)


@pytest.mark.parametrize(
    ("version", "peer_review", "may_approve"),
    [
        (FIRST, "never", False),
        (SECOND, "never", True),
        (SECOND, "high_stakes", False),
        (SECOND, "always", False),
    ],
)
def test_the_one_editor_of_a_register_approves_their_own_success_criteria(
    uptake: BareUptake, version: str, peer_review: str, may_approve: bool
) -> None:
    story = Story(uptake, methodology=version, peer_review=peer_review).recommendation()
    story.do(c.DraftCriteria(REGISTER, recommendation="post", card=CRITERIA), by="ana")
    approve = c.ApproveCriteria(REGISTER, recommendation="post")
    if may_approve:
        (event,) = (e for e in story.events_of(approve, by="ana") if isinstance(e, CriteriaApproved))
        assert (event.card.author, event.approved_by) == ("ana", "ana")
    else:
        assert story.refused(approve, by="ana") == [ALONE]
