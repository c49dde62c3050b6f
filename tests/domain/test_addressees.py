"""Who is asked, and when: addressees with days, and bodies that are merged."""

from datetime import date

import pytest

from domain import commands as c
from domain.codes import AddresseeRole
from domain.errors import Conflict
from domain.ids import recommendation_id
from domain.recommendation.aggregate import Recommendation
from domain.values import Addressee, Body, BodyMerge
from tests.support.story import REGISTER, Story, without_envelope
from tests.support.uptake import BareUptake

JOINT = AddresseeRole.JOINT


@pytest.fixture
def story(uptake: BareUptake) -> Story:
    """A register with four bodies, of which “office” is a part of “ministry”, and a recommendation."""
    story = Story(uptake)
    for body in (
        Body(id="office", name="Office", parent="ministry"),
        Body(id="court", name="Court"),
        Body(id="council", name="Council"),
    ):
        story.do(c.NameBody(REGISTER, body=body))
    return story.recommendation()


def amend(*rows: Addressee, why: str = "", **more: int) -> c.AmendAddressees:
    return c.AmendAddressees(REGISTER, recommendation="post", addressees=rows, why=why, **more)


def merge(body: str, into: str, on: str = "2024-05", why: str = "An act joined them.") -> c.MergeBodies:
    return c.MergeBodies(REGISTER, merge=BodyMerge(body=body, into=into, on=on, why=why))


def state(story: Story) -> Recommendation:
    found = story.uptake.tracker.find(Recommendation, recommendation_id(REGISTER, "post"))
    assert found is not None
    return found


def bodies_on(story: Story, day: date, element: str = "") -> list[str]:
    return [row.body for row in state(story).addressees_on(element, day)]


# Addressees


def test_without_rows_the_registered_addressees_are_asked_on_every_day(story: Story) -> None:
    assert bodies_on(story, date.min) == bodies_on(story, date.max) == ["ministry"]


def test_responsibility_that_moved_is_two_rows(story: Story) -> None:
    (event,) = story.events_of(
        amend(Addressee(body="ministry", to_on="2022-12-31"), Addressee(body="court", from_on="2023"))
    )
    assert without_envelope(event) == {
        "topic": "recommendation.addressees_amended",
        "originator_version": 2,
        "recorded_by": "ana",
        "based_on": 1,
        "recommendation": "post",
        "addressees": [{"body": "ministry", "to_on": "2022-12-31"}, {"body": "court", "from_on": "2023"}],
    }
    assert bodies_on(story, date(2022, 12, 31)) == ["ministry"]
    assert bodies_on(story, date(2023, 1, 1)) == ["court"]


def test_an_element_has_its_own_addressees_or_those_of_its_recommendation(story: Story) -> None:
    story.element("rules").element("staff")
    story.do(
        amend(
            Addressee(body="ministry"),
            Addressee(body="court", role=JOINT),
            Addressee(element="rules", body="council", from_on="2022"),
        )
    )
    assert bodies_on(story, date(2023, 1, 1)) == ["ministry", "court"]
    assert bodies_on(story, date(2023, 1, 1), "staff") == ["ministry", "court"]
    assert bodies_on(story, date(2023, 1, 1), "rules") == ["council"]
    assert bodies_on(story, date(2021, 12, 31), "rules") == []


def test_without_rows_again_the_registered_addressees_count(story: Story) -> None:
    story.do(amend(Addressee(body="court")))
    story.do(amend())
    assert bodies_on(story, date(2023, 1, 1)) == ["ministry"]


def test_an_open_register_asks_for_a_reason(story: Story) -> None:
    story.do(c.OpenRegister(REGISTER, origin="uptake.example.org"))
    assert story.refused(amend(Addressee(body="court"))) == ["Enter why you changed it. The reason is public."]
    (event,) = story.events_of(amend(Addressee(body="court"), why="The act moved it."))
    assert without_envelope(event)["why"] == "The act moved it."


@pytest.mark.parametrize(
    ("rows", "sentences"),
    [
        ([Addressee(body="nowhere")], ["There is no body “nowhere” in this register."]),
        ([Addressee(body="court", element="staff")], ["“post” has no element “staff”."]),
        (
            [Addressee(body="court", from_on="soon")],
            ["“soon” is not a date. Write 2024, 2024-05 or 2024-05-20."],
        ),
        ([Addressee(body="court", to_on="2023-02-30")], ["There is no day “2023-02-30” in the calendar."]),
        (
            [Addressee(body="court", from_on="2024", to_on="2023")],
            ["“court” cannot stop being asked on 2023, before it begins on 2024."],
        ),
        (
            [Addressee(body="court", to_on="2024-01-01"), Addressee(body="court", from_on="2024")],
            ["The days of “court” overlap. Let one period end first."],
        ),
        (
            [Addressee(body="court"), Addressee(body="court", role=JOINT, from_on="2024")],
            ["The days of “court” overlap. Let one period end first."],
        ),
        ([Addressee(body="court", role=JOINT)], ["“post” needs at least one lead addressee."]),
        (
            [Addressee(body="court"), Addressee(body="court", element="rules", role=JOINT)],
            ["“post/rules” needs at least one lead addressee."],
        ),
        ([], ["You have not changed anything."]),
    ],
)
def test_addressees_that_are_not_valid(story: Story, rows: list[Addressee], sentences: list[str]) -> None:
    story.element("rules")
    assert story.refused(amend(*rows)) == sentences


def test_one_body_may_be_asked_twice_and_about_two_items(story: Story) -> None:
    story.element("rules")
    rows = (
        Addressee(body="court", to_on="2022"),
        Addressee(body="court", from_on="2024"),
        Addressee(body="court", element="rules"),
    )
    story.do(amend(*rows))
    assert state(story).addressees == rows
    assert story.refused(amend(*rows)) == ["You have not changed anything."]


def test_a_withdrawn_recommendation_keeps_its_addressees(story: Story) -> None:
    story.do(c.WithdrawRecommendation(REGISTER, recommendation="post", reason="A mistake."), by="ben")
    assert story.refused(amend(Addressee(body="court"))) == ["“post” is withdrawn, so you cannot add to it."]


def test_another_person_was_faster(story: Story) -> None:
    story.do(amend(Addressee(body="court")))
    with pytest.raises(Conflict):
        story.do(amend(Addressee(body="council"), expected_version=1))


# Merging bodies


def test_bodies_are_merged(story: Story) -> None:
    (event,) = story.events_of(merge("court", "office"))
    assert without_envelope(event) == {
        "topic": "register.body_merged",
        "originator_version": 7,
        "recorded_by": "ana",
        "based_on": 6,
        "merge": {"body": "court", "into": "office", "on": "2024-05", "why": "An act joined them."},
    }


@pytest.mark.parametrize(
    ("command", "sentences"),
    [
        (merge("court", "court"), ["A body cannot be merged into itself. Choose another one."]),
        (
            merge("ministry", "office"),
            ["“office” is a part of “ministry”. Merge the part into the whole, or change its parent first."],
        ),
        (merge("nowhere", "court"), ["There is no body “nowhere” in this register."]),
        (merge("court", "nowhere"), ["There is no body “nowhere” in this register."]),
        (merge("council", "court"), ["“council” was merged into “office”. Name “office”."]),
        (merge("court", "council"), ["“council” was merged into “office”. Name “office”."]),
        (merge("court", "office", on="soon"), ["“soon” is not a date. Write 2024, 2024-05 or 2024-05-20."]),
        (merge("court", "office", why=" "), ["Enter why they are merged. The reason is public."]),
    ],
)
def test_merges_that_are_not_possible(story: Story, command: c.MergeBodies, sentences: list[str]) -> None:
    story.do(merge("council", "office"))
    assert story.refused(command) == sentences


def test_the_parts_of_a_merged_body_belong_to_the_other_one(story: Story) -> None:
    """So that no circle can be made around the merge."""
    story.do(c.NameBody(REGISTER, body=Body(id="chamber", name="Chamber", parent="court")))
    story.do(merge("court", "office"))
    circle = c.AmendBody(REGISTER, fact=Body(id="office", name="Office", parent="chamber"))
    assert story.refused(circle) == ["“office” would be a part of itself."]
    assert story.refused(merge("ministry", "chamber")) == [
        "“chamber” is a part of “ministry”. Merge the part into the whole, or change its parent first."
    ]


def test_a_merged_body_is_not_named_again_but_stays_where_it_was_named(story: Story) -> None:
    story.do(amend(Addressee(body="court")))
    story.do(merge("court", "office"))
    story.do(amend(Addressee(body="court"), Addressee(body="council")))
    story.do(amend(Addressee(body="council")))
    assert story.refused(amend(Addressee(body="court"))) == ["“court” was merged into “office”. Name “office”."]
