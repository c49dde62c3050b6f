"""What would be told of an assessment if it were published now; nothing is written."""

from datetime import datetime
from types import SimpleNamespace

from domain.recommendation.events import AssessmentPublished
from domain.times import to_microseconds
from projections.changes.projector import tell_of_an_assessment
from projections.changes.queries import PublicChange, change_of
from projections.changes.tables import COLUMNS
from projections.engine.batches import RecordedEvent


def change_if_published(event: AssessmentPublished, at: datetime) -> PublicChange:
    """As the projection of changes would keep it, and hand it out again."""
    rows: list[tuple[object, ...]] = []
    tell_of_an_assessment(RecordedEvent(0, to_microseconds(at), event, b""), rows)
    return change_of(SimpleNamespace(**dict(zip(COLUMNS, rows[0], strict=True))))
