"""The words that say where a recommendation is now."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup
from sqlalchemy import Connection

from app.presentation.i18n.localize import isolated, localized, localized_text
from app.presentation.i18n.translation import _
from domain.values import Assessment, Element
from projections.assessments import queries as assessments
from projections.catalogue import queries as catalogue
from projections.engine.reading import read_once
from projections.scorecards.present_runs import deciding_runs, present_runs
from projections.scorecards.results import Standing, TimePair


class PresentStatement:
    """Where an item is now: the newest statement since its status began, else the rationale of that change.

    `assessment` holds the words, in `field`; `part` is the part that it is about, None for a whole recommendation.
    `beginning` is the assessment that began the status.
    """

    def __init__(self, run: Sequence[Assessment], part: Element | None = None) -> None:
        stated = [a for a in run if a.statement]
        self.beginning = run[0]
        self.assessment = stated[-1] if stated else run[0]
        self.field = "statement" if stated else "rationale"
        self.part = part

    @property
    def original(self) -> str:
        return str(getattr(self.assessment, self.field))

    @property
    def words(self) -> str:
        """In the language of the page, with the part named."""
        return self._with_part(localized_text(self.assessment, self.field))

    def _with_part(self, text: str) -> str:
        if self.part is None:
            return text
        return _("Part “%(part)s”: %(text)s", part=localized_text(self.part, "title"), text=text)

    @property
    def marked_words(self) -> Markup | str:
        """The same with the languages of originals marked."""
        return marked(self.assessment, self.field, self.part)

    @property
    def reason(self) -> str:
        """Why the status began, with the part named."""
        return self._with_part(localized_text(self.beginning, "rationale"))

    @property
    def marked_reason(self) -> Markup | str:
        """The same with the languages of originals marked."""
        return marked(self.beginning, "rationale", self.part)


def marked(fact: object, field: str, part: Element | None) -> Markup | str:
    """A text about a recommendation, or about a part of it, which it names."""
    text = localized(fact, field)
    if part is None:
        return text
    return _("Part “%(part)s”: %(text)s", part=isolated(localized(part, "title")), text=isolated(text))


def present_statements(
    db: Connection, register: str, at: TimePair, standings: Mapping[str, Standing]
) -> dict[str, PresentStatement]:
    """The statements of recommendations by id, of the item that began the status; those not assessed have none."""
    return _read_statements(db, register, at, present_runs(db, register, at, standings))


def deciding_statements(
    db: Connection, register: str, at: TimePair, standings: Mapping[str, Standing]
) -> dict[str, PresentStatement]:
    """The same of an item that decides the status on the day."""
    return _read_statements(db, register, at, deciding_runs(db, register, at, standings))


def _read_statements(
    db: Connection, register: str, at: TimePair, runs: Mapping[str, Sequence[str]]
) -> dict[str, PresentStatement]:
    texts = assessments.by_id(db, register, {ident for run in runs.values() for ident in run})
    about = {(ident, texts[run[0]].element) for ident, run in runs.items() if run and texts[run[0]].element}
    parts = catalogue.elements_by_id(db, register, at.known_at, about)
    return {
        ident: PresentStatement([texts[i] for i in run], parts.get((ident, texts[run[0]].element)))
        for ident, run in runs.items()
        if run
    }


def present_statement(
    db: Connection, register: str, at: TimePair, standing: Standing | None
) -> PresentStatement | None:
    """That of one recommendation; None if it is not on the scorecard or not assessed."""
    if standing is None:
        return None
    return present_statements(db, register, at, {standing.id: standing}).get(standing.id)


def deciding_statement(
    db: Connection, register: str, at: TimePair, standing: Standing | None
) -> PresentStatement | None:
    """The same of an item that decides the status on the day."""
    if standing is None:
        return None
    of = {standing.id: standing}
    found = read_once(
        db, (deciding_statement, register, at, standing.id), lambda: deciding_statements(db, register, at, of)
    )
    return found.get(standing.id)
