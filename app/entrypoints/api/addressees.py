"""Lists and amends the addressees of a recommendation."""

from app.entrypoints.api.operations import read_operation
from app.entrypoints.api.parameters import KNOWN_AT
from app.entrypoints.api.writing import ApiCaller, on_seen_version, public_state_tag, write_operation
from app.entrypoints.http.query_params import find_open_register, resolve_times
from app.entrypoints.http.services import services
from app.presentation.answers import api_item_models, api_write_models
from domain import commands as c
from domain.errors import NotFound
from projections.addressees.queries import NOT_ASKED, asked
from projections.catalogue import queries as catalogue

COLLECTION_PATH = "/registers/{register}/recommendations/{recommendation}/addressees"


@read_operation(COLLECTION_PATH, query=(KNOWN_AT,), answers=api_item_models.AddresseesShape)
def addressees(query: dict[str, str], register: str, recommendation: str) -> api_item_models.AddresseesShape:
    """Who was asked about a recommendation and its elements, on all days."""
    with services().views.connect() as db:
        known_at = resolve_times(services(), db, find_open_register(db, register), query).known_at
        if catalogue.recommendation(db, register, recommendation, known_at) is None:
            raise NotFound(f"There is no recommendation “{recommendation}” in this register.")
        of = asked(db, register, known_at, [recommendation]).get(recommendation, NOT_ASKED)
    rows = [*of.of(), *(row for row in of.rows if row.element)]
    return api_item_models.AddresseesShape(
        register=register,
        recommendation=recommendation,
        tag=public_state_tag(services(), register, recommendation),
        addressees=[
            api_item_models.ItemAddresseeShape(
                row.body, row.role, row.element or None, row.from_on or None, row.to_on or None
            )
            for row in rows
        ],
    )


@write_operation(
    COLLECTION_PATH,
    command=c.AmendAddressees,
    body=api_write_models.AddresseesAmendmentShape,
    answers=api_write_models.AddresseesDoneShape,
)
def amend_addressees(
    caller: ApiCaller, body: api_write_models.AddresseesAmendmentShape, register: str, recommendation: str
) -> api_write_models.AddresseesDoneShape:
    """Replace all addressees of a recommendation and its elements. The reason is public."""
    command = c.AmendAddressees(register, recommendation=recommendation, addressees=body.rows(), why=body.why)
    seen = on_seen_version(services(), caller, command)
    services().execute_for(caller.person, seen, command_id=caller.key, request_digest=caller.digest)
    return api_write_models.AddresseesDoneShape(recommendation, public_state_tag(services(), register, recommendation))
