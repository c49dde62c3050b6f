"""What bodies say about what they were asked: given, when, then."""

from typing import Any

import msgspec
import pytest

from domain import commands as c
from domain.errors import Conflict, NotFound
from domain.evidence.events import EvidenceDisclosed
from domain.response.events import ResponsePublished
from domain.values import Addressee, Body, BodyMerge, ResponseFacts
from tests.support.story import REGISTER, Story, without_envelope
from tests.support.uptake import BareUptake

OF = {"recommendation": "post", "response": "post-ministry-2021-02-03"}
PUBLISH = c.PublishResponse(REGISTER, **OF)


def respond(**fields: Any) -> c.ProposeResponse:
    usual = {
        "id": "",
        "body": "ministry",
        "position": "accepts",
        "given_on": "2021-02-03",
        "summary": "It will appoint an envoy.",
        "evidence": ("letter",),
    }
    return c.ProposeResponse(REGISTER, recommendation="post", facts=msgspec.convert(usual | fields, ResponseFacts))


@pytest.fixture
def story(uptake: BareUptake) -> Story:
    story = Story(uptake).evidence("letter").evidence("official").recommendation()
    for body in (Body(id="cabinet", name="Cabinet"), Body(id="office", name="Office", parent="ministry")):
        story.do(c.NameBody(REGISTER, body=body))
    return story


def test_a_response_is_proposed_in_private_and_published_with_its_sources(story: Story) -> None:
    (proposed,) = story.events_of(respond())
    facts = {
        "id": "post-ministry-2021-02-03",
        "body": "ministry",
        "position": "accepts",
        "given_on": "2021-02-03",
        "summary": "It will appoint an envoy.",
        "evidence": ["letter"],
        "proposed_by": "ana",
    }
    assert without_envelope(proposed) == {
        "topic": "response.proposed",
        "originator_version": 1,
        "recorded_by": "ana",
        "based_on": 0,
        "recommendation": "post",
        "facts": facts,
    }
    assert not proposed.PUBLIC
    disclosed, published = story.events_of(PUBLISH, by="ben")
    assert isinstance(disclosed, EvidenceDisclosed) and disclosed.facts.id == "letter"
    assert without_envelope(published) == {
        "topic": "response.published",
        "originator_version": 2,
        "recorded_by": "ben",
        "based_on": 1,
        "recommendation": "post",
        "facts": facts,
        "published_by": "ben",
    }
    assert story.refused(PUBLISH, by="ben") == ["“post-ministry-2021-02-03” is already published."]


def test_ids_count_on_and_are_used_once(story: Story) -> None:
    assert story.do(respond()) == "post-ministry-2021-02-03"
    assert story.do(respond()) == "post-ministry-2021-02-03-2"
    assert story.refused(respond(id="post-ministry-2021-02-03")) == [
        "There is already a response “post-ministry-2021-02-03”."
    ]


@pytest.mark.parametrize(
    ("fields", "sentences"),
    [
        ({"evidence": ()}, ["Cite at least one source for the response."]),
        ({"evidence": ("letter", "none")}, ["There is no evidence “none” in this register."]),
        ({"summary": " "}, ["Enter what the body said, in a sentence or two."]),
        ({"body": "nowhere"}, ["There is no body “nowhere” in this register."]),
        (
            {"body": "cabinet"},
            ["“post” was never addressed to “cabinet”, so it cannot respond. Choose one of: ministry."],
        ),
        ({"given_on": "May"}, ["“May” is not a date. Write 2024, 2024-05 or 2024-05-20."]),
        ({"element": "first"}, ["“post” has no element “first”."]),
        ({"assessment": "a-1"}, ["“a-1” is not a published assessment of what the response is about."]),
    ],
)
def test_what_is_no_response_is_refused(story: Story, fields: dict[str, Any], sentences: list[str]) -> None:
    assert story.refused(respond(**fields)) == sentences


def test_a_response_is_not_given_after_the_day_of_publishing(story: Story) -> None:
    tomorrow = story.uptake.clock().date().replace(year=2090)
    (sentence,) = story.refused(respond(given_on=tomorrow.isoformat()))
    assert sentence.startswith(f"The response was given on {tomorrow.isoformat()}, after the day of publishing (")


def test_a_department_answers_what_its_ministry_was_asked_and_the_ministry_for_it(story: Story) -> None:
    assert story.do(respond(body="office")) == "post-office-2021-02-03"
    story.recommendation("other", addressees=("office",))
    command = msgspec.structs.replace(respond(), recommendation="other")
    assert story.do(command) == "other-ministry-2021-02-03"


def test_the_body_that_a_merged_one_became_part_of_responds(story: Story) -> None:
    assert "was never addressed to “cabinet”" in story.refused(respond(body="cabinet"))[0]
    merge = BodyMerge(body="ministry", into="cabinet", on="2020-12-31", why="A reform.")
    story.do(c.MergeBodies(REGISTER, merge=merge))
    assert story.do(respond(body="cabinet")) == "post-cabinet-2021-02-03"


def test_a_body_that_was_asked_for_a_time_or_about_a_part_responds(story: Story) -> None:
    story.element("first").element("second")
    rows = (
        Addressee(body="ministry"),
        Addressee(body="office", to_on="2020-12-31"),
        Addressee(body="cabinet", element="first"),
    )
    story.do(c.AmendAddressees(REGISTER, recommendation="post", addressees=rows, why="It was so."))
    for fields in ({"body": "cabinet", "element": "first"}, {"body": "cabinet"}, {"body": "office"}):
        story.do(respond(**fields))
    assert story.refused(respond(body="cabinet", element="second")) == [
        "“post” was never addressed to “cabinet”, so it cannot respond. Choose one of: ministry, office."
    ]


def test_a_body_replies_to_a_published_assessment(story: Story) -> None:
    story.criteria()
    made = story.propose()
    assert story.refused(respond(assessment=made)) == [
        f"“{made}” is not a published assessment of what the response is about."
    ]
    story.do(c.PublishAssessment(REGISTER, recommendation="post", assessment=made), by="ben")
    reply = story.do(respond(assessment=made, position="disputes"))
    *_, event = story.events_of(c.PublishResponse(REGISTER, recommendation="post", response=reply), by="ben")
    assert isinstance(event, ResponsePublished) and event.facts.assessment == made


@pytest.mark.parametrize(
    ("peer_review", "position", "refused"),
    [
        ("high_stakes", "accepts", False),
        ("high_stakes", "rejects", True),
        ("high_stakes", "disputes", True),
        ("always", "accepts", True),
        ("never", "disputes", False),
    ],
)
def test_rule_9_holds_as_the_register_has_it(
    uptake: BareUptake, peer_review: str, position: str, refused: bool
) -> None:
    story = Story(uptake, peer_review=peer_review).evidence("letter").recommendation()
    story.do(respond(position=position))
    withdraw = c.WithdrawResponse(REGISTER, **OF, reason="It was another body.")
    if refused:
        assert story.refused(PUBLISH) == ["Someone other than its proposer must publish this response (rule 9)."]
        story.do(PUBLISH, by="ben")
    else:
        story.do(PUBLISH)
    if peer_review != "never":
        assert story.refused(withdraw) == ["Someone other than its proposer must withdraw it (rule 9)."]
    story.do(withdraw, by="ben" if peer_review != "never" else "ana")


def test_a_response_is_declined(story: Story) -> None:
    story.do(respond())
    assert story.refused(c.DeclineResponse(REGISTER, **OF, why=" "), by="ben") == [
        "Enter why you decline the proposal."
    ]
    (event,) = story.events_of(c.DeclineResponse(REGISTER, **OF, why="The letter is a draft."), by="ben")
    assert without_envelope(event) == {
        "topic": "response.declined",
        "originator_version": 2,
        "recorded_by": "ben",
        "based_on": 1,
        "recommendation": "post",
        "response": "post-ministry-2021-02-03",
        "why": "The letter is a draft.",
    }
    assert story.refused(PUBLISH, by="ben") == ["“post-ministry-2021-02-03” was declined."]


def test_a_response_is_withdrawn_with_a_public_reason(story: Story) -> None:
    story.do(respond())
    withdraw = c.WithdrawResponse(REGISTER, **OF, reason="It was another letter.")
    assert story.refused(withdraw, by="ben") == [
        "“post-ministry-2021-02-03” is not published, so it cannot be withdrawn."
    ]
    story.do(PUBLISH, by="ben")
    assert story.refused(c.WithdrawResponse(REGISTER, **OF, reason=""), by="ben") == [
        "Enter why it is withdrawn. The reason is public."
    ]
    (event,) = story.events_of(withdraw, by="ben")
    assert without_envelope(event) == {
        "topic": "response.withdrawn",
        "originator_version": 3,
        "recorded_by": "ben",
        "based_on": 2,
        "recommendation": "post",
        "response": "post-ministry-2021-02-03",
        "body": "ministry",
        "reason": "It was another letter.",
        "withdrawn_by": "ben",
    }
    assert story.refused(withdraw, by="ben") == ["“post-ministry-2021-02-03” is already withdrawn."]


def test_a_decision_belongs_to_the_version_it_was_made_on(story: Story) -> None:
    story.do(respond())
    with pytest.raises(Conflict, match="Another person changed this response"):
        story.do(c.PublishResponse(REGISTER, **OF, expected_version=2), by="ben")
    with pytest.raises(NotFound, match="There is no response “none” to “post”"):
        story.do(c.PublishResponse(REGISTER, recommendation="post", response="none"), by="ben")
    story.recommendation("other")
    with pytest.raises(NotFound, match="to “other”"):
        story.do(c.PublishResponse(REGISTER, recommendation="other", response=OF["response"]), by="ben")
    story.do(c.PublishResponse(REGISTER, **OF, expected_version=1), by="ben")


def test_a_withdrawn_recommendation_takes_no_response(story: Story) -> None:
    story.do(respond())
    story.do(c.WithdrawRecommendation(REGISTER, recommendation="post", reason="Twice."), by="ben")
    assert story.refused(respond()) == ["“post” is withdrawn, so you cannot add to it."]
    assert story.refused(PUBLISH, by="ben") == ["“post” is withdrawn, so you cannot add to it."]
