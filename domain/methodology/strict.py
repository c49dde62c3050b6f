"""The strict reading of an assessment: judged by the sources that existed by a day, and by no others."""

from collections.abc import Mapping

from msgspec.structs import replace

from domain.methodology.rules import against_sources
from domain.methodology.sources import CONFIDENCE_ORDER, confidence_of
from domain.methodology.versions import methodology_of
from domain.values import Assessment, EvidenceFacts


def read_strictly(assessment: Assessment, existing: Mapping[str, EvidenceFacts]) -> Assessment | None:
    """The assessment on those of its sources that existed; None if they do not support its status (rule 8).

    One that cites no other source stays as it is. Otherwise its confidence is no higher than its sources carry.
    """
    cited = tuple(ident for ident in assessment.evidence if ident in existing)
    if len(cited) == len(assessment.evidence):
        return assessment
    method = methodology_of(assessment.methodology)
    sources = {ident: existing[ident] for ident in cited}
    carried = confidence_of(sources.values(), method)
    confidence = min(assessment.confidence or carried, carried, key=CONFIDENCE_ORDER.__getitem__)
    strict = replace(assessment, evidence=cited, confidence=confidence)
    refusals = [r for r in against_sources(strict, sources, method) if method.applies(r.rule)]
    return strict if cited and not refusals else None
