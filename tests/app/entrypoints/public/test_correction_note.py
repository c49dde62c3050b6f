"""After a withdrawal or a correction, the page says first what it said before, and links to itself as it was."""

import re

import pytest

from app.bootstrap.flask_app import create_app
from app.services.container import Services
from domain import commands as c
from domain.codes import Reason, Status
from tests.support.pages import Browser, Page
from tests.support.story import Story

ITEM = "/r/recommendations/post/"


@pytest.fixture
def story(services: Services) -> Story:
    """A register that opened with one recommendation partly implemented."""
    story = Story(services)
    story.evidence("official").recommendation("post").criteria()
    story.published("post", effective_on="2024-06-17", status=Status.PARTLY)
    story.do(c.OpenRegister("r", origin="x"))
    services.clock.go_on(days=3)  # type: ignore[attr-defined]
    return story


def read(services: Services, **query: str) -> Page:
    return Browser(create_app(services).test_client()).get(ITEM, **query)


def correct(story: Story, **assessment: str) -> None:
    fields = {"effective_on": "2024-06-12", "status": Status.PARTLY, "reason": Reason.OUR_CORRECTION}
    story.published("post", rationale="The source was printed five days later.", **(fields | assessment))


def test_a_corrected_day_is_said_with_the_earlier_one(story: Story, services: Services) -> None:
    assert "We said" not in read(services).text
    correct(story)
    page = read(services)
    assert (
        "Corrected on 4 March 2026 We said: Partly implemented, since 17 June 2024. "
        "Now: Partly implemented, since 12 June 2024. The source was printed five days later. Read it as it was"
    ) in page.text
    (link,) = [link for link in page.links() if "known_at" in link and "2026-03-04T" in link and ITEM in link][:1]
    earlier = Browser(create_app(services).test_client()).get(link)
    assert "since 17 June 2024" in earlier.text
    assert "We said" not in earlier.text


def test_a_withdrawal_says_what_is_left(story: Story, services: Services) -> None:
    made = story.published("post", effective_on="2025-01-01", status=Status.IN_PROGRESS, reason=Reason.WORLD_CHANGED)
    services.clock.go_on(days=1)  # type: ignore[attr-defined]
    story.do(c.WithdrawAssessment("r", recommendation="post", assessment=made, reason="It was another post."), by="ben")
    text = read(services).text
    assert "We said: In progress, since 1 January 2025. Now: Partly implemented, since 17 June 2024." in text
    assert "It was another post." in text
    assert "We said" not in read(services, as_of="2024-12-31").text, "nothing about this day was corrected"


def test_what_was_withdrawn_and_published_again_on_a_day_is_one_correction(story: Story, services: Services) -> None:
    made = story.published("post", effective_on="2025-01-01", status=Status.IN_PROGRESS, reason=Reason.WORLD_CHANGED)
    services.clock.go_on(days=1)  # type: ignore[attr-defined]
    story.do(c.WithdrawAssessment("r", recommendation="post", assessment=made, reason="A wrong day."), by="ben")
    story.published("post", effective_on="2025-02-01", status=Status.IN_PROGRESS, reason=Reason.WORLD_CHANGED)
    assert "We said: In progress, since 1 January 2025. Now: In progress, since 1 February 2025." in read(services).text


def test_a_later_change_in_the_world_ends_the_note(story: Story, services: Services) -> None:
    correct(story)
    services.clock.go_on(days=2)  # type: ignore[attr-defined]
    later = {"cause": "repealed", "reason": Reason.WORLD_CHANGED}
    story.published("post", effective_on="2026-03-05", status=Status.REVERSED, **later)
    assert "We said" not in read(services).text


def test_a_recommendation_that_was_withdrawn_says_what_it_said(story: Story, services: Services) -> None:
    story.do(c.WithdrawRecommendation("r", recommendation="post", reason="Entered twice."), by="dia")
    text = re.sub(r"\s+", " ", read(services).text)
    assert "We said: Partly implemented, since 17 June 2024. Now: not on the scorecard. Entered twice." in text


def test_feed_and_page_of_corrections_say_what_the_note_says(story: Story, services: Services) -> None:
    correct(story)
    words = (
        "We said: Partly implemented, since 17 June 2024. Now: Partly implemented, since 12 June 2024. "
        "The source was printed five days later."
    )
    browser = Browser(create_app(services).test_client())
    page = browser.get("/r/corrections/")
    assert words in page.text
    (earlier,) = [link for link in page.links() if "known_at" in link]
    assert "since 17 June 2024" in browser.get(earlier).text
    (item,) = browser.client.get("/r/corrections.json").json["items"]  # type: ignore[index]
    assert item["content_text"].startswith(words)
    assert item["content_text"].endswith(f"Read it as it was: http://127.0.0.1:8000{earlier}")
    assert f'rel="related" type="text/html" href="http://127.0.0.1:8000{earlier.replace("&", "&amp;")}"' in (
        browser.client.get("/r/corrections.atom").text
    )


def test_a_corrected_past_day_is_named(story: Story, services: Services) -> None:
    """The status of today is still the same."""
    story.published("post", effective_on="2025-01-01", status=Status.IN_PROGRESS, reason=Reason.WORLD_CHANGED)
    services.clock.go_on(days=1)  # type: ignore[attr-defined]
    correct(story, effective_on="2024-06-17", status=Status.ANNOUNCED)
    text = Browser(create_app(services).test_client()).get("/r/corrections/").text
    assert (
        "17 June 2024: We said: Partly implemented, since 17 June 2024. Now: Announced, since 17 June 2024."
    ) in text


def test_a_withdrawn_recommendation_says_what_it_said(story: Story, services: Services) -> None:
    story.do(c.WithdrawRecommendation("r", recommendation="post", reason="Entered twice."), by="dia")
    text = Browser(create_app(services).test_client()).get("/r/corrections/").text
    assert "We said: Partly implemented, since 17 June 2024. Now: not on the scorecard. Entered twice." in text
