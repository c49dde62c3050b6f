"""Handler of the command that records a development."""

from domain.commands import RecordDevelopment
from domain.development.aggregate import Development
from domain.errors import refusal, refuse
from domain.handlers.context import Changes, CommandContext
from domain.ids import development_id, recommendation_id
from domain.recommendation.aggregate import Recommendation
from domain.times import first_day


def record_development(context: CommandContext[RecordDevelopment]) -> Changes:
    command = context.command
    context.load_register()
    facts = command.development
    first_day(facts.date)
    evidence = context.find_evidence(facts.evidence)
    refusals = [
        refusal("There is no evidence “{id}” in this register.", id=e) for e in facts.evidence if e not in evidence
    ]
    refusals += [
        refusal("There is no recommendation “{id}” in “{register}”.", id=r, register=command.register)
        for r in facts.recommendations
        if context.store.find(Recommendation, recommendation_id(command.register, r)) is None
    ]
    refuse(refusals)
    stream = context.store.stream(Development, development_id(command.register, facts.id))
    for item in evidence.values():
        item.disclose(context.by)
    return Changes((*evidence.values(), Development.record(command.register, facts, context.by, stream)))
