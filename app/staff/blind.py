"""What the person of this request must not see yet, because their own opinion was asked for."""

from app.accounts.guard import current_person
from app.opinions.blindness import Blindness
from app.web.services import services


def blindness(register: str) -> Blindness:
    with services().accounts.work() as db:
        return Blindness(db, register, current_person().id)
