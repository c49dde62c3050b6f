"""Handler of the command that records a development."""

from domain import commands as c
from domain.development.aggregate import Development
from domain.errors import refuse
from domain.handlers.context import Changes, CommandContext
from domain.ids import recommendation_id
from domain.times import first_day


def record_development(asked: CommandContext) -> Changes:
    command: c.RecordDevelopment = asked.command
    asked.register()
    facts = command.development
    first_day(facts.date)
    evidence = asked.evidence(facts.evidence)
    missing = [f"There is no evidence “{e}” in this register." for e in facts.evidence if e not in evidence]
    missing += [
        f"There is no recommendation “{r}” in “{command.register}”."
        for r in facts.recommendations
        if asked.store.find(recommendation_id(command.register, r)) is None
    ]
    refuse(missing)
    for item in evidence.values():
        item.disclose(asked.by)
    return Changes((*evidence.values(), Development.record(command.register, facts, asked.by)))
