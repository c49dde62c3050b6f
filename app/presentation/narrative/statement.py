"""The words that say where a recommendation is now."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from app.presentation.i18n.localize import localized_text
from domain.values import Assessment
from projections.assessments import queries as assessments
from projections.scorecards.present_runs import present_runs
from projections.scorecards.results import Standing, TimePair


class PresentStatement:
    """Where an item is now: the newest statement since its status began, else the rationale of that change.

    `assessment` holds the words, in `field`.
    """

    def __init__(self, run: Sequence[Assessment]) -> None:
        stated = [a for a in run if a.statement]
        self.assessment = stated[-1] if stated else run[0]
        self.field = "statement" if stated else "rationale"

    @property
    def original(self) -> str:
        return str(getattr(self.assessment, self.field))

    @property
    def words(self) -> str:
        """In the language of the page."""
        return localized_text(self.assessment, self.field)


def present_statements(
    db: Connection, register: str, at: TimePair, standings: Mapping[str, Standing], recommendation: str | None = None
) -> dict[str, PresentStatement]:
    """The statements of recommendations by id, or of one; those without an assessment have none."""
    runs = present_runs(db, register, at, standings, recommendation)
    texts = assessments.by_id(db, register, {ident for run in runs.values() for ident in run})
    return {ident: PresentStatement([texts[i] for i in run]) for ident, run in runs.items() if run}


def present_statement(
    db: Connection, register: str, at: TimePair, standing: Standing | None
) -> PresentStatement | None:
    """That of one recommendation; None if it is not on the scorecard or not assessed."""
    if standing is None:
        return None
    return present_statements(db, register, at, {standing.id: standing}, standing.id).get(standing.id)
