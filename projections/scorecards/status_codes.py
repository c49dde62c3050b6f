"""Statuses and marks as small numbers, and back.

A *grade* is a status as one version of the methodology means it. The lower four bits hold the status, the bits above
them the number of the version: so an assessment keeps its bucket and its rank when its register moves to a new version.
"""

from functools import cache

from domain.codes import Confidence, Motion, Status
from domain.methodology.methodology import Methodology, StatusMeaning
from domain.methodology.versions import methodology_at, number_of

STATUSES = tuple(Status)
STATUS_NUMBER = {status: n for n, status in enumerate(STATUSES)}
STATUS_BITS = 4
STATUS_MASK = (1 << STATUS_BITS) - 1

MOTIONS = tuple(Motion)
MOTION_NUMBER = {m: n for n, m in enumerate(MOTIONS)}
CONFIDENCES = tuple(Confidence)
CONFIDENCE_NUMBER = {c: n for n, c in enumerate(CONFIDENCES)}

NOT_ASSESSED = STATUS_NUMBER[Status.NOT_ASSESSED]
OPEN_END_DAY = 9_999_999
"""The end of an interval of days that has no end yet."""


def grade_of(status: Status, version: str) -> int:
    return number_of(version) << STATUS_BITS | STATUS_NUMBER[status]


@cache
def graded_status(grade: int) -> Status:
    return STATUSES[grade & STATUS_MASK]


def graded_by(grade: int) -> Methodology:
    return methodology_at(grade >> STATUS_BITS)


@cache
def meaning_of(grade: int) -> StatusMeaning:
    return graded_by(grade).meanings[graded_status(grade)]


def is_same_status(one: int, other: int) -> bool:
    """Whether two grades have the same status, perhaps by different versions."""
    return not (one ^ other) & STATUS_MASK


@cache
def rank_of(grade: int) -> int:
    """The rank of a grade by its own version; -1 where the status has none."""
    rank = meaning_of(grade).rank
    return -1 if rank is None else rank


@cache
def is_done(grade: int) -> bool:
    return graded_status(grade) in graded_by(grade).done


@cache
def is_set_aside(grade: int) -> bool:
    return graded_status(grade) in graded_by(grade).set_aside


def span_code(grade: int, peak: int | None, legacy: bool) -> int:
    """One number for all that the scorecards count: the grade, whether it was ever done, the legacy mark."""
    ever_done = peak is not None and is_done(peak)
    return grade * 4 + ever_done * 2 + legacy


def grade_in(code: int) -> int:
    return code >> 2


def status_of(code: int) -> Status:
    return graded_status(code >> 2)


def was_ever_done(code: int) -> bool:
    return bool(code & 2)


def is_legacy(code: int) -> bool:
    return bool(code & 1)
