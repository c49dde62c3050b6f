"""Hides proposals of others from a person who has been asked for an independent opinion on the item."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.services.opinions.requests import open_questions_to
from domain.base import Event
from domain.errors import Refused, refusal
from domain.values import Assessment
from projections.worklist.queries import Proposal


class ProposalVisibility:
    """For one person in one register. An item becomes visible once both people have answered."""

    def __init__(self, db: Session, register: str, person: str) -> None:
        self.person = person
        self.items = {(q.recommendation, q.element) for q in open_questions_to(db, register, person)}
        self.recommendations = {recommendation for recommendation, _element in self.items}

    def hides(self, proposal: Proposal) -> bool:
        """Whether a proposal is hidden; a person's own never is."""
        return self.hides_assessment(proposal.recommendation, proposal.assessment)

    def hides_assessment(self, recommendation: str, proposed: Assessment) -> bool:
        """The same of a proposed assessment about a recommendation."""
        return (recommendation, proposed.element) in self.items and proposed.proposed_by != self.person

    def hidden(self, proposals: Iterable[Proposal]) -> set[str]:
        """The ids of hidden proposals. Comments on them are hidden too."""
        return {p.assessment.id for p in proposals if self.hides(p)}

    def hides_event(self, event: Event) -> bool:
        """Whether the event is private, by another person, and about such a recommendation."""
        return not event.PUBLIC and self.hides_work_of(event.recorded_by, getattr(event, "recommendation", ""))

    def hides_work_of(self, person: str, recommendation: str) -> bool:
        """Whether private work of a person on a recommendation is hidden."""
        return person != self.person and recommendation in self.recommendations

    def refuse(self, proposal: Proposal) -> None:
        """Raises `Refused` if the proposal is hidden."""
        if self.hides(proposal):
            raise Refused(
                refusal(
                    "You have been asked for an independent opinion on this item. You can see this "
                    "proposal once both people have answered."
                )
            )
