"""A command that names another version than the last one is refused by the log itself, and writes nothing."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from domain import commands as c
from domain.codes import SourceClass
from domain.values import (
    Body,
    BodyMerge,
    DeadlineFacts,
    EvidenceFacts,
    EvidenceText,
    Logo,
    ReviewSchedule,
    Theme,
)
from tests.support.pictures import png
from tests.support.story import REGISTER, Story
from tests.support.uptake import BareUptake

DAY = "2026-06-01"
REVIEW = {"review": "yearly", "as_of": DAY}
YEARLY = ReviewSchedule(id="yearly", title="Review", as_of=DAY)
TEXT = EvidenceText(title="Another title", summary="Another.")
SOURCE = EvidenceFacts(id="official", publisher="Another", source_class=SourceClass.OFFICIAL)
SEEN: dict[str, c.Command] = {
    "recommendation": c.WithdrawRecommendation(
        REGISTER, recommendation="post", reason="Entered twice.", expected_version=99
    ),
    "deadline": c.WithdrawDeadline(
        REGISTER, recommendation="post", deadline="due", reason="Entered twice.", expected_version=99
    ),
    "summary": c.DraftSummary(REGISTER, **REVIEW, summary="Another.", expected_version=99),
    "signature": c.SignOffReview(REGISTER, **REVIEW, expected_version=99),
    "time": c.EmbargoReview(REGISTER, **REVIEW, freeze_at=datetime(2026, 7, 1, tzinfo=UTC), expected_version=99),
    "doi": c.SetReviewDoi(REGISTER, **REVIEW, doi="10.5281/zenodo.7", expected_version=99),
    "logo": c.SetLogo(REGISTER, logo=Logo(png=png(), alt="A logo"), expected_version=99),
    "source": c.AmendEvidence(
        REGISTER, facts=SOURCE, text=TEXT, key="k", salt="s", why="Clearer.", expected_version=99
    ),
    "merge": c.MergeBodies(
        REGISTER, merge=BodyMerge(body="ministry", into="court", on="2024", why="By law."), expected_version=99
    ),
    "opening": c.OpenRegister(REGISTER, origin="x", expected_version=99),
    "theme": c.AmendTheme(REGISTER, fact=Theme(id="offices", title="Posts"), expected_tag="another"),
    "schedule": c.AmendReview(REGISTER, fact=replace(YEARLY, title="Another"), expected_tag="another"),
}


@pytest.fixture
def story(uptake: BareUptake) -> Story:
    """A register with what the commands are about."""
    story = Story(uptake).evidence("official").recommendation()
    due = DeadlineFacts(id="due", due_on="2026-12", stated_on="2020", stated_by="someone")
    story.do(c.NameTheme(REGISTER, theme=Theme(id="offices", title="Offices")))
    story.do(c.NameBody(REGISTER, body=Body(id="court", name="Court")))
    story.do(c.StateDeadline(REGISTER, recommendation="post", deadline=due))
    story.do(c.ScheduleReview(REGISTER, schedule=YEARLY))
    story.do(c.DraftSummary(REGISTER, **REVIEW, summary="So."))
    return story


@pytest.mark.parametrize("name", SEEN)
def test_another_version_is_refused_and_any_is_accepted(story: Story, name: str) -> None:
    command = SEEN[name]
    (sentence,) = story.refused(command, by="ben")
    assert "after you opened" in sentence
    field = "expected_version" if "expected_version" in command.__struct_fields__ else "expected_tag"
    story.do(replace(command, **{field: None if field == "expected_version" else ""}), by="ben")
