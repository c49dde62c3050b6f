"""What the person of this request must not see yet, because their own opinion was asked for."""

from app.entrypoints.http.guard import current_person
from app.entrypoints.http.services import services
from app.services.opinions.visibility import Blindness


def blindness(register: str) -> Blindness:
    with services().accounts.work() as db:
        return Blindness(db, register, current_person().id)
