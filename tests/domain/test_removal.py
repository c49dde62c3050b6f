"""What is removed before the opening is gone, and its id can be used again; after it nothing is removed."""

import pytest
from msgspec import convert
from msgspec.structs import replace

from domain import commands as c
from domain.batch import BatchRefused
from domain.codes import Direction, Position, RelationKind, SourceClass
from domain.evidence.aggregate import Evidence
from domain.ids import evidence_id, recommendation_id
from domain.recommendation.aggregate import Recommendation
from domain.values import (
    Body,
    DevelopmentFacts,
    EvidenceFacts,
    EvidenceText,
    RecommendationFacts,
    RegisterSettings,
    Relation,
    ResponseFacts,
    ReviewSchedule,
    Theme,
)
from tests.support.story import REGISTER, Story, propose, without_envelope
from tests.support.uptake import BareUptake


@pytest.fixture
def story(uptake: BareUptake) -> Story:
    return Story(uptake).evidence("act").evidence("news").recommendation().criteria()


def note_again(story: Story, key: str) -> Story:
    """Note the source “act” with a text under another key."""
    facts = convert({"id": "act", "publisher": "Gazette", "source_class": "official"}, EvidenceFacts)
    text = EvidenceText(title="The act", summary="It says.")
    story.do(c.NoteEvidence(REGISTER, facts=facts, text=text, key=key, salt="s"))
    return story


def remove(story: Story, command: c.Command) -> dict[str, object]:
    """Remove something; returns the event, which no one outside sees."""
    (event,) = story.events_of(command)
    assert not event.PUBLIC
    return without_envelope(event)


def test_a_recommendation_is_removed_with_its_assessments_and_registered_again(story: Story) -> None:
    made = story.published(evidence=("act",))
    told = remove(story, c.RemoveRecommendation(REGISTER, recommendation="post"))
    assert (told["topic"], told["recorded_by"]) == ("recommendation.removed", "ana")
    assert story.refused(propose()) == ["There is no recommendation “post” in “r”."]
    story.recommendation("post", theme="laws").criteria()
    assert story.published(evidence=("act",)) == made
    assert story.refused(c.RegisterRecommendation(REGISTER, facts=_facts(story))) == [
        "There is already a recommendation “post”."
    ]


def _facts(story: Story) -> RecommendationFacts:
    return story.uptake.tracker.load(Recommendation, recommendation_id(REGISTER, "post")).facts


def test_an_id_of_an_assessment_is_used_by_another_recommendation(story: Story) -> None:
    story.recommendation("law").criteria(recommendation="law")
    story.propose(id="first", evidence=("act",))
    story.do(c.RemoveAssessment(REGISTER, recommendation="post", assessment="first"))
    assert story.propose("law", id="first", evidence=("act",)) == "first"
    assert story.refused(c.RemoveAssessment(REGISTER, recommendation="post", assessment="first")) == [
        "There is no assessment “first”."
    ]


def said(ident: str = "said") -> ResponseFacts:
    return ResponseFacts(
        id=ident, body="ministry", position=Position.NOTES, given_on="2024", summary="It noted it.", evidence=("act",)
    )


def test_a_recommendation_with_a_response_is_removed_after_it(story: Story) -> None:
    story.do(c.ProposeResponse(REGISTER, recommendation="post", facts=said()))
    removal = c.RemoveRecommendation(REGISTER, recommendation="post")
    assert story.refused(removal) == ["“said” refers to “post”. Change or remove it first."]
    assert remove(story, c.RemoveResponse(REGISTER, recommendation="post", response="said")) == {
        "topic": "response.removed",
        "recommendation": "post",
        "response": "said",
        "recorded_by": "ana",
        "based_on": 1,
        "originator_version": 2,
    }
    assert story.refused(c.PublishResponse(REGISTER, recommendation="post", response="said")) == [
        "There is no response “said” to “post”."
    ]
    story.do(c.ProposeResponse(REGISTER, recommendation="post", facts=said()))
    story.do(c.PublishResponse(REGISTER, recommendation="post", response="said"), by="ben")
    remove(story, c.RemoveResponse(REGISTER, recommendation="post", response="said"))
    remove(story, removal)


def test_a_recommendation_is_removed_after_a_relation_to_it(story: Story) -> None:
    story.recommendation("law")
    renews = Relation(relation=RelationKind.RENEWS, to="post")
    story.do(c.StateRelation(REGISTER, recommendation="law", relation=renews))
    removal = c.RemoveRecommendation(REGISTER, recommendation="post")
    assert story.refused(removal) == [
        "“post” cannot be removed, because others are related to it: law. Remove those relations first."
    ]
    relation = c.RemoveRelation(REGISTER, recommendation="law", relation=RelationKind.RENEWS, to="r:post")
    assert remove(story, relation) == {
        "topic": "recommendation.relation_removed",
        "recommendation": "law",
        "relation": "renews",
        "to": "post",
        "recorded_by": "ana",
        "based_on": 2,
        "originator_version": 3,
    }
    assert story.refused(relation) == ["“law” has no such relation to “post”."]
    remove(story, removal)


def test_responses_and_relations_of_an_open_register_are_withdrawn(story: Story) -> None:
    story.recommendation("law")
    story.do(c.ProposeResponse(REGISTER, recommendation="post", facts=said()))
    renews = Relation(relation=RelationKind.RENEWS, to="post")
    story.do(c.StateRelation(REGISTER, recommendation="law", relation=renews))
    story.do(c.OpenRegister(REGISTER, origin="x"))
    for command in (
        c.RemoveResponse(REGISTER, recommendation="post", response="said"),
        c.RemoveRelation(REGISTER, recommendation="law", relation=RelationKind.RENEWS, to="post"),
    ):
        assert story.refused(command) == ["The register is open, so nothing is removed. Withdraw it, and say why."]


def test_what_is_referred_to_is_not_removed(story: Story) -> None:
    story.do(c.NameTheme(REGISTER, theme=Theme(id="offices", title="Offices")))
    story.do(c.NameBody(REGISTER, body=Body(id="office", name="Office", parent="ministry")))
    story.propose(evidence=("act",))
    development = DevelopmentFacts(
        id="fall", date="2021", summary="It fell.", recommendations=("post",), direction=Direction.SETS_BACK
    )
    story.do(c.RecordDevelopment(REGISTER, development=development))
    refers = "“{}” refers to “{}”. Change or remove it first.".format
    assert story.refused(c.RemoveTheme(REGISTER, theme="offices")) == [refers("post", "offices")]
    assert story.refused(c.RemovePublication(REGISTER, publication="report")) == [refers("post", "report")]
    assert story.refused(c.RemoveBody(REGISTER, body="ministry")) == [refers("post", "ministry")]
    assert story.refused(c.RemoveEvidence(REGISTER, evidence="act")) == [refers("post", "act")]
    assert story.refused(c.RemoveRecommendation(REGISTER, recommendation="post")) == [refers("fall", "post")]
    remove(story, c.RemoveDevelopment(REGISTER, development="fall"))
    remove(story, c.RemoveRecommendation(REGISTER, recommendation="post"))
    assert story.refused(c.RemoveBody(REGISTER, body="ministry")) == [refers("office", "ministry")]
    for command in (
        c.RemoveTheme(REGISTER, theme="offices"),
        c.RemovePublication(REGISTER, publication="report"),
        c.RemoveBody(REGISTER, body="office"),
        c.RemoveBody(REGISTER, body="ministry"),
        c.RemoveEvidence(REGISTER, evidence="act"),
    ):
        remove(story, command)
    assert story.refused(c.RemoveTheme(REGISTER, theme="offices")) == ["There is nothing called “offices” here."]
    story.do(c.NameTheme(REGISTER, theme=Theme(id="offices", title="Offices")))
    story.do(c.RecordDevelopment(REGISTER, development=replace(development, recommendations=())))
    note_again(story, "second")


def test_a_review_is_removed_and_scheduled_again(story: Story) -> None:
    schedule = c.ScheduleReview(REGISTER, schedule=ReviewSchedule(id="ten", title="Ten years", as_of="2030-01-01"))
    story.do(schedule)
    remove(story, c.RemoveReview(REGISTER, review="ten"))
    assert story.refused(c.RemoveReview(REGISTER, review="ten")) == ["There is no review “ten” in this register."]
    story.do(schedule)


def test_an_element_and_success_criteria_are_removed_before_what_rests_on_them(story: Story) -> None:
    story.recommendation("parts").element("oath", recommendation="parts").criteria("oath", "parts")
    story.element("pay", core=False, recommendation="parts")
    made = story.propose("parts", element="oath", evidence=("act",))
    oath = c.RemoveElement(REGISTER, recommendation="parts", element="oath")
    assert story.refused(oath) == [f"“oath” has assessments: {made}. Remove them first."]
    criteria = c.RemoveCriteria(REGISTER, recommendation="parts", element="oath")
    assert story.refused(criteria) == [f"Assessments were judged by these success criteria: {made}. Remove them first."]
    remove(story, c.RemoveAssessment(REGISTER, recommendation="parts", assessment=made))
    remove(story, criteria)
    assert story.refused(criteria) == ["There are no success criteria of “oath” to remove."]
    assert story.refused(oath) == ["At least one element of “parts” must be a core one."]
    remove(story, c.RemoveElement(REGISTER, recommendation="parts", element="pay"))
    remove(story, oath)
    assert story.refused(oath) == ["“parts” has no element “oath”."]


def test_nothing_is_removed_from_an_open_register(story: Story) -> None:
    made = story.published(evidence=("act",))
    story.do(c.OpenRegister(REGISTER, origin="x"))
    amend = "The register is open, so nothing is removed. Amend it, and say why."
    withdraw = "The register is open, so nothing is removed. Withdraw it, and say why."
    keep = "The register is open, so nothing is removed. Its record stays."
    post = {"recommendation": "post"}
    for command, sentence in (
        (c.RemoveTheme(REGISTER, theme="x"), amend),
        (c.RemovePublication(REGISTER, publication="report"), amend),
        (c.RemoveBody(REGISTER, body="ministry"), amend),
        (c.RemoveReview(REGISTER, review="x"), amend),
        (c.RemoveEvidence(REGISTER, evidence="news"), amend),
        (c.RemoveElement(REGISTER, **post, element="x"), amend),
        (c.RemoveDevelopment(REGISTER, development="x"), keep),
        (c.RemoveCriteria(REGISTER, **post), keep),
        (c.RemoveRecommendation(REGISTER, **post), withdraw),
        (c.RemoveAssessment(REGISTER, **post, assessment=made), withdraw),
        (c.DiscardRegister(REGISTER), "The register “r” was opened, so it stays. Withdraw what is wrong in it."),
    ):
        assert story.refused(command) == [sentence]


def test_a_discarded_register_leaves_its_ids_to_another(story: Story) -> None:
    made = story.published(evidence=("act",))
    told = remove(story, c.DiscardRegister(REGISTER))
    assert (told["topic"], told["recorded_by"]) == ("register.discarded", "ana")
    assert story.refused(c.OpenRegister(REGISTER, origin="x")) == ["There is no register “r”."]
    again = Story(story.uptake)
    assert again.refused(propose()) == ["There is no recommendation “post” in “r”."]
    assert story.uptake.tracker.find(Evidence, evidence_id(REGISTER, "act")) is None
    note_again(again, "second").recommendation().criteria()
    assert again.published(evidence=("act",)) == made
    again.do(c.DiscardRegister(REGISTER))
    third = note_again(Story(story.uptake), "third").recommendation().criteria()
    assert third.published(evidence=("act",)) == made


def test_a_register_is_not_discarded_and_established_in_one_step(uptake: BareUptake, story: Story) -> None:
    settings = RegisterSettings(id=REGISTER, title="Another")
    with pytest.raises(BatchRefused, match="Discard the register first, and use its id again in a second step."):
        uptake.execute_all([c.DiscardRegister(REGISTER), c.EstablishRegister(REGISTER, settings=settings)], by="ana")


# Sources


def amended(**changes: object) -> c.AmendEvidence:
    facts = convert({"id": "act", "publisher": "Gazette", "source_class": "official", **changes}, EvidenceFacts)
    text = EvidenceText(title="The act", url="https://example.org/moved", summary="It says.")
    return c.AmendEvidence(REGISTER, facts=facts, text=text, key="new-key", salt="s", why="It moved.")


def test_a_source_is_amended_with_a_reason_once_something_public_rests_on_it(story: Story) -> None:
    private = without_envelope(story.events_of(amended())[0])
    assert (private["topic"], private["record"]) == ("evidence.note_amended", "new-key")
    story.published(evidence=("act",))
    story.do(c.OpenRegister(REGISTER, origin="x"))
    silent = replace(amended(), key="newer-key", why=" ")
    assert story.refused(silent) == ["Enter why you changed it. The reason is public."]
    (event,) = story.events_of(replace(silent, why="It moved again."))
    told = without_envelope(event)
    assert (told["topic"], told["why"], event.PUBLIC) == ("evidence.amended", "It moved again.", True)
    wrong = replace(amended(publisher=" ", published_on="soon"), key="newest-key")
    assert story.refused(wrong) == [
        "Enter a value. This cannot be empty.",
        "“soon” is not a date. Write 2024, 2024-05 or 2024-05-20.",
    ]
    missing = replace(amended(), facts=replace(amended().facts, id="none"))
    assert story.refused(missing) == ["There is no evidence “none” in this register."]


def test_a_source_class_changes_only_with_the_assessments_that_rest_on_it(uptake: BareUptake, story: Story) -> None:
    made = story.published(evidence=("act",), status="announced")
    change = amended(source_class=SourceClass.RECORD)
    assert story.refused(change) == [
        f"The confidence of published assessments rests on this source class: {made}. Replace each of them in the "
        "same step."
    ]
    replacement = propose(evidence=("act", "news"), status="announced", reason="first_assessment").assessment
    withdrawal = c.WithdrawAssessment(
        REGISTER, recommendation="post", assessment=made, reason="The class was wrong.", replacement=replacement
    )
    before = uptake.log.last()[0]
    uptake.execute_all([change, withdrawal], by="ben")
    assert uptake.log.last()[0] > before
