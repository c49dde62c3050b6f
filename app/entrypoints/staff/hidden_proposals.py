"""What the current person must not see until they have given their own opinion."""

from app.services.accounts.actors import Person
from app.services.container import Services
from app.services.opinions.visibility import ProposalVisibility


def blindness(services: Services, person: Person, register: str) -> ProposalVisibility:
    with services.accounts.work() as db:
        return ProposalVisibility(db, register, person.id)
