"""Models of what differs of a frozen review."""

from msgspec import Struct

from app.presentation.answers.api_models import CauseShape
from app.presentation.answers.api_values import Count, Day, Instant
from domain.codes import Status
from projections.scorecards.results import Standing


class ErratumShape(Struct):
    """A row that reads differently: null where the recommendation is not on that scorecard.

    `known_since` is when the last difference became known; `assessments` are those that count at one instant only.
    """

    id: str
    frozen: Standing | None
    known: Standing | None
    known_since: Instant
    assessments: list[CauseShape]


class ErrataShape(Struct):
    """A frozen review compared with the same day as known at `known_at`; `corrected` counts all rows that differ."""

    register: str
    review: str
    as_of: Day
    frozen_known_at: Instant
    known_at: Instant
    frozen_totals: dict[Status, Count]
    known_totals: dict[Status, Count]
    corrected: Count
    rows: list[ErratumShape]
    next: str | None
