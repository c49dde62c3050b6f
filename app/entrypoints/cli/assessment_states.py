"""The states of one assessment, from its proposal to its withdrawal, found by trying each action."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from domain.codes import Kind, Reason, SourceClass, Status
from domain.errors import Refused
from domain.methodology.methodology import Methodology
from domain.recommendation.aggregate import Recommendation
from domain.recommendation.judging_context import JudgingContext
from domain.values import Assessment, EvidenceFacts, RecommendationFacts, RegisterSettings, SuccessCriteria

_ID = "assessment"
_NOW = datetime(2024, 1, 1, tzinfo=UTC)
_SOURCES = {"official": EvidenceFacts(id="official", publisher="Ministry", source_class=SourceClass.OFFICIAL)}
_PROPOSAL = Assessment(
    id=_ID,
    status=Status.PARTLY,
    effective_on="2023-01-01",
    reason=Reason.FIRST_ASSESSMENT,
    rationale="Because.",
    evidence=("official",),
)
Action = Callable[[Recommendation, JudgingContext], None]
ACTIONS: dict[str, Action] = {
    "propose": lambda r, context: r.propose(_PROPOSAL, "author", context, _SOURCES),
    "revise": lambda r, context: r.revise(_PROPOSAL, "author", context, _SOURCES),
    "return": lambda r, context: r.return_to_author(_ID, "Say more.", "editor"),
    "schedule": lambda r, context: r.schedule(_ID, _NOW + timedelta(days=1), "editor", context, _SOURCES),
    "unschedule": lambda r, context: r.unschedule(_ID, "editor"),
    "publish": lambda r, context: r.publish(_ID, "editor", context, _SOURCES),
    "decline": lambda r, context: r.decline(_ID, "It is wrong.", "editor"),
    "withdraw": lambda r, context: r.withdraw_assessment(_ID, "It was wrong.", "editor", context),
}
STEPS: dict[str, tuple[str, ...]] = {
    "none": (),
    "proposed": ("propose",),
    "returned": ("propose", "return"),
    "scheduled": ("propose", "schedule"),
    "published": ("propose", "publish"),
    "declined": ("propose", "decline"),
    "withdrawn": ("propose", "publish", "withdraw"),
}
"""The actions that lead to each state."""


def rows(method: Methodology) -> Iterator[tuple[str, ...]]:
    """A row for each state: the state that each action leads to, empty where it is refused."""
    context = JudgingContext.of(RegisterSettings(id="register", title="R", methodology=method.version), _NOW)
    for state, steps in STEPS.items():
        yield (state, *(_after(steps, action, context) for action in ACTIONS))


def _after(steps: tuple[str, ...], action: str, context: JudgingContext) -> str:
    recommendation = _recommendation()
    for step in steps:
        ACTIONS[step](recommendation, context)
    try:
        ACTIONS[action](recommendation, context)
    except Refused:
        return ""
    return state_of(recommendation)


def state_of(recommendation: Recommendation) -> str:
    """The state of the one assessment."""
    if published := recommendation.assessments.get(_ID):
        return "withdrawn" if published.withdrawn_at else "published"
    if _ID in recommendation.declined_ids:
        return "declined"
    if _ID in recommendation.returned_ids:
        return "returned"
    if _ID in recommendation.publish_times:
        return "scheduled"
    return "proposed" if _ID in recommendation.proposals else "none"


def _recommendation() -> Recommendation:
    """A recommendation with approved success criteria."""
    facts = RecommendationFacts(
        id="recommendation",
        title="R",
        summary="S",
        kind=Kind.ONE_OFF,
        theme="theme",
        addressees=("ministry",),
        publication="report",
        recommended_on="2020-01-01",
    )
    recommendation = Recommendation.register_new("register", facts, "author")
    criteria = SuccessCriteria(counts="An act.", does_not_count="A word.")
    recommendation.import_criteria(criteria, "author", approved_by="editor")
    return recommendation
