"""Lists, proposes, publishes, declines and withdraws assessments."""

from app.entrypoints.api.operations import read_operation
from app.entrypoints.api.writing import PROPOSAL, ApiCaller, on_seen_version, public_state_tag, write_operation
from app.entrypoints.http.query_params import find_open_register
from app.entrypoints.http.services import services
from app.presentation.answers import api_models, api_write_models
from app.presentation.answers.serializers import serialize_assessment
from app.services.container import Services
from domain import commands as c
from domain.errors import NotFound
from projections.assessments import queries as published_assessments
from projections.catalogue import queries as catalogue
from projections.engine.batches import END_OF_TIME

COLLECTION_PATH = "/registers/{register}/recommendations/{recommendation}/assessments"
ITEM_PATH = "/registers/{register}/assessments/{assessment}"


@read_operation(COLLECTION_PATH, answers=api_models.AssessmentsShape)
def assessments(query: dict[str, str], register: str, recommendation: str) -> api_models.AssessmentsShape:
    """The published assessments of a recommendation; send its ETag with a command."""
    with services().views.connect() as db:
        find_open_register(db, register)
        if catalogue.recommendation(db, register, recommendation, END_OF_TIME) is None:
            raise NotFound(f"There is no recommendation “{recommendation}” in this register.")
        published = published_assessments.of_recommendation(db, register, recommendation)
    return api_models.AssessmentsShape(
        register=register,
        recommendation=recommendation,
        tag=public_state_tag(services(), register, recommendation),
        assessments=[serialize_assessment(p.assessment, withdrawn=p.withdrawal is not None) for p in published],
    )


@write_operation(
    COLLECTION_PATH,
    command=c.ProposeAssessment,
    body=api_write_models.ProposalShape,
    answers=api_write_models.DoneShape,
)
def propose(
    caller: ApiCaller, body: api_write_models.ProposalShape, register: str, recommendation: str
) -> api_write_models.DoneShape:
    """Propose a status. An editor publishes it."""
    command = c.ProposeAssessment(register, recommendation=recommendation, assessment=body.assessment())
    return _execute(services(), caller, command)


@write_operation(
    f"{ITEM_PATH}/publish",
    command=c.PublishAssessment,
    body=api_write_models.NothingShape,
    answers=api_write_models.DoneShape,
    subject=PROPOSAL,
)
def publish(
    caller: ApiCaller, body: api_write_models.NothingShape, register: str, recommendation: str, assessment: str
) -> api_write_models.DoneShape:
    """Publish a proposal, in the version that was read."""
    return _execute(
        services(), caller, c.PublishAssessment(register, recommendation=recommendation, assessment=assessment)
    )


@write_operation(
    f"{ITEM_PATH}/decline",
    command=c.DeclineAssessment,
    body=api_write_models.WhyShape,
    answers=api_write_models.DoneShape,
    subject=PROPOSAL,
)
def decline(
    caller: ApiCaller, body: api_write_models.WhyShape, register: str, recommendation: str, assessment: str
) -> api_write_models.DoneShape:
    """Decline a proposal. It never becomes public."""
    return _execute(
        services(),
        caller,
        c.DeclineAssessment(register, recommendation=recommendation, assessment=assessment, why=body.why),
    )


@write_operation(
    f"{ITEM_PATH}/withdraw",
    command=c.WithdrawAssessment,
    body=api_write_models.WithdrawalShape,
    answers=api_write_models.DoneShape,
)
def withdraw(
    caller: ApiCaller, body: api_write_models.WithdrawalShape, register: str, recommendation: str, assessment: str
) -> api_write_models.DoneShape:
    """Withdraw a published assessment. The reason is public."""
    command = c.WithdrawAssessment(
        register,
        recommendation=recommendation,
        assessment=assessment,
        reason=body.reason,
        replaced_by=body.replaced_by,
        replacement=body.replacement.assessment() if body.replacement else None,
    )
    return _execute(services(), caller, command)


def _execute(
    services: Services, caller: ApiCaller, command: c.OfAssessment | c.ProposeAssessment
) -> api_write_models.DoneShape:
    seen = on_seen_version(services, caller, command)
    assessment = services.execute_for(caller.person, seen, command_id=caller.key, request_digest=caller.digest)
    if not assessment:
        assert isinstance(command, c.OfAssessment)
        assessment = command.assessment
    return api_write_models.DoneShape(assessment, public_state_tag(services, command.register, command.recommendation))
