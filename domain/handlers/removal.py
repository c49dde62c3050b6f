"""Handlers of the commands that remove something from a register that was never opened."""

from domain.commands import (
    DiscardRegister,
    RemoveAssessment,
    RemoveBody,
    RemoveCriteria,
    RemoveDeadline,
    RemoveDevelopment,
    RemoveElement,
    RemoveEvidence,
    RemovePublication,
    RemoveRecommendation,
    RemoveRelation,
    RemoveResponse,
    RemoveReview,
    RemoveTheme,
)
from domain.development.aggregate import Development
from domain.errors import NotFound, refusal
from domain.handlers.context import Changes, CommandContext
from domain.handlers.deadline import load_deadline
from domain.handlers.response import load_response
from domain.ids import development_id

AMEND_INSTEAD = refusal("The register is open, so nothing is removed. Amend it, and say why.")
WITHDRAW_INSTEAD = refusal("The register is open, so nothing is removed. Withdraw it, and say why.")
KEEP = refusal("The register is open, so nothing is removed. Its record stays.")


def discard_register(context: CommandContext[DiscardRegister]) -> Changes:
    register = context.load_register()
    register.discard(context.by)
    return Changes((register,), erased=context.store.record_keys(context.command.register))


def remove_theme(context: CommandContext[RemoveTheme]) -> Changes:
    register = context.load_unopened_register(AMEND_INSTEAD)
    context.refuse_if_referred_to("theme", context.command.theme)
    register.remove_theme(context.command.theme, context.by)
    return Changes((register,))


def remove_publication(context: CommandContext[RemovePublication]) -> Changes:
    register = context.load_unopened_register(AMEND_INSTEAD)
    context.refuse_if_referred_to("publication", context.command.publication)
    register.remove_publication(context.command.publication, context.by)
    return Changes((register,))


def remove_body(context: CommandContext[RemoveBody]) -> Changes:
    register = context.load_unopened_register(AMEND_INSTEAD)
    context.refuse_if_referred_to("body", context.command.body)
    register.remove_body(context.command.body, context.by)
    return Changes((register,))


def remove_review(context: CommandContext[RemoveReview]) -> Changes:
    context.load_unopened_register(AMEND_INSTEAD)
    review = context.load_review(context.command.review)
    review.remove(context.by)
    return Changes((review,))


def remove_evidence(context: CommandContext[RemoveEvidence]) -> Changes:
    context.load_unopened_register(AMEND_INSTEAD)
    command = context.command
    evidence = context.load_evidence(command.evidence)
    context.refuse_if_referred_to("evidence", command.evidence)
    erased = context.texts_of(evidence)
    evidence.remove(context.by)
    return Changes((evidence,), erased=erased)


def remove_development(context: CommandContext[RemoveDevelopment]) -> Changes:
    context.load_unopened_register(KEEP)
    command = context.command
    development = context.store.find(Development, development_id(command.register, command.development))
    if development is None:
        raise NotFound(refusal("There is no development “{id}” in this register.", id=command.development))
    development.remove(context.by)
    return Changes((development,))


def remove_deadline(context: CommandContext[RemoveDeadline]) -> Changes:
    context.load_unopened_register(WITHDRAW_INSTEAD)
    deadline = load_deadline(context)
    deadline.remove(context.by)
    return Changes((deadline,))


def remove_response(context: CommandContext[RemoveResponse]) -> Changes:
    context.load_unopened_register(WITHDRAW_INSTEAD)
    response = load_response(context)
    response.remove(context.by)
    return Changes((response,))


def remove_relation(context: CommandContext[RemoveRelation]) -> Changes:
    context.load_unopened_register(WITHDRAW_INSTEAD)
    command = context.command
    recommendation = context.load_recommendation(command.recommendation)
    recommendation.remove_relation(command.relation, command.to.removeprefix(f"{command.register}:"), context.by)
    return Changes((recommendation,))


def remove_recommendation(context: CommandContext[RemoveRecommendation]) -> Changes:
    context.load_unopened_register(WITHDRAW_INSTEAD)
    recommendation = context.load_recommendation(context.command.recommendation)
    context.refuse_if_related_to(context.command.recommendation)
    context.refuse_if_referred_to("recommendation", context.command.recommendation)
    recommendation.remove(context.by)
    return Changes((recommendation,))


def remove_element(context: CommandContext[RemoveElement]) -> Changes:
    context.load_unopened_register(AMEND_INSTEAD)
    recommendation = context.load_recommendation(context.command.recommendation)
    context.refuse_if_referred_to("element", f"{context.command.recommendation}/{context.command.element}")
    recommendation.remove_element(context.command.element, context.by)
    return Changes((recommendation,))


def remove_criteria(context: CommandContext[RemoveCriteria]) -> Changes:
    context.load_unopened_register(KEEP)
    recommendation = context.load_recommendation(context.command.recommendation)
    recommendation.remove_criteria(context.command.element, context.by)
    return Changes((recommendation,))


def remove_assessment(context: CommandContext[RemoveAssessment]) -> Changes:
    context.load_unopened_register(WITHDRAW_INSTEAD)
    recommendation = context.load_recommendation(context.command.recommendation)
    context.refuse_if_referred_to("assessment", context.command.assessment)
    recommendation.remove_assessment(context.command.assessment, context.by)
    return Changes((recommendation,))
