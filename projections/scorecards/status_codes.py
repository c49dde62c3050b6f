"""Statuses and marks as small numbers, and back."""

from domain.codes import Confidence, Motion, Status
from domain.methodology.uptake_2026_1 import UPTAKE_2026_1 as METHOD

STATUSES = tuple(Status)
NUMBER = {status: n for n, status in enumerate(STATUSES)}
RANK = tuple(-1 if (rank := METHOD.rank(s)) is None else rank for s in STATUSES)
"""Rank by status number; -1 where a status has none."""

MOTIONS = tuple(Motion)
MOTION_NUMBER = {m: n for n, m in enumerate(MOTIONS)}
CONFIDENCES = tuple(Confidence)
CONFIDENCE_NUMBER = {c: n for n, c in enumerate(CONFIDENCES)}

NOT_ASSESSED = NUMBER[Status.NOT_ASSESSED]
FAR = 9_999_999
"""The day after the last: the end of a span that is still running."""


def code(status: int, peak: int | None, legacy: bool) -> int:
    """One number for all that is counted: the status, whether it was ever done, the legacy mark."""
    ever_done = peak is not None and STATUSES[peak] in METHOD.done
    return status * 4 + ever_done * 2 + legacy


def status_of(code: int) -> Status:
    return STATUSES[code >> 2]


def was_ever_done(code: int) -> bool:
    return bool(code & 2)


def is_legacy(code: int) -> bool:
    return bool(code & 1)
