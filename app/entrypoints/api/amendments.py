"""Amends how a recommendation or one of its elements is filed."""

from msgspec.structs import replace

from app.entrypoints.api.writing import ApiCaller, on_seen_version, public_state_tag, write_operation
from app.entrypoints.http.services import services
from app.presentation.answers import api_write_models
from app.services.container import Services
from domain import commands as c
from domain.amendments import fact_tag
from domain.errors import NotFound, refusal
from domain.ids import recommendation_id
from domain.recommendation.aggregate import Recommendation

PATH = "/registers/{register}/recommendations/{recommendation}"


@write_operation(
    f"{PATH}/amendments",
    command=c.AmendRecommendation,
    body=api_write_models.AmendRecommendationShape,
    answers=api_write_models.AmendmentDoneShape,
)
def amend_recommendation(
    caller: ApiCaller, body: api_write_models.AmendRecommendationShape, register: str, recommendation: str
) -> api_write_models.AmendmentDoneShape:
    """Amend a recommendation. The reason is public; fields that are left out stay."""
    facts = _find(services(), register, recommendation).facts
    fact = replace(facts, **api_write_models.changes_to(body, facts.translations))
    command = c.AmendRecommendation(
        register, recommendation=recommendation, fact=fact, why=body.why, expected_tag=fact_tag(facts)
    )
    return _execute(services(), caller, command)


@write_operation(
    f"{PATH}/element-amendments",
    command=c.AmendElement,
    body=api_write_models.AmendElementShape,
    answers=api_write_models.AmendmentDoneShape,
)
def amend_element(
    caller: ApiCaller, body: api_write_models.AmendElementShape, register: str, recommendation: str
) -> api_write_models.AmendmentDoneShape:
    """Amend an element of a recommendation. The reason is public; fields that are left out stay."""
    element = _find(services(), register, recommendation).elements.get(body.element)
    if element is None:
        raise NotFound(refusal("“{id}” has no element “{element}”.", id=recommendation, element=body.element))
    fact = replace(element, **api_write_models.changes_to(body, element.translations))
    command = c.AmendElement(
        register, recommendation=recommendation, fact=fact, why=body.why, expected_tag=fact_tag(element)
    )
    return _execute(services(), caller, command)


def _find(services: Services, register: str, recommendation: str) -> Recommendation:
    found = services.tracker.find(Recommendation, recommendation_id(register, recommendation))
    if found is None:
        raise NotFound(
            refusal("There is no recommendation “{id}” in “{register}”.", id=recommendation, register=register)
        )
    return found


def _execute(
    services: Services, caller: ApiCaller, command: c.AmendRecommendation | c.AmendElement
) -> api_write_models.AmendmentDoneShape:
    seen = on_seen_version(services, caller, command)
    services.execute_for(caller.person, seen, command_id=caller.key, request_digest=caller.digest)
    tag = public_state_tag(services, command.register, command.recommendation)
    return api_write_models.AmendmentDoneShape(command.recommendation, tag)
