"""Makes the new assessments of a plan proposals, which an editor decides like any other."""

from collections.abc import Callable

from msgspec.structs import replace

from app.services.bundles.import_plan import ImportPlan
from app.services.bundles.problems import BundleProblem
from app.services.bundles.rows import AssessmentRow
from domain.application import Tracker
from domain.claims import name_to_claim
from domain.errors import Refused
from domain.recommendation.aggregate import Recommendation
from domain.recommendation.judging_context import JudgingContext

_LONGEST_ID = 80


class Proposer:
    """Proposes assessments in the name of one person; what the rules refuse becomes a problem of the plan."""

    def __init__(self, tracker: Tracker, plan: ImportPlan, context: JudgingContext, by: str) -> None:
        self.tracker, self.plan, self.context, self.by = tracker, plan, context, by
        self.register = plan.bundle.settings.id
        self.claims: dict[str, str] = {}

    def propose(self, find: Callable[[str], Recommendation]) -> list[Recommendation]:
        """Propose all new assessments, and return the recommendations. What waits already is not proposed again."""
        changed = []
        for row in self.plan.new["assessments"]:
            recommendation = find(row.recommendation)
            if _waits(recommendation, row):
                continue
            try:
                self._propose(recommendation, row)
            except Refused as refused:
                self.plan.problems += [
                    BundleProblem("assessments.csv", row.line, r.field or "", r) for r in refused.refusals
                ]
            else:
                changed.append(recommendation)
        return changed

    def _propose(self, recommendation: Recommendation, row: AssessmentRow) -> None:
        ident, number = row.fact.id, 1
        while (claim := name_to_claim(self.tracker, self.register, ident)) in self.claims or self._is_taken(claim):
            number += 1
            ident = f"{row.fact.id[: _LONGEST_ID - 6].strip('-')}-{number}"
        recommendation.propose(replace(row.fact, id=ident), self.by, self.context, self.plan.sources)
        self.claims[claim] = row.recommendation

    def _is_taken(self, claim: str) -> bool:
        return self.tracker.claim(claim) is not None


def sources_of_proposals(plan: ImportPlan) -> set[str]:
    """The new sources that nothing published rests on: they stay among the notes of staff until it does."""
    published = set()
    for sheet in ("responses", "deadlines", "developments"):
        rows = [*plan.new[sheet], *(a.row for a in plan.amendments.values() if a.sheet == sheet)]
        published |= {source for row in rows for source in row.fact.evidence}
    return {row.fact.id for row in plan.new["evidence"]} - published


def _waits(recommendation: Recommendation, row: AssessmentRow) -> bool:
    """Whether an open proposal says the same status of the same item on the same day."""
    said = row.fact.element, row.fact.status, row.fact.effective_on
    return any((p.element, p.status, p.effective_on) == said for p in recommendation.proposals.values())
