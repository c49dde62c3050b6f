"""What the current person must not see until they have given their own opinion."""

from app.entrypoints.http.guard import current_person
from app.entrypoints.http.services import services
from app.services.opinions.visibility import ProposalVisibility


def blindness(register: str) -> ProposalVisibility:
    with services().accounts.work() as db:
        return ProposalVisibility(db, register, current_person().id)
