"""Handlers of the commands about a review."""

from domain.amendments import against_schedule
from domain.errors import NotFound, Refused, refusal, refuse
from domain.handlers.context import Changes, CommandContext
from domain.ids import review_id
from domain.review.aggregate import Review


def schedule_review(asked: CommandContext) -> Changes:
    register, schedule = asked.register(), asked.command.schedule
    if asked.store.find(review_id(register.settings.id, schedule.id)):
        raise Refused(refusal("There is a review “{id}” already.", id=schedule.id))
    refuse(against_schedule(schedule))
    return Changes((Review.schedule(asked.command.register, asked.command.schedule, asked.by),))


def _review(asked: CommandContext, ident: str = "") -> Review:
    ident = ident or asked.command.review
    found: Review | None = asked.store.find(review_id(asked.register().settings.id, ident))
    if found is None:
        raise NotFound(refusal("There is no review “{id}” in this register.", id=ident))
    return found


def draft_summary(asked: CommandContext) -> Changes:
    review, command = _review(asked), asked.command
    review.draft_summary(command.as_of, command.summary, command.summary_ko, asked.by)
    return Changes((review,))


def sign_off_review(asked: CommandContext) -> Changes:
    review = _review(asked)
    review.sign_off(asked.command.as_of, asked.by)
    return Changes((review,))


def embargo_review(asked: CommandContext) -> Changes:
    review, zone = _review(asked), asked.register().settings.time_zone
    review.embargo(asked.command.as_of, asked.command.freeze_at, zone, asked.by, asked.at)
    return Changes((review,))


def freeze_review(asked: CommandContext) -> Changes:
    review = _review(asked)
    review.freeze(asked.command.as_of, asked.command.snapshot, asked.by)
    return Changes((review,))


def timestamp_review(asked: CommandContext) -> Changes:
    review = _review(asked)
    review.timestamp(asked.command.as_of, asked.command.timestamp, asked.by)
    return Changes((review,))


def amend_review(asked: CommandContext) -> Changes:
    register, command = asked.register(), asked.command
    review = _review(asked, command.fact.id)
    review.amend(command.fact, asked.by, command.why, command.checked, is_open=register.is_open)
    return Changes((review,))
