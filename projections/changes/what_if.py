"""The change that publishing an assessment now would make. Writes nothing."""

from datetime import datetime

from domain.recommendation.events import AssessmentPublished
from domain.times import to_microseconds
from projections.changes.projector import change_from
from projections.changes.queries import PublicChange, public_change
from projections.engine.batches import RecordedEvent


def change_if_published(event: AssessmentPublished, at: datetime) -> PublicChange:
    """As the changes page would show it."""
    return public_change(change_from(RecordedEvent(0, to_microseconds(at), event, b"")))
