"""Checks the kinds of the sources of a bundle."""

from collections.abc import Iterator, Mapping, Sequence

from app.services.bundles.problems import BundleProblem
from app.services.bundles.rows import Bundle, EvidenceRow
from domain.codes import SourceClass
from domain.errors import refusal

_FILE, _COLUMN = "evidence.csv", "source_class"


def check_source_classes(
    amended: Mapping[str, EvidenceRow], new: Sequence[EvidenceRow], bundle: Bundle, stored: Bundle, *, is_open: bool
) -> Iterator[BundleProblem]:
    """Yield a problem for each source whose kind changes under the confidence of an assessment that stays published,
    and in an open register for each new one whose kind is not known.
    """
    withdrawn = {r.assessment for b in (stored, bundle) for r in b.withdrawals if r.assessment}
    classes = {r.fact.id: r.fact.source_class for r in stored.evidence}
    for row in amended.values():
        if row.fact.source_class is classes[row.fact.id]:
            continue
        resting = [
            r.fact.id
            for r in stored.assessments
            if row.fact.id in r.fact.evidence and r.fact.confidence and r.fact.id not in withdrawn
        ]
        if resting:
            reason = refusal(
                "the confidence of published assessments rests on it: {ids}.",
                cure="Withdraw them first.",
                ids=", ".join(resting),
            )
            yield BundleProblem(_FILE, row.line, _COLUMN, reason)
    for row in new if is_open else ():
        if row.fact.source_class is SourceClass.UNCLASSIFIED:
            reason = refusal("Choose what kind of source it is. The register is open.")
            yield BundleProblem(_FILE, row.line, _COLUMN, reason)
