"""The texts of a source are removed permanently: every version, with a reason, and the facts stay."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from domain import commands as c
from domain.codes import RemovalReason
from domain.evidence.aggregate import Evidence
from domain.evidence.record import read_evidence_text
from domain.ids import evidence_id
from domain.values import EvidenceText
from tests.support.story import REGISTER, Story, without_envelope
from tests.support.uptake import BareUptake

REMOVE = c.RemoveEvidenceText(REGISTER, evidence="news", reason=RemovalReason.SAFETY)


@pytest.fixture
def story(uptake: BareUptake) -> Story:
    """A register with the public source “news” in two versions, and “act”."""
    story = Story(uptake).evidence("act").evidence("news").recommendation().criteria()
    story.published(evidence=("news", "act"))
    amend(story, "A witness spoke again.", "k2")
    return story


def amend(story: Story, title: str, key: str) -> None:
    facts = story.uptake.tracker.load(Evidence, evidence_id(REGISTER, "news")).facts
    text = EvidenceText(title=title, summary="What was said.")
    story.do(c.AmendEvidence(REGISTER, facts=facts, text=text, key=key, salt="s", why="Said again."))


def titles(story: Story, ident: str) -> list[str]:
    log = story.uptake.log
    stored = log.records(log.record_keys(REGISTER, evidence_id(REGISTER, ident)))
    return [read_evidence_text(body).title for body in stored.values()]


def test_every_version_of_the_text_is_erased_and_the_event_holds_the_reason_only(story: Story) -> None:
    before = story.uptake.tracker.load(Evidence, evidence_id(REGISTER, "news"))
    assert len(titles(story, "news")) == 2
    (event,) = story.events_of(REMOVE, by="ben")
    assert event.PUBLIC
    assert without_envelope(event) == {
        "topic": "evidence.text_removed",
        "recorded_by": "ben",
        "originator_version": 4,
        "based_on": 3,
        "evidence": "news",
        "reason": "safety",
    }
    assert titles(story, "news") == []
    assert titles(story, "act")
    after = story.uptake.tracker.load(Evidence, evidence_id(REGISTER, "news"))
    assert (after.facts, after.digest) == (before.facts, before.digest)
    assert story.refused(REMOVE) == ["The texts of this source are already removed."]


def test_a_new_text_can_take_the_place_of_a_removed_one_and_be_removed_too(story: Story) -> None:
    story.do(REMOVE)
    kept = c.KeepFile(REGISTER, evidence="news", sha256="0" * 64, kind="pdf", size=1)
    assert story.refused(kept) == [
        "The texts of this source are removed. Change the source before you save a copy of it."
    ]
    amend(story, "An interview, on file.", "k3")
    assert titles(story, "news") == ["An interview, on file."]
    story.do(kept)
    story.do(REMOVE)
    assert titles(story, "news") == []


def test_the_removal_of_a_source_that_only_staff_see_is_not_public(story: Story) -> None:
    story.evidence("noted")
    (event,) = story.events_of(replace(REMOVE, evidence="noted"))
    assert (without_envelope(event)["topic"], event.PUBLIC) == ("evidence.note_text_removed", False)
    story.recommendation("law").criteria(recommendation="law").published("law", evidence=("noted", "act"))
    assert story.refused(replace(REMOVE, evidence="noted")) == ["The texts of this source are already removed."]


def test_a_removal_is_recorded_with_its_own_day_after_the_log_was_replaced_by_an_older_copy(story: Story) -> None:
    at, future = datetime(2024, 1, 2, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)
    story.evidence("noted")
    assert story.refused(replace(REMOVE, removed_at=future)) == ["A text cannot have been removed in the future."]
    story.do(replace(REMOVE, evidence="noted", removed_at=at))
    (event,) = story.events_of(replace(REMOVE, removed_at=at))
    assert without_envelope(event)["removed_at"] == "2024-01-02T00:00:00Z"
    story.recommendation("law").criteria(recommendation="law").published("law", evidence=("noted", "act"))
    disclosed = story.uptake.tracker.load(Evidence, evidence_id(REGISTER, "noted")).text_removal
    assert disclosed
    assert (disclosed.PUBLIC, disclosed.removed_at) == (True, at)


def test_a_removal_names_the_version_that_the_person_saw(story: Story) -> None:
    version = story.uptake.tracker.load(Evidence, evidence_id(REGISTER, "news")).version
    assert story.refused(replace(REMOVE, expected_version=version - 1)) == [
        "It changed after you opened this page. Look at it again."
    ]
    assert story.refused(replace(REMOVE, evidence="none")) == ["There is no evidence “none” in this register."]
    story.do(replace(REMOVE, expected_version=version))


def test_what_is_removed_before_the_opening_leaves_no_text(story: Story) -> None:
    story.evidence("spare")
    story.do(c.RemoveEvidence(REGISTER, evidence="spare"))
    assert titles(story, "spare") == []
    assert titles(story, "news")
    story.do(c.DiscardRegister(REGISTER))
    assert story.uptake.log.erased_keys() == sorted(story.uptake.log.record_keys(REGISTER))
    assert titles(story, "news") == titles(story, "act") == []
