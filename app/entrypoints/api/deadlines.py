"""Lists, states and withdraws deadlines."""

from app.entrypoints.api.operations import read_operation
from app.entrypoints.api.parameters import KNOWN_AT
from app.entrypoints.api.writing import (
    RECOMMENDATION,
    ApiCaller,
    DecidedSubject,
    on_seen_version,
    public_state_tag,
    write_operation,
)
from app.entrypoints.http.query_params import find_open_register, resolve_times
from app.entrypoints.http.services import services
from app.presentation.answers import api_item_models, api_write_models
from app.presentation.answers.serializers import serialize_deadline
from domain import commands as c
from domain.deadline.aggregate import Deadline
from domain.errors import NotFound
from domain.ids import deadline_id
from projections.catalogue import queries as catalogue

COLLECTION_PATH = "/registers/{register}/recommendations/{recommendation}/deadlines"
DEADLINE = DecidedSubject(
    Deadline, lambda register, values: deadline_id(register, values["deadline"]), RECOMMENDATION.find_tag
)


@read_operation(COLLECTION_PATH, query=(KNOWN_AT,), answers=api_item_models.DeadlinesShape)
def deadlines(query: dict[str, str], register: str, recommendation: str) -> api_item_models.DeadlinesShape:
    """The deadlines of a recommendation in the order of the log, moved and withdrawn ones too."""
    with services().views.connect() as db:
        known_at = resolve_times(services(), db, find_open_register(db, register), query).known_at
        if catalogue.recommendation(db, register, recommendation, known_at) is None:
            raise NotFound(f"There is no recommendation “{recommendation}” in this register.")
        stated = catalogue.deadlines(db, register, known_at, recommendation)
    return api_item_models.DeadlinesShape(
        register=register,
        recommendation=recommendation,
        tag=public_state_tag(services(), register, recommendation),
        deadlines=[serialize_deadline(d) for d in stated],
    )


@write_operation(
    COLLECTION_PATH,
    command=c.StateDeadline,
    body=api_write_models.NewDeadlineShape,
    answers=api_write_models.DeadlineDoneShape,
)
def state_deadline(
    caller: ApiCaller, body: api_write_models.NewDeadlineShape, register: str, recommendation: str
) -> api_write_models.DeadlineDoneShape:
    """State a deadline, or a later one that moves it."""
    command = c.StateDeadline(register, recommendation=recommendation, deadline=body.facts())
    seen = on_seen_version(services(), caller, command)
    deadline = services().execute_for(caller.person, seen, command_id=caller.key, request_digest=caller.digest)
    return api_write_models.DeadlineDoneShape(deadline, public_state_tag(services(), register, recommendation))


@write_operation(
    f"{COLLECTION_PATH}/{{deadline}}/withdraw",
    command=c.WithdrawDeadline,
    body=api_write_models.ReasonShape,
    answers=api_write_models.DeadlineDoneShape,
    subject=DEADLINE,
)
def withdraw_deadline(
    caller: ApiCaller, body: api_write_models.ReasonShape, register: str, recommendation: str, deadline: str
) -> api_write_models.DeadlineDoneShape:
    """Withdraw a deadline that was entered by mistake. The reason is public."""
    command = c.WithdrawDeadline(register, recommendation=recommendation, deadline=deadline, reason=body.reason)
    seen = on_seen_version(services(), caller, command)
    services().execute_for(caller.person, seen, command_id=caller.key, request_digest=caller.digest)
    return api_write_models.DeadlineDoneShape(deadline, public_state_tag(services(), register, recommendation))
