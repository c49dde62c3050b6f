"""Facts that no bundle could hold are refused by every road, so that what is stored can be exported and read back."""

import pytest
from msgspec.structs import replace

from domain import commands as c
from domain.codes import Kind
from domain.ids import recommendation_id
from domain.recommendation.aggregate import Recommendation
from domain.values import Body, BodyMerge, DeadlineFacts, RecommendationFacts, Theme
from tests.support.story import REGISTER, Story
from tests.support.uptake import BareUptake


@pytest.fixture
def post(uptake: BareUptake) -> Story:
    return Story(uptake).recommendation()


def _facts(uptake: BareUptake) -> RecommendationFacts:
    return uptake.tracker.load(Recommendation, recommendation_id(REGISTER, "post")).facts


@pytest.mark.parametrize("position", [-1, 10**9, 2**63 - 1])
def test_a_position_has_limits(post: Story, position: int) -> None:
    theme = Theme(id="laws", title="Laws", position=position)
    assert post.refused(c.NameTheme(REGISTER, theme=theme)) == ["Enter a position from 0 to 999999999."]


def test_an_id_is_one_that_an_address_can_hold(post: Story) -> None:
    deadline = DeadlineFacts(id="a/b <x>", due_on="2024", stated_on="2020", stated_by="report")
    assert post.refused(c.StateDeadline(REGISTER, recommendation="post", deadline=deadline)) == [
        "“a/b <x>” is not an id. Use at most 80 lower-case letters, digits and hyphens, starting with a letter or a "
        "digit."
    ]


def test_lists_keep_their_entries(uptake: BareUptake, post: Story) -> None:
    facts = replace(_facts(uptake), aliases=("a;b",), indicators=("one", "one"))
    assert post.refused(c.AmendRecommendation(REGISTER, recommendation="post", fact=facts)) == [
        "“a;b” has a semicolon, which separates the entries of a list. Use a comma.",
        "The list names the same thing twice.",
    ]


def test_only_texts_have_translations(post: Story) -> None:
    deadline = DeadlineFacts(
        id="d", due_on="2024", stated_on="2020", stated_by="report", translations={"ko": {"due_on": "2025"}}
    )
    assert post.refused(c.StateDeadline(REGISTER, recommendation="post", deadline=deadline)) == [
        "“due_on” has no translations. Leave them out."
    ]


def test_a_recommendation_is_asked_of_a_body_that_is_still_named(post: Story) -> None:
    facts = RecommendationFacts(
        id="law",
        title="Law",
        summary="A law.",
        kind=Kind.ONE_OFF,
        theme="laws",
        addressees=(),
        publication="report",
        recommended_on="2020",
    )
    assert post.refused(c.RegisterRecommendation(REGISTER, facts=facts)) == ["Enter at least one body that is asked."]
    post.do(c.NameBody(REGISTER, body=Body(id="agency", name="Agency")))
    merge = BodyMerge(body="agency", into="ministry", on="2020", why="A reform.")
    post.do(c.MergeBodies(REGISTER, merge=merge))
    named = c.RegisterRecommendation(REGISTER, facts=replace(facts, addressees=("agency",)))
    assert post.refused(named) == ["“agency” was merged into “ministry”. Name “ministry”."]


def test_bodies_are_merged_from_a_day_that_has_come(post: Story) -> None:
    post.do(c.NameBody(REGISTER, body=Body(id="agency", name="Agency")))
    merge = BodyMerge(body="agency", into="ministry", on="2999-01-01", why="A reform.")
    (sentence,) = post.refused(c.MergeBodies(REGISTER, merge=merge))
    assert sentence.startswith("2999-01-01 is after today, ")
