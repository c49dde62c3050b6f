"""Handlers of the commands about a review."""

from domain.amendments import refuse_unless_seen, schedule_refusals
from domain.commands import (
    AmendReview,
    DraftSummary,
    EmbargoReview,
    FreezeReview,
    ScheduleReview,
    SetReviewDoi,
    SignOffReview,
    TimestampReview,
    WithdrawPackage,
)
from domain.errors import Refused, refusal, refuse
from domain.handlers.context import Changes, CommandContext
from domain.ids import review_id
from domain.review.aggregate import Review


def schedule_review(context: CommandContext[ScheduleReview]) -> Changes:
    register, schedule = context.load_register(), context.command.schedule
    stream = context.store.stream(Review, review_id(register.settings.id, schedule.id))
    if stream.exists:
        raise Refused(refusal("There is already a review “{id}”.", id=schedule.id))
    refuse(schedule_refusals(schedule))
    return Changes((Review.schedule(register.settings.id, schedule, context.by, stream),))


def draft_summary(context: CommandContext[DraftSummary]) -> Changes:
    command = context.command
    review = context.load_review(command.review, command.expected_version)
    review.draft_summary(command.as_of, command.summary, command.translations, context.by)
    return Changes((review,))


def sign_off_review(context: CommandContext[SignOffReview]) -> Changes:
    command = context.command
    review = context.load_review(command.review, command.expected_version)
    review.sign_off(command.as_of, command.name, command.signature, context.by)
    return Changes((review,))


def embargo_review(context: CommandContext[EmbargoReview]) -> Changes:
    command = context.command
    review, time_zone = (
        context.load_review(command.review, command.expected_version),
        context.load_register().settings.time_zone,
    )
    review.embargo(command.as_of, command.freeze_at, time_zone, context.by, context.at)
    return Changes((review,))


def set_review_doi(context: CommandContext[SetReviewDoi]) -> Changes:
    command = context.command
    review = context.load_review(command.review, command.expected_version)
    review.set_doi(command.as_of, command.doi, context.load_register().settings.doi, context.by)
    return Changes((review,))


def freeze_review(context: CommandContext[FreezeReview]) -> Changes:
    command = context.command
    review = context.load_review(command.review, command.expected_version)
    review.freeze(command.as_of, command.snapshot, context.by)
    return Changes((review,))


def timestamp_review(context: CommandContext[TimestampReview]) -> Changes:
    review = context.load_review(context.command.review)
    review.timestamp(context.command.as_of, context.command.timestamp, context.by)
    return Changes((review,))


def withdraw_package(context: CommandContext[WithdrawPackage]) -> Changes:
    command = context.command
    review = context.load_review(command.review, command.expected_version)
    review.withdraw_package(command.as_of, command.reason, context.by)
    return Changes((review,))


def amend_review(context: CommandContext[AmendReview]) -> Changes:
    command = context.command
    review, is_open = context.load_review(command.fact.id), context.load_register().is_open
    refuse_unless_seen(review.current_schedule, command.expected_tag)
    review.amend(command.fact, context.by, command.why, command.checked, is_open=is_open)
    return Changes((review,))
