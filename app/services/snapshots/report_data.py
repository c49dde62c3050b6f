"""The data of a report, read from the projections once for all languages and charts."""

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

from sqlalchemy import Connection

from app.presentation.answers.as_of import AsOf
from app.presentation.answers.body_scorecards import BodyScorecard, read_body_scorecards
from app.presentation.charts.axis import Axis, build_axis
from app.presentation.i18n.ordering import ItemOrder
from app.presentation.narrative.change_reasons import reasons_of_changes, reasons_of_corrections
from app.presentation.narrative.review_days import ReviewDay, review_days
from app.presentation.narrative.source_dates import SourceDates, count_source_dates
from app.presentation.narrative.statement import PresentStatement, present_statements
from app.presentation.narrative.strict_reading import StrictReading
from app.services.snapshots.comparison_start import ComparisonStart
from app.services.snapshots.metadata import SnapshotMetadata
from app.services.snapshots.report import MAX_DETAILED_ROWS
from domain.methodology.versions import methodology_of
from domain.review.schedule import due_at
from domain.review.state import SignOff
from domain.times import first_day
from projections.assessments import queries as assessments
from projections.assessments.queries import PublicAssessment
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import DeadlineEntry, RegisterEntry
from projections.engine.batches import END_OF_TIME
from projections.lineage import queries as lineage
from projections.responses import queries as responses
from projections.scorecards.comparison import Comparison
from projections.scorecards.queries import counts, due_counts, standings
from projections.scorecards.results import Counts, Standing, TimePair
from projections.scorecards.status_history import StatusHistory, status_histories


class ReportData:
    """The data that reports and charts share."""

    def __init__(
        self,
        db: Connection,
        metadata: SnapshotMetadata,
        entry: RegisterEntry,
        times: AsOf,
        comparison: Comparison,
        since: ComparisonStart,
        sign_offs: Sequence[SignOff] = (),
        strict: StrictReading | None = None,
    ) -> None:
        instant, register = metadata.known, metadata.register
        self.metadata, self.entry, self.times, self.comparison, self.start = metadata, entry, times, comparison, since
        self.since: AsOf = since.times
        self.sign_offs, self.strict = sign_offs, strict
        self.logo = catalogue.logo(db, metadata.register, END_OF_TIME).png
        """The institution's logo as PNG; empty if there is none."""
        self.methodology = methodology_of(entry.settings.methodology)
        self.counts: Counts = counts(db, register, times.pair)
        self.facts = {i: e.facts for i, e in catalogue.recommendations(db, register, instant).items()}
        self.themes = catalogue.themes(db, register, instant)
        order = ItemOrder(self.facts, self.themes, by_theme_id=True)
        standings_by_id = standings(db, register, times.pair)
        self.standings: dict[str, Standing] = {i: standings_by_id[i] for i in order.sort(standings_by_id)}
        self.bodies = catalogue.bodies(db, register, instant)
        self.body_tree = catalogue.body_tree(db, register, instant)
        self.body_scorecards: dict[str, BodyScorecard] = (
            {} if self.is_large else read_body_scorecards(db, register, self.body_tree, times.pair)
        )
        self.publications = catalogue.publications(db, register, instant)
        self.criteria = {
            (c.recommendation, c.card.element): c.card for c in catalogue.success_criteria(db, register, instant)
        }
        self.elements = defaultdict(list)
        for element in catalogue.elements(db, register, instant):
            self.elements[element.recommendation].append(element.element)
        self.developments = [
            d for d in catalogue.developments(db, register, instant) if first_day(d.date) <= times.as_of
        ]
        self.schedules = list(catalogue.reviews(db, register, instant).values())
        self.histories: dict[str, StatusHistory] = status_histories(db, register, instant, times.as_of)
        evidence_to = entry.settings.evidence_to
        self.evidence_until = first_day(evidence_to) if evidence_to else None
        self.evidence = catalogue.evidence(db, register, instant)
        self.responses = responses.of_register(db, register, times.as_of, instant)
        self.due_counts = due_counts(db, register, times.pair)
        self.relations = lineage.of_register(db, register, times.as_of, instant)
        self._load_deadlines(db)
        self.statements: dict[str, PresentStatement] = (
            {} if self.is_large else present_statements(db, register, times.pair, self.standings)
        )
        self._load_assessments(db)
        self._load_reasons(db)

    def _load_deadlines(self, db: Connection) -> None:
        """Load the deadlines stated by the day of the report."""
        self.deadlines = defaultdict[str, list[DeadlineEntry]](list)
        for entry in catalogue.deadlines(db, self.metadata.register, self.metadata.known):
            if first_day(entry.deadline.stated_on) <= self.times.as_of:
                self.deadlines[entry.recommendation].append(entry)

    def _load_assessments(self, db: Connection) -> None:
        """Load withdrawals, and for a register that is not large the assessments."""
        instant, as_of = self.metadata.known, self.times.as_of
        ids = {ident: ident for ident in self.evidence}  # shares one string for each id
        citations = defaultdict[str, list[str]](list)
        self.assessments = defaultdict[str, list[PublicAssessment]](list)
        self.withdrawals = assessments.withdrawals(db, self.metadata.register, instant)
        for p in assessments.each_published(db, self.metadata.register, instant):
            if first_day(p.assessment.effective_on) > as_of:
                continue
            citations[p.recommendation] += [ids.get(i, i) for i in p.assessment.evidence]
            if not self.is_large:
                self.assessments[p.recommendation].append(p)
        self._number_references(citations)
        self.sources: SourceDates = count_source_dates(
            self.reference_numbers,
            self.evidence,
            catalogue.first_known(db, self.metadata.register, "evidence"),
            as_of,
            due_at(as_of, self.entry.settings.time_zone),
        )

    def _load_reasons(self, db: Connection) -> None:
        """Load why statuses changed, and why other statuses are published about the day of the earlier report."""
        register, rows = self.metadata.register, self.comparison.rows
        changed, learned = [r for r in rows if r.changed and r.b], [r for r in rows if r.learned and r.a]
        day = TimePair(self.since.as_of, self.times.known_at)
        self.reasons = reasons_of_changes(db, register, changed, self.times.pair)
        self.correction_reasons = reasons_of_corrections(db, register, learned, day)

    def _number_references(self, citations: dict[str, list[str]]) -> None:
        """Number the evidence in the order in which the recommendations cite it; `citations` are of assessments."""
        self.reference_numbers: dict[str, int] = {}
        for development in self.developments:
            for ident in development.recommendations:
                citations[ident] += development.evidence
        for ident, some in self.responses.items():
            citations[ident] += [e for r in some for e in r.facts.evidence]
        for ident, stated in self.deadlines.items():
            citations[ident] += [e for d in stated for e in d.deadline.evidence]
        for ident in self.standings:
            for ref in citations[ident]:
                self.reference_numbers.setdefault(ref, len(self.reference_numbers) + 1)

    @property
    def is_large(self) -> bool:
        """Whether the report leaves single assessments to the workbook."""
        return len(self.standings) > MAX_DETAILED_ROWS

    def successors(self, ident: str) -> list[str]:
        """The ids of the later editions of a recommendation in this register."""
        register = self.metadata.register
        return [i for _, i in lineage.successors(self.relations.get(ident, ()), (register, ident), {register})]

    @property
    def reviews(self) -> list[ReviewDay]:
        return review_days(self.schedules, self.times.as_of)

    @cached_property
    def axis(self) -> Axis:
        return build_axis(
            [history[0].start for history in self.histories.values() if history], self.reviews, self.times.as_of
        )
