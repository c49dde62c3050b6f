"""Rule 8: what confidence a set of sources carries."""

from collections.abc import Iterable, Sequence

from domain.codes import Confidence, SourceClass, Status
from domain.errors import Refusal, refusal
from domain.methodology.methodology import Methodology
from domain.values import EvidenceFacts

CONFIDENCE_ORDER = {Confidence.LOW: 0, Confidence.MEDIUM: 1, Confidence.HIGH: 2}


def confidence_of(sources: Iterable[EvidenceFacts], method: Methodology) -> Confidence:
    """The highest confidence that these sources carry; a source named twice counts once."""
    primary = False
    independent: dict[str, str] = {}
    for source in sources:
        if source.source_class in method.primary:
            primary = True
        elif source.source_class in method.independent:
            independent[source.id] = source.publisher.casefold()
    if primary:
        return Confidence.HIGH if independent else Confidence.MEDIUM
    return Confidence.MEDIUM if len(set(independent.values())) > 1 else Confidence.LOW


def missing_source(status: Status, sources: Iterable[EvidenceFacts], method: Methodology) -> Refusal | None:
    """What is missing for a status, or None when the classes of the sources are enough."""
    if status in method.set_aside or status is Status.NOT_ASSESSED:
        return None
    classes = {source.source_class for source in sources}
    is_any_cited = bool(classes)
    classes.discard(SourceClass.UNCLASSIFIED)
    if status is Status.NO_ACTION:
        if SourceClass.NULL_SEARCH in classes or not classes.isdisjoint(method.primary):
            return None
        return refusal(
            "“No action found” needs a recorded search that found nothing, or a primary source that "
            "confirms it (rule 8).",
            rule=8,
            field="evidence",
        )
    if is_any_cited and not classes:
        return refusal(
            "Say what kind of source it is: one that is not classified yet supports no status (rule 8).",
            rule=8,
            field="evidence",
        )
    return None if classes else refusal("Choose at least one item of evidence (rule 8).", rule=8, field="evidence")


def supported_statuses(classes: Sequence[SourceClass], method: Methodology) -> tuple[Status, ...]:
    """The statuses that sources of these kinds, each of another publisher, support without any other source."""
    sources = [EvidenceFacts(id=str(n), publisher=str(n), source_class=kind) for n, kind in enumerate(classes)]
    is_medium = confidence_of(sources, method) is not Confidence.LOW
    judged = [s for s in method.meanings if s not in method.set_aside and s is not Status.NOT_ASSESSED]
    return tuple(
        status
        for status in judged
        if missing_source(status, sources, method) is None and (is_medium or status not in method.high_stakes)
    )
