"""Amends what is stored as a later edition of a bundle has it, held to the rules of the domain."""

import secrets
from collections.abc import Callable
from functools import partial

from app.services.bundles.import_plan import ImportPlan
from app.services.bundles.row_verdicts import RowAmendment
from domain.application import Tracker
from domain.base import Aggregate
from domain.errors import Refused, refusal
from domain.evidence.aggregate import Evidence
from domain.evidence.record import EvidenceRecord
from domain.ids import evidence_id, review_id
from domain.recommendation.aggregate import Recommendation
from domain.register.aggregate import Register
from domain.review.aggregate import Review


class Amender:
    """Carries out the amendments of a plan, with one reason; what is refused becomes a problem of the plan."""

    def __init__(self, tracker: Tracker, plan: ImportPlan, by: str, why: str) -> None:
        self.tracker, self.plan, self.by, self.why = tracker, plan, by, why
        self.records: list[EvidenceRecord] = []

    def amend_register(self, register: Register) -> None:
        """The settings, themes, publications and bodies."""
        for amendment in self._of("settings"):
            self._try(amendment, partial(register.amend, amendment.row, self.by, self.why, ()))
        for amendment in self._of("themes", "publications", "bodies"):
            self._try(amendment, partial(register.amend, amendment.row.fact, self.by, self.why, ()))

    def amend_parts(self, find: Callable[[str], Recommendation]) -> list[Aggregate]:
        """Reviews, sources, recommendations and elements; returns those that changed."""
        is_open, changed = self.plan.is_open, dict[int, Aggregate]()
        register = self.plan.bundle.settings.id
        for amendment in self._of("reviews"):
            review = self.tracker.load(Review, review_id(register, amendment.row.id))
            changed[id(review)] = review
            self._try(amendment, partial(review.amend, amendment.row, self.by, self.why, (), is_open=is_open))
        for amendment in self._of("evidence"):
            evidence = self.tracker.load(Evidence, evidence_id(register, amendment.row.fact.id))
            changed[id(evidence)] = evidence
            self._try(amendment, partial(self._amend_evidence, evidence, amendment))
        for amendment in self._of("recommendations", "elements"):
            row = amendment.row
            recommendation = find(row.recommendation if amendment.sheet == "elements" else row.fact.id)
            changed[id(recommendation)] = recommendation
            amend = partial(recommendation.amend, row.fact, self.by, self.why, (), is_open=is_open)
            self._try(amendment, amend)
        return list(changed.values())

    def _amend_evidence(self, evidence: Evidence, amendment: RowAmendment) -> None:
        if evidence.text_removal:
            raise Refused(refusal("The texts of this source were removed. Change it on its own page.", field="title"))
        text = amendment.row.text
        record = EvidenceRecord(key=secrets.token_hex(16), salt=secrets.token_hex(16), text=text)
        evidence.amend(amendment.row.fact, record, self.by, self.why, is_open=self.plan.is_open)
        self.records.append(record)

    def _of(self, *sheets: str) -> list[RowAmendment]:
        return [a for a in self.plan.amendments.values() if a.sheet in sheets]

    def _try(self, amendment: RowAmendment, amend: Callable[[], None]) -> None:
        try:
            amend()
        except Refused as refused:
            self.plan.refuse_amendment(amendment, refused)
