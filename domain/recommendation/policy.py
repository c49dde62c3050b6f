"""What the rules hold against publishing and withdrawing, as sentences; nothing changes here."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from domain.errors import Refusal, refusal
from domain.methodology.rules import Case, judge
from domain.recommendation.judging_context import JudgingContext, PublishedAssessment, needs_second_person
from domain.times import day_in, shown
from domain.values import Assessment, EvidenceFacts

if TYPE_CHECKING:
    from domain.recommendation.aggregate import Recommendation

Sources = Mapping[str, EvidenceFacts]


def objections(
    to: "Recommendation", assessment: Assessment, setting: JudgingContext, sources: Sources, without: str = ""
) -> list[Refusal]:
    """What rules 1 to 8 hold against an assessment at an instant; empty when nothing does.

    `without` names a published assessment that counts as withdrawn.
    """
    if wrong := to.item_problem(assessment.element):
        return [Refusal(wrong, field="element")]
    if other_version := refuse_other_version(assessment, setting):
        return other_version
    case = Case(
        methodology=setting.methodology,
        kind=to.kind_of(assessment.element),
        earlier=[e for e in to.earlier(assessment.element) if e.id != without],
        sources=sources,
        published_on=day_in(setting.time_zone, setting.at),
    )
    return judge(assessment, case)


def against_publishing(
    of: "Recommendation", proposal: Assessment, by: str, setting: JudgingContext, sources: Sources, without: str = ""
) -> list[Refusal]:
    """What rules 1 to 9 refuse, and a proposal without approved success criteria (rule 10)."""
    found = objections(of, proposal, setting, sources, without)
    if proposal.id in of.returned:
        found.append(refusal("“{id}” was returned to its author, who revises it first.", id=proposal.id))
    found += refuse_same_person(proposal, by, setting)
    if setting.methodology.applies(10) and proposal.element not in of.cards:
        found.append(_no_card(of, proposal.element))
    return found


def refuse_other_version(assessment: Assessment, context: JudgingContext) -> list[Refusal]:
    """A new assessment cannot choose its version of the methodology."""
    if assessment.methodology in ("", context.methodology.version):
        return []
    return [
        refusal(
            "A new assessment is made under the methodology of its register, {current}, not under “{version}”.",
            current=context.methodology.version,
            version=shown(assessment.methodology),
            field="methodology",
        )
    ]


def refuse_same_person(proposal: Assessment, by: str, context: JudgingContext) -> list[Refusal]:
    """A proposer who publishes alone what needs two people (rule 9)."""
    if not needs_second_person(proposal, context) or proposal.proposed_by != by:
        return []
    return [
        refusal("“{status}” is published by somebody other than its proposer (rule 9).", status=proposal.status, rule=9)
    ]


def against_withdrawing(
    of: "Recommendation",
    kept: PublishedAssessment,
    reason: str,
    by: str,
    context: JudgingContext,
    replaced_by: str = "",
) -> list[Refusal]:
    """What stands against taking back an assessment, which another published one may replace."""
    found = []
    if not reason.strip():
        found.append(refusal("Say why it is withdrawn; the reason is shown in public.", field="why"))
    if replaced_by and (replaced_by not in of.published or replaced_by == kept.assessment.id):
        found.append(
            refusal(
                "“{id}”, said to replace it, is no published assessment of this recommendation.",
                id=replaced_by,
                field="replaced_by",
            )
        )
    if context.asks_for_two_people and kept.assessment.proposed_by == by:
        found.append(
            refusal("A withdrawal is made by somebody other than the person who proposed it (rule 9).", rule=9)
        )
    return found


def _no_card(of: "Recommendation", element: str) -> Refusal:
    if not element:
        return refusal("The card of “{id}” must be approved first (rule 10).", id=of.facts.id, rule=10)
    return refusal(
        "The card of “{id}”, element “{element}”, must be approved first (rule 10).",
        id=of.facts.id,
        element=element,
        rule=10,
    )
