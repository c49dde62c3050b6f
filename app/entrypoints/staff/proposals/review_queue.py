"""The proposals of a register that a person may decide on, and the one to open next."""

from msgspec import Struct

from app.entrypoints.staff.hidden_proposals import blindness
from app.services.accounts.actors import Person
from app.services.container import Services
from projections.worklist.queries import waiting_proposals

MAX_WAITING = 200
"""How many waiting proposals are looked through."""


class ReviewQueue(Struct, frozen=True):
    """The ids of waiting proposals of others, oldest first, and the one that is open now, if any."""

    ids: tuple[str, ...]
    current: str = ""

    @property
    def place(self) -> int:
        """The place of the open proposal from 1; 0 if it is not among them."""
        return self.ids.index(self.current) + 1 if self.current in self.ids else 0

    @property
    def following(self) -> str:
        """The one to open next; empty if no other is left."""
        after = self.ids[self.place :] + self.ids[: max(self.place - 1, 0)]
        return after[0] if after else ""


def review_queue(services: Services, person: Person, register: str, current: str = "") -> ReviewQueue:
    with services.views.connect() as db:
        waiting = waiting_proposals(db, register, skip=0, limit=MAX_WAITING)
    hides = blindness(services, person, register).hides
    return ReviewQueue(tuple(p.assessment.id for p in waiting if p.proposed_by != person.id and not hides(p)), current)
