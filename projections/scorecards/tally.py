"""Counts some standings, as the tables count a whole scorecard."""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from domain.codes import Bucket, Confidence, DeadlineState
from projections.scorecards.results import (
    Counts,
    DueCounts,
    Standing,
    StatusMark,
    mark_of,
    no_counts,
    no_motions,
)
from projections.scorecards.status_codes import (
    CONFIDENCE_NUMBER,
    MOTIONS,
    grade_in,
    is_legacy,
    meaning_of,
    was_ever_done,
)


def tally(standings: Iterable[Standing]) -> Counts:
    """The numbers of a part of a scorecard, such as one theme's."""
    return tally_marks(map(mark_of, standings))


def tally_marks(marks: Iterable[StatusMark]) -> Counts:
    by_bucket, motions = no_counts(), no_motions()
    ever_done = stale = legacy = low_confidence = 0
    for mark in marks:
        by_bucket[mark.bucket][mark.status] += 1
        ever_done += mark.was_done
        stale += mark.is_stale
        legacy += mark.legacy
        low_confidence += mark.confidence is Confidence.LOW
        if mark.motion and mark.bucket is Bucket.UNDER_WAY:
            motions[mark.motion] += 1
    return Counts(by_bucket, ever_done, stale, legacy, low_confidence, motions)


def count_groups(groups: Iterable[tuple[int, int | None, int | None, int, int]]) -> Counts:
    """The numbers of spans by code, motion and confidence: how many there are, and how many of these are stale."""
    by_bucket, motions = no_counts(), no_motions()
    ever_done = all_stale = legacy = low_confidence = 0
    for code, motion, confidence, n, stale in groups:
        meaning = meaning_of(grade_in(code))
        by_bucket[meaning.bucket][meaning.code] += n
        ever_done += n if was_ever_done(code) else 0
        legacy += n if is_legacy(code) else 0
        all_stale += stale
        low_confidence += n if confidence == CONFIDENCE_NUMBER[Confidence.LOW] else 0
        if motion is not None and meaning.bucket is Bucket.UNDER_WAY:
            motions[MOTIONS[motion]] += n
    return Counts(by_bucket, ever_done, all_stale, legacy, low_confidence, motions)


def count_measures(codes: Mapping[int, int], motions: Mapping[int, int], stale: int, low_confidence: int) -> Counts:
    """The numbers of spans by code, of those under way by motion, and of those stale or of low confidence."""
    numbers = count_groups((code, None, None, n, 0) for code, n in codes.items())
    by_motion = no_motions() | {MOTIONS[motion]: n for motion, n in motions.items()}
    return replace(numbers, stale=stale, low_confidence=low_confidence, motions=by_motion)


def count_due_groups(groups: Iterable[tuple[str, int]]) -> DueCounts:
    """The numbers of deadlines by state."""
    by_state = dict.fromkeys(DeadlineState, 0)
    for state, n in groups:
        by_state[DeadlineState(state)] += n
    return DueCounts(by_state)


def add_counts(one: Counts, other: Counts, sign: int = 1) -> Counts:
    """The sum of two scorecards, or their difference."""
    return Counts(
        by_bucket={
            bucket: {status: n + sign * other.by_bucket[bucket][status] for status, n in part.items()}
            for bucket, part in one.by_bucket.items()
        },
        ever_done=one.ever_done + sign * other.ever_done,
        stale=one.stale + sign * other.stale,
        legacy=one.legacy + sign * other.legacy,
        low_confidence=one.low_confidence + sign * other.low_confidence,
        motions={motion: n + sign * other.motions[motion] for motion, n in one.motions.items()},
    )


def replace_standing(counts: Counts, before: Standing, after: Standing) -> Counts:
    """The numbers of a scorecard once one recommendation has the standing `after` instead of `before`."""
    return add_counts(add_counts(counts, tally([before]), -1), tally([after]))
