"""Handlers of the commands about relations between recommendations."""

from domain.codes import RelationKind
from domain.commands import StateRelation, WithdrawRelation
from domain.errors import Refusal, Refused, refusal
from domain.handlers.context import Changes, CommandContext, Store
from domain.ids import recommendation_id, register_id
from domain.recommendation.aggregate import Recommendation
from domain.recommendation.lineage import (
    LINEAGE_KINDS,
    ItemKey,
    RelationTarget,
    leads_back,
    normalized_relation,
    relation_refusals,
    target_of,
)
from domain.register.aggregate import Register


def state_relation(context: CommandContext[StateRelation]) -> Changes:
    command = context.command
    recommendation = context.load_recommendation(command.recommendation, command.expected_version)
    relation = normalized_relation(command.register, command.relation)
    target = target_of(command.register, relation.to)
    if not target.address and not relation_refusals(command.register, command.recommendation, relation):
        _refuse_wrong_target(context, target)
        _refuse_circle(context, relation.relation, target)
    recommendation.state_relation(relation, context.by)
    return Changes((recommendation,))


def withdraw_relation(context: CommandContext[WithdrawRelation]) -> Changes:
    command = context.command
    recommendation = context.load_recommendation(command.recommendation, command.expected_version)
    to = command.to.removeprefix(f"{command.register}:")
    recommendation.withdraw_relation(command.relation, to, command.reason, context.by)
    return Changes((recommendation,))


def _refuse_wrong_target(context: CommandContext[StateRelation], target: RelationTarget) -> None:
    """Refuse a target that is not here, or is withdrawn."""
    is_elsewhere = target.register != context.command.register
    if is_elsewhere and context.store.find(Register, register_id(target.register)) is None:
        raise Refused(unknown_register(target.register))
    recommendation = _find(context.store, target.key)
    if recommendation is None:
        raise Refused(
            refusal(
                "There is no recommendation “{id}” in “{register}”.",
                id=target.id,
                register=target.register,
                field="to",
            )
        )
    if recommendation.is_withdrawn:
        raise Refused(
            refusal("“{id}” is withdrawn, so nothing can be related to it.", id=target.id, field="to"),
        )


def unknown_register(register: str) -> Refusal:
    """Also the answer about a register that is being prepared, to a person who must not know of it."""
    return refusal(
        "There is no register “{register}” here. Enter the address of the recommendation instead, beginning "
        "with https://.",
        register=register,
        field="to",
    )


def _refuse_circle(context: CommandContext[StateRelation], kind: RelationKind, target: RelationTarget) -> None:
    command = context.command

    def earlier_editions(item: ItemKey) -> list[ItemKey]:
        recommendation = _find(context.store, item)
        return recommendation.earlier_editions() if recommendation else []

    start = (command.register, command.recommendation)
    if kind in LINEAGE_KINDS and leads_back(start, target.key, earlier_editions):
        raise Refused(
            refusal(
                "“{to}” already continues “{id}”, directly or through others, so “{id}” cannot continue it.",
                to=target.id,
                id=command.recommendation,
                field="to",
            )
        )


def _find(store: Store, item: ItemKey) -> Recommendation | None:
    return store.find(Recommendation, recommendation_id(*item))
