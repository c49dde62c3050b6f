"""Who may publish or withdraw an assessment, and when: rules 1 to 10 as refusals. Nothing changes here.

Rules 1 to 8 are about the assessment itself and are in `domain.methodology.rules`; rules 9 and 10 are here.
"""

from collections.abc import Collection, Iterator

from domain.codes import PeerReview, SourceClass
from domain.errors import Refusal, refusal
from domain.methodology.rules import Case, judge
from domain.recommendation.judging_context import JudgingContext, Sources
from domain.recommendation.state import PublishedAssessment, RecommendationState
from domain.times import day_in, shown
from domain.values import Assessment, Element, RecommendationFacts


def assessment_refusals(
    state: RecommendationState, assessment: Assessment, context: JudgingContext, sources: Sources, without: str = ""
) -> list[Refusal]:
    """What rules 1 to 8 refuse about an assessment; empty if it may be proposed.

    `without` is the id of a published assessment to treat as withdrawn.
    """
    if problem := state.item_problem(assessment.element):
        return [problem.about("element")]
    if other_methodology := methodology_refusals(assessment, context):
        return other_methodology
    case = Case(
        methodology=context.methodology,
        kind=state.kind_of(assessment.element),
        earlier=[e for e in state.earlier(assessment.element) if e.id != without],
        sources=sources,
        published_on=day_in(context.time_zone, context.at),
    )
    return judge(assessment, case) or list(unclassified_refusals(assessment, sources))


def unclassified_refusals(assessment: Assessment, sources: Sources) -> Iterator[Refusal]:
    """Sources beside others that support the status: only an earlier record is stored before they are classified."""
    cited = [e for e in assessment.evidence if e in sources]
    if unclassified := [e for e in cited if sources[e].source_class is SourceClass.UNCLASSIFIED]:
        ids = ", ".join(f"“{e}”" for e in unclassified)
        yield refusal("Say first what kind of source it is: {ids}.", ids=ids, field="evidence")


def publishing_refusals(
    state: RecommendationState,
    proposal: Assessment,
    by: str,
    context: JudgingContext,
    sources: Sources,
    without: str = "",
) -> list[Refusal]:
    """What rules 1 to 9 refuse, and a proposal without approved success criteria (rule 10)."""
    refusals = assessment_refusals(state, proposal, context, sources, without)
    if proposal.id in state.returned_ids:
        refusals.append(refusal("“{id}” was returned to its author, who must revise it first.", id=proposal.id))
    refusals += second_person_refusals(proposal, by, context, state.proposal_writers.get(proposal.id, ()))
    if context.methodology.applies(10) and proposal.element not in state.criteria_numbers:
        refusals.append(_criteria_refusal(state, proposal.element))
    return refusals


def methodology_refusals(assessment: Assessment, context: JudgingContext) -> list[Refusal]:
    """A new assessment cannot choose its version of the methodology."""
    if assessment.methodology in ("", context.methodology.version):
        return []
    return [
        refusal(
            "A new assessment must use the methodology of its register, {current}, not “{version}”.",
            current=context.methodology.version,
            version=shown(assessment.methodology),
            field="methodology",
        )
    ]


def needs_second_person(assessment: Assessment, context: JudgingContext) -> bool:
    """Whether rule 9 requires that someone other than the proposer publishes it."""
    if not context.asks_for_two_people:
        return False
    return context.peer_review is PeerReview.ALWAYS or assessment.status in context.methodology.high_stakes


def second_person_refusals(
    proposal: Assessment, by: str, context: JudgingContext, writers: Collection[str] = ()
) -> list[Refusal]:
    """A proposer, or a writer of an earlier version, who publishes alone what needs a second person (rule 9)."""
    if not needs_second_person(proposal, context) or by not in {proposal.proposed_by, *writers}:
        return []
    if proposal.proposed_by != by:
        return [refusal("You wrote an earlier version of it, so another person must publish it (rule 9).", rule=9)]
    return [
        refusal(
            "“{status}” must be published by someone other than its proposer (rule 9).", status=proposal.status, rule=9
        )
    ]


def withdrawal_refusals(
    state: RecommendationState,
    published: PublishedAssessment,
    reason: str,
    by: str,
    context: JudgingContext,
    replaced_by: str = "",
) -> list[Refusal]:
    """What stops this person from withdrawing an assessment, which another published one may replace."""
    refusals = []
    if not reason.strip():
        refusals.append(refusal("Enter why it is withdrawn. The reason is public.", field="why"))
    if replaced_by and (replaced_by not in state.assessments or replaced_by == published.assessment.id):
        refusals.append(
            refusal(
                "“{id}” cannot replace it: it is not a published assessment of this recommendation.",
                id=replaced_by,
                field="replaced_by",
            )
        )
    if context.asks_for_two_people and published.assessment.proposed_by == by:
        refusals.append(refusal("Someone other than its proposer must withdraw it (rule 9).", rule=9))
    return refusals


def filing_refusals(
    state: RecommendationState,
    before: RecommendationFacts | Element,
    after: RecommendationFacts | Element,
    *,
    is_open: bool,
) -> list[Refusal]:
    """What stops an amendment because of what the item is already judged by."""
    element = after.id if isinstance(after, Element) else ""
    refusals = [
        refusal(
            "“{name}” is fixed once an assessment is published. Register a successor and link it to this one.",
            name=name,
            field=name,
        )
        for name in ("kind", "core")
        if getattr(before, name, None) != getattr(after, name, None) and state.is_assessed(element)
    ]
    if isinstance(after, Element) and not _has_core(state, after):
        refusals.append(refusal("At least one element of “{id}” must be a core one.", id=state.facts.id, field="core"))
    if is_open and getattr(before, "addressees", ()) != getattr(after, "addressees", ()):
        refusals.append(
            refusal(
                "Addressees of an open register change from a day on. Change them under “Addressees”.",
                field="addressees",
            )
        )
    return refusals


def _has_core(state: RecommendationState, changed: Element) -> bool:
    return any(e.core for e in {**state.elements, changed.id: changed}.values())


def _criteria_refusal(state: RecommendationState, element: str) -> Refusal:
    if not element:
        return refusal("Approve the success criteria of “{id}” first (rule 10).", id=state.facts.id, rule=10)
    return refusal(
        "Approve the success criteria of “{id}”, element “{element}”, first (rule 10).",
        id=state.facts.id,
        element=element,
        rule=10,
    )
