"""Reads what waits for a decision, with the version that the decision names."""

import msgspec

from app.entrypoints.api.operations import read_operation
from app.entrypoints.api.tokens import require_token_holder
from app.entrypoints.api.writing import version_tag
from app.entrypoints.http.services import services
from app.presentation.answers.api_proposal_models import OpenProposalShape, ProposalsShape, ProposedResponseShape
from app.presentation.answers.serializers import instant_or_none
from app.services.opinions.visibility import ProposalVisibility
from domain.errors import NotFound, refusal
from domain.ids import recommendation_id, response_id
from domain.recommendation.aggregate import Recommendation
from domain.response.aggregate import Response

SCOPES = ("read", "publish")


@read_operation(
    "/registers/{register}/recommendations/{recommendation}/proposals", scopes=SCOPES, answers=ProposalsShape
)
def proposals(query: dict[str, str], register: str, recommendation: str) -> ProposalsShape:
    """The proposals about a recommendation; send its ETag with a decision on one of them."""
    person = require_token_holder(services(), SCOPES[0], register, or_else=SCOPES[1])
    aggregate = services().tracker.find(Recommendation, recommendation_id(register, recommendation))
    if aggregate is None:
        raise NotFound(
            refusal("There is no recommendation “{id}” in “{register}”.", id=recommendation, register=register)
        )
    with services().accounts.work() as db:
        visibility = ProposalVisibility(db, register, person.id)
    return ProposalsShape(
        register=register,
        recommendation=recommendation,
        tag=version_tag(aggregate.version),
        proposals=[
            OpenProposalShape(
                assessment=msgspec.to_builtins(proposed),
                proposed_by=proposed.proposed_by,
                returned=ident in aggregate.returned_ids,
                publish_at=instant_or_none(aggregate.publish_times.get(ident)),
            )
            for ident, proposed in aggregate.proposals.items()
            if not visibility.hides_assessment(recommendation, proposed)
        ],
    )


@read_operation("/registers/{register}/responses/{response}/proposal", scopes=SCOPES, answers=ProposedResponseShape)
def proposed_response(query: dict[str, str], register: str, response: str) -> ProposedResponseShape:
    """A proposed response; send its ETag with the decision."""
    require_token_holder(services(), SCOPES[0], register, or_else=SCOPES[1])
    found = services().tracker.find(Response, response_id(register, response))
    if found is None or found.is_published or found.is_declined:
        raise NotFound(
            refusal("There is no proposed response “{id}”. It may have been published or declined.", id=response)
        )
    return ProposedResponseShape(
        register=register,
        recommendation=found.recommendation,
        tag=version_tag(found.version),
        response=msgspec.to_builtins(found.facts),
    )
