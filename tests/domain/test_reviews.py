"""A review from its schedule to the frozen package: given, when, then."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain import commands as c
from domain.codes import RemovalReason
from domain.review.events import PackageWithdrawn
from domain.review.schedule import days_of, due_at
from domain.values import PersonalSignature, ReviewSchedule, Snapshot, Timestamp
from tests.support.story import REGISTER, Story, without_envelope
from tests.support.uptake import BareUptake

OF = {"review": "ten", "as_of": "2026-04-01"}
SNAPSHOT = Snapshot(
    known_at=datetime(2026, 4, 2, tzinfo=UTC), log_position=7, manifest="ab" * 32, package="cd" * 32, signed_off=True
)


@pytest.fixture
def story(uptake: BareUptake) -> Story:
    story = Story(uptake)
    story.do(c.ScheduleReview(REGISTER, schedule=ReviewSchedule(id="ten", title="Ten years on", as_of="2026-04-01")))
    return story


def test_a_summary_is_drafted_and_signed_by_two_people(story: Story) -> None:
    draft = c.DraftSummary(REGISTER, **OF, summary="So it stands.", translations={"ko": {"summary": "이러하다."}})
    (event,) = story.events_of(draft)
    assert without_envelope(event) == {
        "topic": "review.summary_drafted",
        "originator_version": 2,
        "recorded_by": "ana",
        "based_on": 1,
        "summary": "So it stands.",
        "translations": {"ko": {"summary": "이러하다."}},
        **OF,
    }
    sign = c.SignOffReview(REGISTER, **OF)
    (event,) = story.events_of(sign, by="ben")
    assert without_envelope(event)["topic"] == "review.signed_off"
    assert story.refused(sign, by="ben") == [
        "You have already signed off this draft. Another person must sign it off too."
    ]
    story.do(sign, by="cem")
    story.do(draft)
    story.do(sign, by="ben")  # a new draft takes earlier signatures away


def test_a_sign_off_may_have_a_signature_made_with_a_persons_own_key(story: Story) -> None:
    story.do(c.DraftSummary(REGISTER, **OF, summary="So it stands."))
    signature = PersonalSignature(key="ssh-ed25519 AAAA", text="-----BEGIN SSH SIGNATURE-----")
    (event,) = story.events_of(c.SignOffReview(REGISTER, **OF, name="Ben Lee", signature=signature), by="ben")
    assert without_envelope(event) == {
        "topic": "review.signed_off",
        "originator_version": 3,
        "recorded_by": "ben",
        "based_on": 2,
        "name": "Ben Lee",
        "signature": {"key": "ssh-ed25519 AAAA", "text": "-----BEGIN SSH SIGNATURE-----"},
        **OF,
    }


def test_what_has_no_summary_is_not_signed(story: Story) -> None:
    assert story.refused(c.SignOffReview(REGISTER, **OF)) == ["There is no summary to sign off yet. Draft it first."]
    empty = c.DraftSummary(REGISTER, **OF, summary="  ")
    assert story.refused(empty) == ["Enter the summary. The report begins with it."]


def test_an_embargo_names_an_instant_that_lies_ahead_and_not_before_the_day(story: Story) -> None:
    at = datetime(2026, 4, 1, 9, tzinfo=UTC)
    (event,) = story.events_of(c.EmbargoReview(REGISTER, **OF, freeze_at=at))
    assert without_envelope(event)["freeze_at"] == "2026-04-01T09:00:00Z"
    past = c.EmbargoReview(REGISTER, **OF, freeze_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert story.refused(past) == [
        "2026-01-01T00:00:00.000000Z has passed. Choose a later time.",
        "2026-01-01T00:00:00.000000Z is before the review’s day, 2026-04-01.",
    ]


def test_a_review_is_frozen_once_for_each_of_its_days(story: Story) -> None:
    (event,) = story.events_of(c.FreezeReview(REGISTER, **OF, snapshot=SNAPSHOT))
    assert without_envelope(event)["snapshot"]["manifest"] == "ab" * 32
    sentence = f"The review “ten” of 2026-04-01 is already frozen, as known at 2026-04-02T00:00:00.000000Z; manifest {'ab' * 32}."
    for command in (
        c.FreezeReview(REGISTER, **OF, snapshot=SNAPSHOT),
        c.DraftSummary(REGISTER, **OF, summary="Too late."),
        c.SignOffReview(REGISTER, **OF),
        c.EmbargoReview(REGISTER, **OF, freeze_at=datetime(2030, 1, 1, tzinfo=UTC)),
    ):
        assert story.refused(command) == [sentence]


def test_a_frozen_review_is_time_stamped_once(story: Story) -> None:
    made = Timestamp(at=datetime(2026, 4, 2, 0, 1, tzinfo=UTC), authority="Time of the town", token="AAAA")
    command = c.TimestampReview(REGISTER, **OF, timestamp=made)
    assert story.refused(command) == ["The review “ten” of 2026-04-01 is not frozen yet."]
    story.do(c.FreezeReview(REGISTER, **OF, snapshot=SNAPSHOT))
    (event,) = story.events_of(command)
    assert without_envelope(event)["timestamp"]["token"] == "AAAA"
    sentence = (
        "The review “ten” of 2026-04-01 is already time-stamped, by Time of the town at 2026-04-02T00:01:00.000000Z."
    )
    assert story.refused(command) == [sentence]


def test_the_package_of_a_frozen_review_is_withdrawn_once(story: Story) -> None:
    command = c.WithdrawPackage(REGISTER, **OF, reason=RemovalReason.SAFETY)
    assert story.refused(command) == ["The review “ten” of 2026-04-01 is not frozen yet."]
    story.do(c.FreezeReview(REGISTER, **OF, snapshot=SNAPSHOT))
    (event,) = story.events_of(command)
    assert isinstance(event, PackageWithdrawn)
    fields = without_envelope(event)
    assert (fields["review"], fields["as_of"], fields["reason"]) == ("ten", "2026-04-01", "safety")
    assert story.refused(command) == ["The package of the review “ten” of 2026-04-01 is already withdrawn."]


def test_a_review_falls_on_its_own_days_alone(story: Story) -> None:
    other = c.DraftSummary(REGISTER, review="ten", as_of="2026-04-02", summary="A day late.")
    assert story.refused(other) == ["The review “ten” is not due on 2026-04-02."]
    unknown = c.SignOffReview(REGISTER, review="twenty", as_of="2026-04-01")
    assert story.refused(unknown) == ["There is no review “twenty” in this register."]


@pytest.mark.parametrize(
    ("zone", "day", "due"),
    [
        ("UTC", "2024-02-17", "2024-02-18T00:00:00+00:00"),
        ("Asia/Seoul", "2024-02-17", "2024-02-17T15:00:00+00:00"),
        ("America/New_York", "2024-03-09", "2024-03-10T05:00:00+00:00"),  # the night in which an hour is left out
        ("America/New_York", "2024-03-10", "2024-03-11T04:00:00+00:00"),
        ("America/New_York", "2024-11-02", "2024-11-03T04:00:00+00:00"),  # the night in which an hour comes twice
        ("America/New_York", "2024-11-03", "2024-11-04T05:00:00+00:00"),
        ("Africa/Cairo", "2024-04-25", "2024-04-25T22:00:00+00:00"),  # no midnight that night
    ],
)
def test_a_review_is_due_when_its_day_is_over_where_the_register_is(zone: str, day: str, due: str) -> None:
    assert due_at(date.fromisoformat(day), zone).isoformat() == due


def test_an_anniversary_of_the_29th_of_february_is_the_28th_in_other_years() -> None:
    schedule = ReviewSchedule(id="leap", title="Leap", anniversary_of="2024-02-29", every_years=1)
    assert [d.isoformat() for d, _ in days_of(schedule, date(2028, 12, 31))] == [
        *("2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"),
    ]
    assert days_of(schedule, date(2024, 2, 28)) == []
    assert days_of(ReviewSchedule(id="x", title="X", as_of="2024-05-20"), date(2024, 5, 20) - timedelta(days=1)) == []


def test_a_doi_is_reserved_before_a_review_is_frozen(story: Story) -> None:
    (event,) = story.events_of(c.SetReviewDoi(REGISTER, **OF, doi="https://doi.org/10.5281/zenodo.7"))
    assert without_envelope(event) == {
        "topic": "review.doi_set",
        "originator_version": 2,
        "recorded_by": "ana",
        "based_on": 1,
        "doi": "10.5281/zenodo.7",
        **OF,
    }
    assert not event.PUBLIC
    again = c.SetReviewDoi(REGISTER, **OF, doi="10.5281/zenodo.7")
    assert story.refused(again) == ["You have not changed anything."]
    assert story.refused(c.SetReviewDoi(REGISTER, **OF, doi="zenodo.7")) == [
        "“zenodo.7” is not a DOI. Copy it with its prefix, such as 10.5281/zenodo.1234567."
    ]
    story.do(c.SetReviewDoi(REGISTER, **OF, doi=""))
    story.do(again)
    story.do(c.FreezeReview(REGISTER, **OF, snapshot=SNAPSHOT))
    (sentence,) = story.refused(c.SetReviewDoi(REGISTER, **OF, doi=""))
    assert sentence.startswith("The review “ten” of 2026-04-01 is already frozen,")


def test_a_doi_stands_for_one_review_alone(uptake: BareUptake) -> None:
    story = Story(uptake, doi="10.5281/zenodo.1")
    yearly = ReviewSchedule(id="yearly", title="Yearly", anniversary_of="2024-04-01", every_years=1)
    story.do(c.ScheduleReview(REGISTER, schedule=yearly))
    story.do(c.SetReviewDoi(REGISTER, review="yearly", as_of="2026-04-01", doi="10.5281/zenodo.7"))
    same = c.SetReviewDoi(REGISTER, review="yearly", as_of="2027-04-01", doi="10.5281/ZENODO.7")
    assert story.refused(same) == ["The review of 2026-04-01 has this DOI already. Enter another."]
    of_all = c.SetReviewDoi(REGISTER, review="yearly", as_of="2027-04-01", doi="10.5281/zenodo.1")
    assert story.refused(of_all) == [
        "This is the DOI of all reviews of the register. Enter the one that is reserved for this review alone."
    ]
