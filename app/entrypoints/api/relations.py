"""Lists, states and withdraws relations between recommendations."""

from app.entrypoints.api.operations import read_operation
from app.entrypoints.api.parameters import AS_OF, KNOWN_AT
from app.entrypoints.api.writing import ApiCaller, on_seen_version, public_state_tag, write_operation
from app.entrypoints.http.query_params import find_open_register, resolve_times
from app.entrypoints.http.services import services
from app.presentation.answers import api_item_models, api_write_models
from app.presentation.answers.relations import relations_of
from app.services.container import Services
from domain import commands as c
from domain.errors import NotFound
from domain.values import Relation
from projections.catalogue import queries as catalogue

PATH = "/registers/{register}/recommendations/{recommendation}/relations"


@read_operation(PATH, query=(AS_OF, KNOWN_AT), answers=api_item_models.RelationsShape)
def relations(query: dict[str, str], register: str, recommendation: str) -> api_item_models.RelationsShape:
    """Earlier and later editions of a recommendation."""
    with services().views.connect() as db:
        entry = find_open_register(db, register)
        times = resolve_times(services(), db, entry, query)
        if catalogue.recommendation(db, register, recommendation, times.known_at) is None:
            raise NotFound(f"There is no recommendation “{recommendation}” in this register.")
        found = relations_of(db, register, recommendation, times.pair)
    return api_item_models.RelationsShape(register, recommendation, found)


@write_operation(
    PATH,
    command=c.StateRelation,
    body=api_write_models.StateRelationShape,
    answers=api_write_models.RelationDoneShape,
)
def state_relation(
    caller: ApiCaller, body: api_write_models.StateRelationShape, register: str, recommendation: str
) -> api_write_models.RelationDoneShape:
    """State how a recommendation is related to another one."""
    relation = Relation(relation=body.relation, to=body.to, on=body.on, note=body.note)
    return _execute(services(), caller, c.StateRelation(register, recommendation=recommendation, relation=relation))


@write_operation(
    f"{PATH}/withdraw",
    command=c.WithdrawRelation,
    body=api_write_models.WithdrawRelationShape,
    answers=api_write_models.RelationDoneShape,
)
def withdraw_relation(
    caller: ApiCaller, body: api_write_models.WithdrawRelationShape, register: str, recommendation: str
) -> api_write_models.RelationDoneShape:
    """Withdraw a relation. The reason is public."""
    command = c.WithdrawRelation(
        register, recommendation=recommendation, relation=body.relation, to=body.to, reason=body.reason
    )
    return _execute(services(), caller, command)


def _execute(
    services: Services, caller: ApiCaller, command: c.StateRelation | c.WithdrawRelation
) -> api_write_models.RelationDoneShape:
    seen = on_seen_version(services, caller, command)
    services.execute_for(caller.person, seen, command_id=caller.key, request_digest=caller.digest)
    tag = public_state_tag(services, command.register, command.recommendation)
    return api_write_models.RelationDoneShape(command.recommendation, tag)
