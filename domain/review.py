"""A review: a stocktaking at a date, usually an anniversary, once or every so many years."""

from typing import Self

from domain.base import Aggregate, Event
from domain.facts import ReviewSchedule
from domain.ids import review_id


class ReviewScheduled(Event, frozen=True, kw_only=True, tag="review.scheduled"):
    register: str
    schedule: ReviewSchedule

    def first(self) -> "Review":
        return Review()


class Review(Aggregate):
    @classmethod
    def schedule(cls, register: str, schedule: ReviewSchedule, by: str) -> Self:
        review = cls.begin(review_id(register, schedule.id))
        review.trigger(ReviewScheduled, by, register=register, schedule=schedule)
        return review
