"""Why a recommendation has another status than on another day, or than this register said: the words of the assessment
that began the status, which a later review does not change."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup
from msgspec import Struct
from sqlalchemy import Connection

from app.presentation.i18n.localize import localized_text, original
from app.presentation.i18n.translation import _
from app.presentation.narrative.statement import PresentStatement, marked, present_statements
from domain.values import Assessment, Element
from projections.assessments import queries as assessments
from projections.assessments.queries import PublicWithdrawal
from projections.scorecards.queries import standings_of
from projections.scorecards.results import ComparisonRow, TimePair


class ChangeReason(Struct, frozen=True):
    """The assessment that explains a change, and the part that it is about; `withdrawal` if its end explains it."""

    assessment: Assessment
    part: Element | None
    withdrawal: PublicWithdrawal | None = None

    @property
    def text(self) -> str:
        """In the language of the page."""
        if self.withdrawal:
            return _("Withdrawn: %(why)s", why=self.withdrawal.reason)
        text = localized_text(self.assessment, "rationale")
        if self.part is None:
            return text
        return _("Part “%(part)s”: %(text)s", part=localized_text(self.part, "title"), text=text)

    @property
    def marked_text(self) -> Markup | str:
        if self.withdrawal:
            return _("Withdrawn: %(why)s", why=original(self.withdrawal.reason))
        return marked(self.assessment, "rationale", self.part)


def reasons_of_changes(
    db: Connection, register: str, rows: Sequence[ComparisonRow], second: TimePair
) -> dict[str, ChangeReason]:
    """Why recommendations have the status of the second day, by id."""
    return {ident: _reason(began) for ident, began in _began(db, register, rows, second).items()}


def reasons_of_corrections(
    db: Connection, register: str, rows: Sequence[ComparisonRow], first: TimePair
) -> dict[str, ChangeReason]:
    """Why another status is published about the first day than before, by id. `first` has the second instant.

    What began the status explains it if it was not known before; else the withdrawal of what was said instead.
    """
    began = _began(db, register, rows, first)
    return {row.id: reason for row in rows if (reason := _correction(db, register, row, began))}


def _began(
    db: Connection, register: str, rows: Sequence[ComparisonRow], at: TimePair
) -> Mapping[str, PresentStatement]:
    return present_statements(db, register, at, standings_of(db, register, at, [row.id for row in rows]))


def _reason(began: PresentStatement) -> ChangeReason:
    return ChangeReason(began.beginning, began.part)


def _correction(
    db: Connection, register: str, row: ComparisonRow, began: Mapping[str, PresentStatement]
) -> ChangeReason | None:
    causes = [a.id for a in row.assessments]
    if row.id in began and began[row.id].beginning.id in causes:
        return _reason(began[row.id])
    for ident in reversed(causes):
        published = assessments.publication(db, register, ident)
        if published and published.withdrawal:
            return ChangeReason(published.assessment, None, published.withdrawal)
    return _reason(began[row.id]) if row.id in began else None
