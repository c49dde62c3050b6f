"""Plans an import: a verdict for each row, and every reason against it. Stores nothing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from msgspec import structs

from app.presentation.i18n.translation import LazyText
from app.services.bundles.address_checks import check_publication_addresses, check_source_addresses
from app.services.bundles.addressee_checks import check_addressees, check_merges
from app.services.bundles.columns import SHEETS_BY_NAME
from app.services.bundles.date_checks import check_dates
from app.services.bundles.deadline_checks import check_deadlines
from app.services.bundles.logo_settings import LOGO
from app.services.bundles.problems import BundleProblem
from app.services.bundles.reading import APPROVED_BY_AUTHOR
from app.services.bundles.references import KnownIds, check_references
from app.services.bundles.relation_checks import check_relations
from app.services.bundles.response_checks import check_responses
from app.services.bundles.restated_rows import RESTATED, can_be_restated, find_stored, restated
from app.services.bundles.row_comparison import cell_text, differences, fact_differences, row_key
from app.services.bundles.row_verdicts import RowAmendment, RowVerdict, row_verdicts
from app.services.bundles.rows import AddresseeRow, AssessmentRow, Bundle, CardRow
from app.services.bundles.source_checks import check_source_classes
from domain.codes import Kind
from domain.errors import Refusal, Refused, refusal
from domain.methodology.rules import Case, Earlier, judge, with_defaults
from domain.methodology.versions import methodology_of
from domain.recommendation.judging_context import JudgingContext
from domain.recommendation.lineage import ItemKey
from domain.recommendation.policy import methodology_refusals, second_person_refusals
from domain.times import day_in, first_day, shown, written
from domain.values import Logo, SuccessCriteria

_AMEND = LazyText("An import adds; to change what is stored, choose to amend it (--update).").text
_COMMAND = LazyText("An import adds; to change what is stored, use a command.").text
AMENDABLE = ("themes", "publications", "bodies", "recommendations", "elements", "evidence")
"""The sheets whose rows an import may amend."""


class ImportPlan:
    """A bundle compared with the stored register (None for a new one) at an instant."""

    def __init__(
        self,
        bundle: Bundle,
        stored: Bundle | None,
        drafts: Mapping[tuple[str, str], SuccessCriteria],
        *,
        is_open: bool,
        now: datetime,
        allow_legacy: bool = False,
        update: bool = False,
        propose: bool = False,
        elsewhere: Mapping[ItemKey, Iterable[ItemKey]] = MappingProxyType({}),
    ) -> None:
        """With `update`, what is stored with other content is amended, where that is possible.

        With `propose`, new assessments wait as proposals of the person who imports them, who then judges them.
        `elsewhere` has what the recommendations of other registers continue that the bundle leads to.
        """
        self.drafts, self.update, self.propose = drafts, update, propose
        self.amendments: dict[tuple[str, int, str], RowAmendment] = {}
        self.bundle, self.is_open, self.now, self.allow_legacy = bundle, is_open, now, allow_legacy
        self.stored = stored or Bundle(settings=bundle.settings, opened_at=bundle.opened_at)
        self.is_new = stored is None
        self.problems: list[BundleProblem] = []
        self.new: dict[str, list[Any]] = {name: [] for name in SHEETS_BY_NAME}
        stored_reviews = {r.id for r in self.stored.reviews}
        self.new_reviews = [r for r in bundle.reviews if r.id not in stored_reviews]
        self.legacy: dict[str, tuple[Refusal, ...]] = {}
        self.registered = {
            r.fact.id: r.registered_at or now for r in (*bundle.recommendations, *self.stored.recommendations)
        }
        self.registered_here = {r.fact.id for r in self.stored.recommendations}
        self.kinds = self._kinds()
        self._fill_in_defaults()
        self._compare_settings()
        self.problems += check_references(bundle, KnownIds(self.stored, bundle))
        for sheet in SHEETS_BY_NAME:
            self._compare_rows(sheet)
        self.problems += check_dates(self.bundle, self.stored, self.new, self.registered, now)
        deadlines = {"deadlines": self._new_and_restated("deadlines")}
        self.problems += check_deadlines(self.bundle, self.stored, deadlines, self.registered, now)
        self.problems += check_relations(self.new["relations"], self.bundle, self.stored, now, elsewhere)
        self.problems += check_addressees(self.new["addressees"], self.bundle, self.stored, is_open=is_open)
        self.problems += check_merges(self.bundle, self.stored)
        classes = {a.row.fact.id: a.row for a in self.amendments.values() if a.sheet == "evidence"}
        self.problems += check_source_classes(classes, self.new["evidence"], self.bundle, self.stored, is_open=is_open)
        self.problems += check_publication_addresses(self._new_and_restated("publications"), self.stored.publications)
        self.problems += check_source_addresses(self._new_and_restated("evidence"), self.stored.evidence)
        if not self.problems:
            self.problems += check_responses(
                self._new_and_restated("responses"), self.bundle, self.stored, self.now, is_open=self.is_open
            )
            if not propose:
                self._check_rules()

    # What is new, and what is stored with the same content

    def _kinds(self) -> dict[tuple[str, str], Kind]:
        """Return the kind of each item, by recommendation and element."""
        kinds: dict[tuple[str, str], Kind] = {}
        for bundle in (self.stored, self.bundle):
            kinds |= {(r.fact.id, ""): r.fact.kind for r in bundle.recommendations}
            kinds |= {(r.recommendation, r.fact.id): r.fact.kind for r in bundle.elements}
        return kinds

    def _fill_in_defaults(self) -> None:
        """Fill in the defaults of assessments, so that rows compare equal to their stored form."""
        self.sources = {r.fact.id: r.fact for b in (self.stored, self.bundle) for r in b.evidence}
        version = self.bundle.settings.methodology
        rows = []
        for r in self.bundle.assessments:
            method, kind = methodology_of(r.fact.methodology or version), self.kinds.get(_item(r))
            if kind:  # else the references are wrong, and the row is refused
                r = structs.replace(r, fact=with_defaults(r.fact, kind, self.sources, method))
            rows.append(r)
        self.bundle = structs.replace(self.bundle, assessments=tuple(rows))

    def _compare_settings(self) -> None:
        for name, old, new in fact_differences(self.stored.settings, self.bundle.settings):
            settings = self.bundle.settings
            self._compare_fact("settings", settings, 1, name, settings.id, (old, new))
        self._compare_logo()
        stored_reviews = {r.id: r for r in self.stored.reviews}
        for review in self.bundle.reviews:
            if review.id in stored_reviews and review != stored_reviews[review.id]:
                titles = stored_reviews[review.id].title, review.title
                self._compare_fact("reviews", review, 1, "reviews", review.id, titles)
        new_opened_at, old_opened_at = self.bundle.opened_at, self.stored.opened_at
        if new_opened_at and old_opened_at and new_opened_at != old_opened_at:
            self._add_difference(
                "register.json", 1, "opened_at", self.bundle.settings.id, written(old_opened_at), written(new_opened_at)
            )

    def _compare_logo(self) -> None:
        """A bundle without a logo keeps the stored one."""
        self.new_logo = self.bundle.logo if self.bundle.logo != self.stored.logo else Logo()
        if self.new_logo.png and self.stored.logo.png and not self.update:
            reason = refusal("the register has another logo.", cure=_AMEND)
            self.problems.append(BundleProblem(LOGO, 0, "", reason))

    def _compare_rows(self, sheet: str) -> None:
        stored_rows = {row_key(sheet, row): row for row in getattr(self.stored, sheet)}
        for row in getattr(self.bundle, sheet):
            stored = stored_rows.get(row_key(sheet, row))
            if self.update:
                stored, row = find_stored(sheet, row, stored_rows)
            if isinstance(row, CardRow) and (stored is None or self.update) and self._is_drafted(row):
                continue
            if stored is None and self._is_asked_of_stored(row):
                asked = f"{row.fact.body} ({row.fact.role})"
                self._compare_fact(sheet, row, row.line, "addressees", " ".join(row_key(sheet, row)), ("", asked))
            elif stored is None:
                self._add_new(sheet, row)
            else:
                for column, old, new in differences(stored, row, self.registered):
                    ident = " ".join(row_key(sheet, row))
                    self._compare_fact(sheet, row, row.line, column, ident, (old, new), stored)

    def _add_new(self, sheet: str, row: Any) -> None:
        self.new[sheet].append(row)
        self._check_instants(sheet, row)
        if isinstance(row, CardRow):
            self._check_approval(row)

    def _is_asked_of_stored(self, row: Any) -> bool:
        """Whether a row adds an addressee to a stored recommendation, which is an amendment of it."""
        return self.update and isinstance(row, AddresseeRow) and row.recommendation in self.registered_here

    def _compare_fact(
        self,
        sheet: str,
        row: Any,
        line: int,
        column: str,
        ident: str,
        values: tuple[object, object],
        stored: Any = None,
    ) -> None:
        """Note a difference as a part of an amendment, or as a problem."""
        old, new = values
        if sheet in RESTATED:
            can_be_amended = can_be_restated(sheet, row, stored, column, is_open=self.is_open)
        else:
            is_fact = not column.startswith("merged_") and not column.endswith("_at")
            can_be_amended = is_fact and sheet in ("settings", "reviews", *AMENDABLE)
        if not (self.update and can_be_amended):
            file = "register.json" if sheet in ("settings", "reviews") else f"{sheet}.csv"
            self._add_difference(file, line, column, ident, old, new, can_be_amended=can_be_amended)
            return
        row = restated(row) if self.is_open and sheet in RESTATED else row
        amendment = self.amendments.setdefault((sheet, line, ident), RowAmendment(sheet, line, row, [], stored))
        amendment.changes.append(f"{column}: “{shown(cell_text(old))}” → “{shown(cell_text(new))}”")

    def refuse_amendment(self, amendment: RowAmendment, refused: Refused) -> None:
        """Note why an amendment is refused."""
        self.problems += [BundleProblem(amendment.file, amendment.line, r.field or "", r) for r in refused.refusals]

    def _new_and_restated(self, sheet: str) -> list[Any]:
        return [*self.new[sheet], *(a.row for a in self.amendments.values() if a.sheet == sheet)]

    def _is_drafted(self, row: CardRow) -> bool:
        """Whether a draft row is stored already, as the latest draft of its item."""
        draft = self.drafts.get((row.recommendation, row.fact.element))
        if draft is None or row.approved_by:
            return False
        return structs.replace(draft, author=row.fact.author or draft.author) == structs.replace(
            row.fact, author=row.fact.author or draft.author
        )

    def _add_difference(
        self,
        file: str,
        line: int,
        column: str,
        ident: str,
        old: object,
        new: object,
        *,
        can_be_amended: bool = False,
    ) -> None:
        how = _AMEND if can_be_amended else _COMMAND
        reason = refusal(
            "“{text}” is stored with other content: “{old}”, not “{new}”.",
            cure=how,
            text=ident,
            old=shown(cell_text(old)),
            new=shown(cell_text(new)),
        )
        self.problems.append(BundleProblem(file, line, column, reason, cell_text(new)))

    def _check_instants(self, sheet: str, row: Any) -> None:
        for name in ("registered_at", "approved_at", "published_at", "withdrawn_at", "merged_at"):
            at: datetime | None = getattr(row, name, None)
            if at is None:
                continue
            if self.is_open:
                reason = refusal("the register is open, so the store sets the time.", cure="Leave the cell empty.")
                self._add_problem(sheet, row, name, reason)
            elif at > self.now:
                self._add_problem(sheet, row, name, refusal("it is in the future."))

    def _check_approval(self, row: CardRow) -> None:
        """Rule 10, in an open register: before that, it is a finished record from elsewhere."""
        is_own = bool(row.approved_by) and row.approved_by == row.fact.author
        if is_own and self.is_open and not JudgingContext.of(self.stored.settings, self.now).author_may_approve:
            self._add_problem("cards", row, "approved_by", APPROVED_BY_AUTHOR)

    def _add_problem(self, sheet: str, row: Any, column: str, reason: Refusal) -> None:
        self.problems.append(BundleProblem(f"{sheet}.csv", row.line, column, reason))

    def _published(self, row: AssessmentRow) -> datetime:
        return row.published_at or self.now

    # Rules 1 to 8, and in an open register rule 9

    def _check_rules(self) -> None:
        withdrawn = {
            r.assessment: r.withdrawn_at or self.now
            for b in (self.bundle, self.stored)
            for r in b.withdrawals
            if r.assessment
        }
        history: dict[tuple[str, str], list[Earlier]] = defaultdict(list)
        for n, row in enumerate(self.stored.assessments):
            history[_item(row)].append(_earlier(row, self._published(row), n))
        start = len(self.stored.assessments)
        for n, row in enumerate(sorted(self.new["assessments"], key=self._published), start):
            at = self._published(row)
            item = _item(row)
            earlier = [e for e in history[item] if e.at <= at and not (e.id in withdrawn and withdrawn[e.id] <= at)]
            day = day_in(self.bundle.settings.time_zone, at)
            case = Case(methodology_of(row.fact.methodology), self.kinds[item], earlier, self.sources, day)
            refusals = judge(row.fact, case)
            if self.is_open:  # before that, it is a finished record from elsewhere
                context = JudgingContext.of(self.bundle.settings, at)
                refusals += methodology_refusals(row.fact, context)
                if row.published_by:
                    refusals += second_person_refusals(row.fact, row.published_by, context)
            grave = [r for r in refusals if not self.allow_legacy or r.rule in (5, 9, None)]
            if refusals and not grave:
                self.legacy[row.fact.id] = tuple(refusals)
            self.problems += [BundleProblem("assessments.csv", row.line, r.field or "", r) for r in grave]
            history[item].append(_earlier(row, at, n))
        self.problems.sort(key=lambda p: (p.file, p.line))

    def verdicts(self) -> list[RowVerdict]:
        """The verdict on every row, by the problems that are known."""
        return row_verdicts(self.bundle, self.new, self.amendments.values(), self.problems, self.legacy)


def _earlier(row: AssessmentRow, at: datetime, order: int) -> Earlier:
    return Earlier(row.fact.id, row.fact.status, first_day(row.fact.effective_on), at, order, row.fact.methodology)


def _item(row: AssessmentRow) -> tuple[str, str]:
    return row.recommendation, row.fact.element
