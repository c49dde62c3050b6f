"""Proposing, publishing, declining and withdrawing assessments; and the list that such a command is given upon."""

from typing import Any

from app.entrypoints.api.operations import operation
from app.entrypoints.api.writing import Asker, seen_tag, writing
from app.entrypoints.http.query_params import find_open_register
from app.entrypoints.http.services import services
from app.presentation.answers import api_models
from app.services.container import Services
from domain import commands as c
from domain.errors import NotFound
from projections.assessments import queries as published_assessments
from projections.catalogue import queries as catalogue
from projections.engine.batches import END_OF_TIME

PATH = "/registers/{register}/recommendations/{recommendation}/assessments"
ONE = "/registers/{register}/assessments/{assessment}"


@operation(PATH, answers=api_models.AssessmentsShape)
def assessments(given: dict[str, str], register: str, recommendation: str) -> Any:
    """The published assessments of a recommendation; the ETag is what a command about it is given upon."""
    with services().views.connect() as db:
        find_open_register(db, register)
        if catalogue.recommendation(db, register, recommendation, END_OF_TIME) is None:
            raise NotFound(f"There is no recommendation “{recommendation}” in this register.")
        published = published_assessments.of_recommendation(db, register, recommendation)
    return api_models.AssessmentsShape(
        register=register,
        recommendation=recommendation,
        tag=seen_tag(services(), register, recommendation),
        assessments=[
            api_models.AssessmentShape.of(p.assessment, withdrawn=p.withdrawal is not None) for p in published
        ],
    )


@writing(PATH, command=c.ProposeAssessment, body=api_models.ProposalShape, answers=api_models.DoneShape)
def propose(asker: Asker, given: api_models.ProposalShape, register: str, recommendation: str) -> Any:
    """Propose a status; somebody publishes it."""
    command = c.ProposeAssessment(register, recommendation=recommendation, assessment=given.assessment())
    return _done(services(), asker, command)


@writing(f"{ONE}/publish", command=c.PublishAssessment, body=api_models.NothingShape, answers=api_models.DoneShape)
def publish(asker: Asker, given: api_models.NothingShape, register: str, recommendation: str, assessment: str) -> Any:
    """Publish a proposal."""
    return _done(services(), asker, c.PublishAssessment(register, recommendation=recommendation, assessment=assessment))


@writing(f"{ONE}/decline", command=c.DeclineAssessment, body=api_models.WhyShape, answers=api_models.DoneShape)
def decline(asker: Asker, given: api_models.WhyShape, register: str, recommendation: str, assessment: str) -> Any:
    """Decline a proposal; it never becomes public."""
    return _done(
        services(),
        asker,
        c.DeclineAssessment(register, recommendation=recommendation, assessment=assessment, why=given.why),
    )


@writing(f"{ONE}/withdraw", command=c.WithdrawAssessment, body=api_models.WithdrawalShape, answers=api_models.DoneShape)
def withdraw(
    asker: Asker, given: api_models.WithdrawalShape, register: str, recommendation: str, assessment: str
) -> Any:
    """Take a published assessment back, with the reason that everybody reads."""
    command = c.WithdrawAssessment(
        register,
        recommendation=recommendation,
        assessment=assessment,
        reason=given.reason,
        replaced_by=given.replaced_by,
        replacement=given.replacement.assessment() if given.replacement else None,
    )
    return _done(services(), asker, command)


def _done(services: Services, asker: Asker, command: Any) -> api_models.DoneShape:
    made = services.execute_for(asker.person, command, command_id=asker.key)
    ident = made or command.assessment
    return api_models.DoneShape(ident, seen_tag(services, command.register, command.recommendation))
