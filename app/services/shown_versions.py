"""The version of what a page shows, so that a decision is about what the person saw."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from app.services.container import Services
from domain.times import from_microseconds
from projections.engine.position import position_of


def shown_version(services: Services, db: Connection, aggregate_id: UUID) -> int:
    """The version of an aggregate in the views, which may be older than the one in the log; 0 if they do not have it.

    A decision on an older one is refused.
    """
    events: list[Any] = list(services.tracker.events.get(aggregate_id))
    position = position_of(db)
    if services.log.last()[0] != position.row:  # the log has more than the views show
        known_at = from_microseconds(position.stamp)
        events = [e for e in events if e.recorded_at and e.recorded_at <= known_at]
    return max((e.originator_version for e in events), default=0)
