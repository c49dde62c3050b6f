"""Success criteria are drafted and approved in the version that the person saw."""

from domain import commands as c
from domain.ids import recommendation_id
from domain.recommendation.aggregate import Recommendation
from domain.recommendation.events import CriteriaApproved, CriteriaDrafted
from domain.values import SuccessCriteria
from tests.support.story import REGISTER, Story
from tests.support.uptake import BareUptake

CHANGED = "Another person changed this recommendation after you opened it. Look at it again."
CRITERIA = SuccessCriteria(counts="An act.", does_not_count="A word.")


def test_a_draft_and_an_approval_of_an_earlier_version_are_refused(uptake: BareUptake) -> None:
    story = Story(uptake).recommendation()

    def draft(version: int | None) -> c.DraftCriteria:
        return c.DraftCriteria(REGISTER, recommendation="post", card=CRITERIA, expected_version=version)

    def approve(version: int | None) -> c.ApproveCriteria:
        return c.ApproveCriteria(REGISTER, recommendation="post", expected_version=version)

    def version() -> int:
        return uptake.tracker.load(Recommendation, recommendation_id(REGISTER, "post")).version

    seen = version()
    (event,) = story.events_of(draft(seen), by="ana")
    assert isinstance(event, CriteriaDrafted)
    assert story.refused(draft(seen), by="eva") == [CHANGED]
    assert story.refused(approve(seen), by="ben") == [CHANGED]
    (event,) = story.events_of(approve(version()), by="ben")
    assert isinstance(event, CriteriaApproved)
    assert (event.card.counts, event.approved_by) == ("An act.", "ben")
