"""Each command of the staff as given, when, then: the exact events, and the words of each refusal."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain import commands as c
from domain.codes import Direction, Kind
from domain.ids import recommendation_id
from domain.recommendation.aggregate import Recommendation
from domain.times import instant
from domain.values import (
    Body,
    DevelopmentFacts,
    Element,
    Publication,
    RegisterSettings,
    ReviewSchedule,
    SuccessCriteria,
    Theme,
)
from tests.support.story import REGISTER, Story, assessment, propose, without_envelope
from tests.support.uptake import BareUptake


@pytest.fixture
def story(uptake: BareUptake) -> Story:
    return Story(uptake).evidence("official").evidence("news", "news").evidence("search", "null_search")


@pytest.fixture
def ready(story: Story) -> Story:
    """A recommendation with an approved card."""
    return story.recommendation().criteria()


def publish(assessment: str, **more: object) -> c.PublishAssessment:
    return c.PublishAssessment(REGISTER, recommendation="post", assessment=assessment, **more)  # type: ignore[arg-type]


def withdraw(assessment: str, reason: str = "An error.", replaced_by: str = "") -> c.WithdrawAssessment:
    return c.WithdrawAssessment(
        REGISTER, recommendation="post", assessment=assessment, reason=reason, replaced_by=replaced_by
    )


# Registers


def test_a_register_is_established_once(story: Story) -> None:
    again = c.EstablishRegister(REGISTER, settings=RegisterSettings(id=REGISTER, title="Another"))
    assert story.refused(again) == ["There is already a register “r”."]


def test_opening_a_register_names_its_origin(story: Story) -> None:
    (event,) = story.events_of(c.OpenRegister(REGISTER, origin="tracker.example.org"))
    assert without_envelope(event) == {
        "topic": "register.opened",
        "originator_version": 4,
        "recorded_by": "ana",
        "based_on": 3,
        "origin": "tracker.example.org",
    }
    assert story.refused(c.OpenRegister(REGISTER, origin="x")) == ["The register “r” is already open."]


def test_what_a_register_holds_is_named_once(story: Story) -> None:
    story.do(c.NameTheme(REGISTER, theme=Theme(id="offices", title="Offices")))
    for command, sentence in (
        (c.NameTheme(REGISTER, theme=Theme(id="offices", title="X")), "There is already a theme “offices”."),
        (c.NameBody(REGISTER, body=Body(id="ministry", name="X")), "There is already a body “ministry”."),
        (
            c.AddPublication(
                REGISTER, publication=Publication(id="report", title="X", publisher="P", published_on="2020")
            ),
            "There is already a publication “report”.",
        ),
    ):
        assert story.refused(command) == [sentence]


def test_a_body_is_part_of_a_body_that_is_there(story: Story) -> None:
    sentence = "There is no body “court” in this register to be the parent of “judge”."
    assert story.refused(c.NameBody(REGISTER, body=Body(id="judge", name="Judge", parent="court"))) == [sentence]


def test_a_review_is_scheduled_once(story: Story) -> None:
    command = c.ScheduleReview(REGISTER, schedule=ReviewSchedule(id="ten", title="Ten years on", as_of="2030-01-01"))
    (event,) = story.events_of(command)
    assert without_envelope(event)["schedule"] == {"id": "ten", "title": "Ten years on", "as_of": "2030-01-01"}
    assert story.refused(command) == ["There is already a review “ten”."]


def test_commands_about_an_unknown_register_are_refused(uptake: BareUptake) -> None:
    from domain.errors import NotFound

    with pytest.raises(NotFound, match="There is no register “nowhere”."):
        uptake.execute(c.OpenRegister("nowhere", origin="x"), by="ana")


def test_a_command_names_who_gives_it(story: Story) -> None:
    assert story.refused(c.OpenRegister(REGISTER, origin="x"), by=" ") == ["Say who gives the command."]


# Recommendations, elements, cards


def test_a_recommendation_is_registered_with_what_it_refers_to(story: Story) -> None:
    story.recommendation()
    with pytest.raises(Exception, match="There is already a recommendation “post”."):
        story.recommendation()
    with pytest.raises(Exception, match="There is no body “nobody” in this register. There is no publication “none”"):
        story.recommendation("other", addressees=("nobody",), publication="none")


def test_the_first_element_is_core(story: Story) -> None:
    story.recommendation()
    extra = Element(id="extra", title="X", kind=Kind.ONE_OFF, core=False, done_when="Y.")
    command = c.AddElement(REGISTER, recommendation="post", element=extra)
    assert story.refused(command) == ["The first element of “post” must be a core one."]
    story.element("whole")
    (event,) = story.events_of(command)
    assert without_envelope(event)["element"]["id"] == "extra"
    assert story.refused(command) == ["“post” already has an element “extra”."]


def test_what_was_assessed_as_a_whole_is_not_divided_any_more(ready: Story) -> None:
    ready.published()
    part = Element(id="part", title="X", kind=Kind.ONE_OFF, core=True, done_when="Y.")
    assert ready.refused(c.AddElement(REGISTER, recommendation="post", element=part)) == [
        "“post” has been assessed as a whole, so you cannot divide it into elements."
    ]


def test_a_card_is_approved_by_another_person(story: Story) -> None:
    story.recommendation()
    approve = c.ApproveCriteria(REGISTER, recommendation="post")
    assert story.refused(approve) == ["There are no draft success criteria of “post” to approve."]
    story.do(
        c.DraftCriteria(
            REGISTER, recommendation="post", card=SuccessCriteria(counts="An act.", does_not_count="A word.")
        )
    )
    assert story.refused(approve) == ["Someone other than their author must approve the success criteria (rule 10)."]
    (event,) = story.events_of(approve, by="ben")
    assert without_envelope(event) == {
        "topic": "recommendation.card_approved",
        "originator_version": 3,
        "recorded_by": "ben",
        "based_on": 2,
        "recommendation": "post",
        "card": {"counts": "An act.", "does_not_count": "A word.", "author": "ana"},
        "number": 1,
        "approved_by": "ben",
    }


def test_a_card_is_about_an_item_that_is_there(story: Story) -> None:
    story.recommendation().element("part")
    card = SuccessCriteria(counts="An act.", does_not_count="A word.")
    assert story.refused(c.DraftCriteria(REGISTER, recommendation="post", card=card)) == [
        "“post” has elements. Choose one of them: part."
    ]
    wrong = SuccessCriteria(element="other", counts="An act.", does_not_count="A word.")
    assert story.refused(c.DraftCriteria(REGISTER, recommendation="post", card=wrong)) == [
        "“post” has no element “other”."
    ]


# Evidence and developments


def test_evidence_is_public_once_something_published_rests_on_it(ready: Story) -> None:
    made = ready.propose()
    disclosed, published = ready.events_of(publish(made), by="ben")
    assert without_envelope(disclosed)["topic"] == "evidence.disclosed"
    assert without_envelope(published)["topic"] == "recommendation.assessment_published"


def test_evidence_is_noted_once(story: Story) -> None:
    with pytest.raises(Exception, match="There is already evidence “news”."):
        story.evidence("news")


def test_a_copy_of_a_source_is_kept_once_and_out_of_public(story: Story) -> None:
    keep = c.KeepFile(REGISTER, evidence="news", sha256="ab" * 32, kind="PDF", size=7)
    (event,) = story.events_of(keep)
    assert without_envelope(event) == {
        "topic": "evidence.file_kept",
        "originator_version": 2,
        "recorded_by": "ana",
        "based_on": 1,
        "evidence": "news",
        "sha256": "ab" * 32,
        "kind": "PDF",
        "size": 7,
    }
    assert not event.PUBLIC
    assert story.events_of(keep) == []
    nowhere = c.KeepFile(REGISTER, evidence="nowhere", sha256="ab" * 32, kind="PDF", size=7)
    assert story.refused(nowhere) == ["There is no evidence “nowhere” in this register."]


def test_a_development_refers_to_what_is_there(story: Story) -> None:
    facts = DevelopmentFacts(
        id="d1",
        date="2021",
        summary="It rained.",
        recommendations=("none",),
        direction=Direction.NEUTRAL,
        evidence=("void",),
    )
    assert story.refused(c.RecordDevelopment(REGISTER, development=facts)) == [
        "There is no evidence “void” in this register.",
        "There is no recommendation “none” in “r”.",
    ]
    story.recommendation()
    import msgspec

    right = msgspec.structs.replace(facts, recommendations=("post",), evidence=("news",))
    disclosed, recorded = story.events_of(c.RecordDevelopment(REGISTER, development=right))
    assert [without_envelope(e)["topic"] for e in (disclosed, recorded)] == [
        "evidence.disclosed",
        "development.recorded",
    ]


# Assessments


def test_a_proposal_gets_an_id_made_of_item_and_day(ready: Story) -> None:
    assert ready.propose() == "post-2021-05-20"
    assert ready.propose() == "post-2021-05-20-2"


def test_a_generated_id_has_at_most_eighty_characters(story: Story) -> None:
    long = "a" * 75
    story.recommendation(long)
    first, second = story.propose(long), story.propose(long)
    assert (len(first), second) == (80, first[:78] + "-2")


def test_publishing_carries_all_that_the_public_sees(ready: Story) -> None:
    made = ready.propose(translations={"ko": {"rationale": "때문에."}}, motion="advancing")
    *_, event = ready.events_of(publish(made), by="ben")
    assert without_envelope(event) == {
        "topic": "recommendation.assessment_published",
        "originator_version": 5,
        "recorded_by": "ben",
        "based_on": 4,
        "recommendation": "post",
        "assessment": {
            "id": "post-2021-05-20",
            "status": "announced",
            "effective_on": "2021-05-20",
            "reason": "first_assessment",
            "motion": "advancing",
            "confidence": "medium",
            "rationale": "Because.",
            "translations": {"ko": {"rationale": "때문에."}},
            "evidence": ["official"],
            "proposed_by": "ana",
            "review_by": "2022-05-20",
            "methodology": "uptake-2026.1",
        },
        "published_by": "ben",
        "card": 1,
    }


def test_high_stakes_are_published_by_a_second_person(ready: Story) -> None:
    made = ready.propose(status="implemented")
    assert ready.refused(publish(made)) == [
        "“implemented” must be published by someone other than its proposer (rule 9)."
    ]
    ready.do(publish(made), by="ben")


def test_a_writer_of_an_earlier_version_cannot_publish_high_stakes(ready: Story) -> None:
    made = ready.propose(status="implemented")
    revised = assessment(id=made, status="implemented", rationale="The gazette has it.")
    ready.do(c.ReviseAssessment(REGISTER, recommendation="post", assessment=revised), by="ben")
    assert ready.refused(publish(made)) == [
        "You wrote an earlier version of it, so another person must publish it (rule 9)."
    ]
    ready.do(publish(made), by="cem")


def test_other_statuses_may_be_published_by_their_proposer(ready: Story) -> None:
    ready.do(publish(ready.propose()))


@pytest.mark.parametrize(("setting", "refused"), [("always", True), ("never", False)])
def test_a_register_decides_who_reviews(uptake: BareUptake, setting: str, refused: bool) -> None:
    story = Story(uptake, peer_review=setting).evidence("official").recommendation().criteria()
    status = "announced" if refused else "implemented"
    made = story.propose(status=status)
    if refused:
        assert story.refused(publish(made)) == [
            "“announced” must be published by someone other than its proposer (rule 9)."
        ]
    else:
        story.do(publish(made))
        story.do(withdraw(made))


def test_nothing_is_published_before_its_card_is_approved(story: Story) -> None:
    story.recommendation()
    made = story.propose()
    assert story.refused(publish(made)) == ["Approve the success criteria of “post” first (rule 10)."]


def test_a_proposal_is_published_once(ready: Story) -> None:
    made = ready.published()
    assert ready.refused(publish(made)) == [f"“{made}” is already published."]
    assert ready.refused(publish("nothing")) == ["There is no proposal “nothing”."]


def test_rules_are_asked_again_when_a_proposal_is_published(ready: Story) -> None:
    first, second = ready.propose(), ready.propose(effective_on="2021-06-01")
    ready.do(publish(first), by="ben")
    assert ready.refused(publish(second), by="ben") == [
        "This item already has a published assessment. Choose a reason other than “first assessment” (rule 2)."
    ]


def test_a_declined_proposal_stays_declined(ready: Story) -> None:
    made = ready.propose()
    decline = c.DeclineAssessment(REGISTER, recommendation="post", assessment=made, why="Not yet.")
    assert ready.refused(c.DeclineAssessment(REGISTER, recommendation="post", assessment=made, why=" ")) == [
        "Enter why you decline the proposal."
    ]
    (event,) = ready.events_of(decline, by="ben")
    assert without_envelope(event)["why"] == "Not yet."
    assert ready.refused(publish(made), by="ben") == [f"“{made}” was declined."]


def test_an_author_takes_a_proposal_back_until_someone_decides(ready: Story) -> None:
    made = ready.propose(by="ana")
    take_back = c.TakeBackAssessment(REGISTER, recommendation="post", assessment=made)
    assert ready.refused(take_back, by="ben") == ["Only its author can take a proposal back."]
    (event,) = ready.events_of(take_back, by="ana")
    fields = without_envelope(event)
    assert (fields["topic"], fields["note"]) == ("recommendation.assessment_returned", "")
    assert ready.refused(take_back, by="ana") == ["It is with its author already."]
    assert ready.refused(publish(made), by="ben") == [f"“{made}” was returned to its author, who must revise it first."]
    better = assessment(id=made, rationale="On that day, by law.")
    ready.do(c.ReviseAssessment(REGISTER, recommendation="post", assessment=better), by="ana")
    target = {"recommendation": "post", "assessment": made}
    ready.do(c.ScheduleAssessment(REGISTER, **target, publish_at=instant("2030-01-01T00:00:00Z")), by="ben")
    assert ready.refused(take_back, by="ana") == ["It has been approved, so you can no longer take it back."]


def test_a_returned_proposal_is_revised_before_it_is_published(ready: Story) -> None:
    made = ready.propose()
    return_proposal = c.ReturnAssessment(REGISTER, recommendation="post", assessment=made, note="Name the day.")
    assert ready.refused(c.ReturnAssessment(REGISTER, recommendation="post", assessment=made, note=" "), by="ben") == [
        "Enter what the author must change."
    ]
    (event,) = ready.events_of(return_proposal, by="ben")
    assert without_envelope(event) == {
        "topic": "recommendation.assessment_returned",
        "originator_version": 5,
        "recorded_by": "ben",
        "based_on": 4,
        "recommendation": "post",
        "assessment": made,
        "note": "Name the day.",
    }
    assert not event.PUBLIC
    assert ready.refused(return_proposal, by="ben") == [
        f"“{made}” has already been returned. Its author has not revised it yet."
    ]
    assert ready.refused(publish(made), by="ben") == [f"“{made}” was returned to its author, who must revise it first."]
    better = assessment(id=made, rationale="On that day, by law.")
    (event,) = ready.events_of(c.ReviseAssessment(REGISTER, recommendation="post", assessment=better), by="cem")
    told = without_envelope(event)["assessment"]
    assert (told["rationale"], told["proposed_by"]) == ("On that day, by law.", "cem")
    ready.do(publish(made), by="ben")


def test_a_scheduled_publication_is_called_off_and_the_proposal_is_open_as_before(ready: Story) -> None:
    made = ready.propose()
    unschedule = c.UnscheduleAssessment(REGISTER, recommendation="post", assessment=made)
    assert ready.refused(unschedule, by="ben") == ["The publication is not scheduled, so there is nothing to call off."]
    ready.do(
        c.ScheduleAssessment(
            REGISTER, recommendation="post", assessment=made, publish_at=instant("2030-01-01T00:00:00Z")
        ),
        by="ben",
    )
    (event,) = ready.events_of(unschedule, by="cem")
    assert without_envelope(event)["topic"] == "recommendation.assessment_unscheduled"
    assert not event.PUBLIC
    assert ready.refused(unschedule, by="ben") == ["The publication is not scheduled, so there is nothing to call off."]
    ready.do(publish(made), by="ben")
    assert ready.refused(unschedule, by="ben") == [f"“{made}” is already published."]


def test_a_revised_proposal_is_judged_like_any_other(ready: Story) -> None:
    made = ready.propose()
    wrong = assessment(id=made, cause="repealed")
    (sentence,) = ready.refused(c.ReviseAssessment(REGISTER, recommendation="post", assessment=wrong), by="ana")
    assert "cause" in sentence
    gone = assessment(id="never", rationale="x")
    assert ready.refused(c.ReviseAssessment(REGISTER, recommendation="post", assessment=gone), by="ana") == [
        "There is no proposal “never”."
    ]


def test_a_proposal_is_approved_for_an_hour_that_lies_ahead(ready: Story) -> None:
    made = ready.propose()
    now = ready.uptake.clock()
    hour = now + timedelta(days=2)

    def schedule(at: datetime) -> c.ScheduleAssessment:
        return c.ScheduleAssessment(REGISTER, recommendation="post", assessment=made, publish_at=at)

    assert ready.refused(schedule(now), by="ben") == [
        "The time has already passed. Publish it now, or choose a later time."
    ]
    (event,) = ready.events_of(schedule(hour), by="ben")
    assert not event.PUBLIC
    told = without_envelope(event)
    assert (told["assessment"], told["recorded_by"]) == (made, "ben")
    assert datetime.fromisoformat(told["publish_at"]) == hour


def test_rule_9_holds_for_an_hour_that_lies_ahead(ready: Story) -> None:
    made = ready.propose(status="implemented", evidence=("official", "news"))
    command = c.ScheduleAssessment(
        REGISTER, recommendation="post", assessment=made, publish_at=ready.uptake.clock() + timedelta(days=1)
    )
    (sentence,) = ready.refused(command, by="ana")
    assert "by someone other than its proposer (rule 9)" in sentence


def test_a_withdrawal_gives_its_reason_and_what_replaces_it(ready: Story) -> None:
    wrong = ready.published()
    right = ready.published(effective_on="2021-05-21", reason="our_correction")
    (event,) = ready.events_of(withdraw(wrong, replaced_by=right), by="ben")
    assert without_envelope(event) == {
        "topic": "recommendation.assessment_withdrawn",
        "originator_version": 8,
        "recorded_by": "ben",
        "based_on": 7,
        "recommendation": "post",
        "assessment": wrong,
        "reason": "An error.",
        "withdrawn_by": "ben",
        "replaced_by": right,
    }
    assert ready.refused(withdraw(wrong), by="ben") == [f"“{wrong}” is already withdrawn."]


def test_a_withdrawal_is_refused_with_every_reason(ready: Story) -> None:
    made = ready.published()
    assert ready.refused(withdraw(made, reason="", replaced_by="void")) == [
        "Enter why it is withdrawn. The reason is public.",
        "“void” cannot replace it: it is not a published assessment of this recommendation.",
        "Someone other than its proposer must withdraw it (rule 9).",
    ]
    assert ready.refused(withdraw("nothing"), by="ben") == ["“nothing” is not published, so it cannot be withdrawn."]


def better(assessment_id: str, **given: Any) -> c.WithdrawAssessment:
    right = assessment(rationale="It was so.", effective_on="2021-06-01", **given)
    return c.WithdrawAssessment(
        REGISTER, recommendation="post", assessment=assessment_id, reason="An error.", replacement=right
    )


def test_a_withdrawal_and_what_is_put_in_its_place_are_one_step(ready: Story) -> None:
    wrong = ready.published()
    events = ready.events_of(better(wrong), by="ben")
    told = [without_envelope(e) for e in events]
    assert [t["topic"].split(".")[1] for t in told] == [
        "assessment_withdrawn", "assessment_proposed", "assessment_published",
    ]  # fmt: skip
    assert len({e.recorded_at for e in events}) == 1
    assert told[0]["replaced_by"] == told[2]["assessment"]["id"] == "post-2021-06-01"
    assert told[2]["assessment"]["proposed_by"] == told[2]["published_by"] == "ben"


def test_where_rule_9_asks_for_another_the_replacement_waits_unnamed(ready: Story) -> None:
    wrong = ready.published()
    right = better(wrong, status="implemented", evidence=("official", "news"))
    told = [without_envelope(e) for e in ready.events_of(right, by="ben")]
    assert [t["topic"].split(".")[1] for t in told] == ["assessment_withdrawn", "assessment_proposed"]
    assert "replaced_by" not in told[0]
    assert ready.refused(publish("post-2021-06-01"), by="ben") == [
        "“implemented” must be published by someone other than its proposer (rule 9)."
    ]
    ready.do(publish("post-2021-06-01"), by="ana")


def test_a_withdrawal_with_a_replacement_is_refused_with_every_reason(ready: Story) -> None:
    wrong = ready.published()
    assert ready.refused(better(wrong, status="in_effect", reason="our_correction"), by="ana") == [
        "Someone other than its proposer must withdraw it (rule 9).",
        "“In effect” does not fit an item of the kind “one-off”. Use “implemented” (rule 1).",
        "This is the item's first published assessment, so its reason is “first assessment” (rule 2).",
    ]


def test_a_recommendation_entered_by_mistake_is_withdrawn(ready: Story) -> None:
    command = c.WithdrawRecommendation(REGISTER, recommendation="post", reason="Entered twice.")
    assert ready.refused(command, by="kim") == [
        "Someone other than the person who entered it must withdraw it (rule 9)."
    ]
    (event,) = ready.events_of(command, by="ben")
    assert without_envelope(event)["reason"] == "Entered twice."
    gone = ["“post” is withdrawn, so you cannot add to it."]
    assert ready.refused(command, by="ben") == gone
    assert ready.refused(propose()) == gone


def test_a_recommendation_seen_before_somebody_else_changed_it_is_refused(ready: Story) -> None:
    made = ready.propose()
    assert ready.refused(publish(made, expected_version=1), by="ben") == [
        "Another person changed this recommendation after you opened it. Look at it again."
    ]


def test_a_command_carried_out_twice_under_one_id_happens_once(ready: Story) -> None:
    uptake = ready.uptake
    made = uptake.execute(propose(), by="ana", command_id="one")
    before = uptake.log.last()
    assert uptake.execute(propose(), by="ana", command_id="one") == made
    assert uptake.log.last() == before


# Amending


def amended_fact(story: Story, **changes: Any) -> c.AmendRecommendation:
    facts = story.uptake.tracker.load(Recommendation, recommendation_id(REGISTER, "post")).facts
    return c.AmendRecommendation(REGISTER, recommendation="post", fact=replace(facts, **changes), why="A slip.")


def test_a_recommendation_is_reworded_and_the_public_reads_why(ready: Story) -> None:
    ready.do(c.OpenRegister(REGISTER, origin="x"))
    (event,) = ready.events_of(amended_fact(ready, title="A better title"), by="ben")
    told = without_envelope(event)
    assert (told["topic"], told["facts"]["title"], told["why"]) == (
        "recommendation.amended", "A better title", "A slip.",
    )  # fmt: skip
    assert event.PUBLIC


def test_what_is_amended_is_refused_with_every_reason(ready: Story) -> None:
    wrong = amended_fact(ready, title="", recommended_on="soon", id="other")
    assert ready.refused(replace(wrong, why="")) == [
        "“id” cannot be changed, because other facts refer to it.",
        "Enter a value. This cannot be empty.",
        "“soon” is not a date. Write 2024, 2024-05 or 2024-05-20.",
    ]
    assert ready.refused(amended_fact(ready)) == ["You have not changed anything."]
    ready.do(c.OpenRegister(REGISTER, origin="x"))
    silent = replace(amended_fact(ready, title="Another"), why=" ")
    assert ready.refused(silent) == ["Enter why you changed it. The reason is public."]


def test_a_translation_needs_no_reason_and_can_be_said_to_fit_still(ready: Story) -> None:
    ready.do(c.OpenRegister(REGISTER, origin="x"))
    (event,) = ready.events_of(replace(amended_fact(ready, translations={"ko": {"title": "제목"}}), why=""))
    assert "why" not in without_envelope(event)
    (event,) = ready.events_of(replace(amended_fact(ready), why="", checked=("title_ko",)))
    assert without_envelope(event)["checked"] == ["title_ko"]
    assert ready.refused(replace(amended_fact(ready), why="", checked=("summary_ko", "kind"))) == [
        "There is no translation “summary_ko” to mark as checked.",
        "There is no translation “kind” to mark as checked.",
    ]


def test_an_element_is_reworded(ready: Story) -> None:
    ready.element("oath")
    element = Element(id="oath", title="Sworn", kind=Kind.ONE_OFF, core=True, done_when="It is so.")
    command = c.AmendElement(REGISTER, recommendation="post", fact=element)
    (event,) = ready.events_of(command)
    assert without_envelope(event)["element"]["title"] == "Sworn"
    gone = c.AmendElement(REGISTER, recommendation="post", fact=replace(element, id="none"))
    assert ready.refused(gone) == ["“post” has no element “none”."]


def test_the_parts_of_a_register_are_amended(story: Story) -> None:
    story.do(c.NameTheme(REGISTER, theme=Theme(id="offices", title="Offices")))
    story.do(c.NameBody(REGISTER, body=Body(id="court", name="Court", parent="ministry")))
    keeper = {"kept_by": "A keeper", "licence": "CC-BY-4.0"}
    settings = RegisterSettings(id=REGISTER, title="Renamed", time_zone="Asia/Seoul", **keeper)
    paper = Publication(id="report", title="Report, mended", publisher="P", published_on="2020")
    for command, topic in (
        (c.AmendRegister(REGISTER, fact=settings), "register.amended"),
        (c.AmendTheme(REGISTER, fact=Theme(id="offices", title="Posts")), "register.theme_amended"),
        (c.AmendPublication(REGISTER, fact=paper), "register.publication_amended"),
        (c.AmendBody(REGISTER, fact=Body(id="court", name="High Court", parent="ministry")), "register.body_amended"),
    ):
        (event,) = story.events_of(command)
        assert without_envelope(event)["topic"] == topic
    circle = c.AmendBody(REGISTER, fact=Body(id="ministry", name="Ministry", parent="court"))
    assert story.refused(circle) == ["“ministry” would be a part of itself."]
    unread = replace(paper, published_on="20")
    assert "is not a date" in story.refused(c.AmendPublication(REGISTER, fact=unread))[0]
    assert story.refused(c.AmendTheme(REGISTER, fact=Theme(id="none", title="x"))) == [
        "There is nothing called “none” here."
    ]
    story.do(c.OpenRegister(REGISTER, origin="x"))
    later = replace(settings, time_zone="UTC")
    assert story.refused(c.AmendRegister(REGISTER, fact=later, why="Moved.")) == [
        "The time zone of an open register cannot change: its days were counted in it."
    ]


def test_a_review_is_once_or_comes_back(story: Story) -> None:
    once = ReviewSchedule(id="ten", title="Ten years on", as_of="2030-01-01")
    story.do(c.ScheduleReview(REGISTER, schedule=once))
    yearly = ReviewSchedule(id="ten", title="Each year", anniversary_of="2020-01-01", every_years=1)
    (event,) = story.events_of(c.AmendReview(REGISTER, fact=yearly))
    assert without_envelope(event)["schedule"]["every_years"] == 1
    for wrong, sentence in (
        ({"as_of": "2030-01-01"}, "Enter either one day, or an anniversary and how often it repeats in years."),
        ({"anniversary_of": ""}, "Enter the day of which it is the anniversary."),
        ({"every_years": 0}, "Enter a whole number of years, 1 or more."),
        ({"title": " "}, "Enter a title for the review."),
        ({"anniversary_of": "2020"}, "“2020” is not a full date. Write it as 2024-05-20."),
        ({"years": 3}, "Enter the years only together with one day and the day of which it is the anniversary."),
    ):
        assert sentence in story.refused(c.AmendReview(REGISTER, fact=replace(yearly, **wrong)))
        assert sentence in story.refused(c.ScheduleReview(REGISTER, schedule=replace(yearly, id="other", **wrong)))
    assert story.refused(c.AmendReview(REGISTER, fact=replace(yearly, id="none"))) == [
        "There is no review “none” in this register."
    ]


# Texts


@pytest.mark.parametrize(
    ("rationale", "sentence"),
    [
        (
            "a \u2067b",
            "Rationale contains RIGHT-TO-LEFT ISOLATE (U+2067), which changes the order of reading. Delete it.",
        ),
        ("a\x07b", "Rationale contains a control character. Type the text again."),
        ("x" * 100_001, "Rationale has 100,001 characters; the limit is 100,000."),
    ],
)
def test_a_text_that_an_import_would_refuse_is_refused_of_a_person_too(
    ready: Story, rationale: str, sentence: str
) -> None:
    assert ready.refused(propose(rationale=rationale)) == [sentence]


def test_texts_are_kept_composed_and_without_spaces_around_them(ready: Story) -> None:
    import unicodedata

    (event,) = ready.events_of(
        propose(rationale=" Because.\r\nSo. ", translations={"ko": {"rationale": unicodedata.normalize("NFD", "특사")}})
    )
    kept = without_envelope(event)["assessment"]
    assert (kept["rationale"], kept["translations"]["ko"]["rationale"]) == ("Because.\nSo.", "특사")
