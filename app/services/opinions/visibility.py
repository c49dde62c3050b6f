"""What stays hidden from somebody while an opinion that they were asked for is open: what others propose about it."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.services.opinions.requests import questions_in
from domain.base import Event
from domain.errors import Refused, refusal
from projections.worklist.queries import Proposal


class ProposalVisibility:
    """Of one person in one register. It ends, item by item, once both who were asked have answered."""

    def __init__(self, db: Session, register: str, person: str) -> None:
        self.person = person
        open_questions = [q for q in questions_in(db, register) if q.of(person) and not q.is_answered]
        self.items = {(q.recommendation, q.element) for q in open_questions}
        self.recommendations = {recommendation for recommendation, _element in self.items}

    def hides(self, proposal: Proposal) -> bool:
        """One's own proposal is never hidden."""
        item = (proposal.recommendation, proposal.assessment.element)
        return item in self.items and proposal.proposed_by != self.person

    def hidden(self, proposals: Iterable[Proposal]) -> set[str]:
        """The ids of those that are hidden; what colleagues say about them is hidden too."""
        return {p.assessment.id for p in proposals if self.hides(p)}

    def hides_event(self, event: Event) -> bool:
        """Whether it tells what somebody else did, out of the public's sight, about such a recommendation."""
        return not event.PUBLIC and self.hides_work_of(event.recorded_by, getattr(event, "recommendation", ""))

    def hides_work_of(self, person: str, recommendation: str) -> bool:
        """Whether what a person did in private about a recommendation is hidden."""
        return person != self.person and recommendation in self.recommendations

    def refuse(self, proposal: Proposal) -> None:
        """Raises `Refused` where the proposal is hidden."""
        if self.hides(proposal):
            raise Refused(
                refusal(
                    "You have been asked for an independent opinion on this item. You can see this "
                    "proposal once both people have answered."
                )
            )
