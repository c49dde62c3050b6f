"""What differs of a frozen review from the same day as known now."""

from app.entrypoints.api.operations import read_operation
from app.entrypoints.api.parameters import CURSOR, KNOWN_AT, LIMIT, read_slice
from app.entrypoints.http.query_params import find_open_register, resolve_times
from app.entrypoints.http.services import services
from app.presentation.answers.api_models import CauseShape
from app.presentation.answers.errata_models import ErrataShape, ErratumShape
from app.services.snapshots.review_schedule import find_snapshot
from domain.codes import Reason
from domain.errors import Refused, refusal
from domain.times import full_day, written
from projections.scorecards.corrected_rows import CorrectedRow, read_corrected
from projections.scorecards.queries import counts
from projections.scorecards.results import TimePair


@read_operation(
    "/registers/{register}/reviews/{review}/{as_of}/errata",
    query=(KNOWN_AT, LIMIT, CURSOR),
    answers=ErrataShape,
)
def errata(query: dict[str, str], register: str, review: str, as_of: str) -> ErrataShape:
    """A frozen review compared with the same day as known now, or at an instant: each row that reads differently."""
    with services().views.connect() as db:
        entry = find_open_register(db, register)
        _occurrence, snapshot = find_snapshot(db, register, review, as_of)
        known_at = resolve_times(services(), db, entry, query).known_at
        if "known_at" not in query:
            known_at = max(known_at, snapshot.known_at)
        elif known_at < snapshot.known_at:
            raise Refused(
                refusal(
                    "This review was frozen as known at {at}. Give a later known_at, or none.",
                    at=written(snapshot.known_at),
                    field="known_at",
                )
            )
        frozen, known = (TimePair(full_day(as_of), at) for at in (snapshot.known_at, known_at))
        rows, _ = read_slice(query, 0)
        found, total = read_corrected(db, register, frozen, known_at, start=rows.start, limit=rows.stop - rows.start)
        return ErrataShape(
            register=register,
            review=review,
            as_of=as_of,
            frozen_known_at=written(snapshot.known_at),
            known_at=written(known_at),
            frozen_totals=counts(db, register, frozen).totals,
            known_totals=counts(db, register, known).totals,
            corrected=total,
            rows=[_row(entry) for entry in found],
            next=read_slice(query, total)[1],
        )


def _row(entry: CorrectedRow) -> ErratumShape:
    return ErratumShape(
        id=entry.row.id,
        frozen=entry.before,
        known=entry.after,
        known_since=written(entry.at),
        assessments=[CauseShape(a.id, Reason(a.reason)) for a in entry.row.assessments],
    )
