"""What happened to one recommendation, in the form in which it is folded into spans. Instants are microseconds."""

from typing import ClassVar

from msgspec import Struct

from domain.codes import Kind
from projections.scorecards.deadlines import StatedDeadline
from projections.scorecards.folded_recommendation import FoldedItem
from projections.scorecards.status_intervals import Candidate


class StartRecommendation(Struct, frozen=True):
    """The recommendation was registered: it is on the scorecard from now on."""

    order: ClassVar[int] = 0
    at: int


class StartElement(Struct, frozen=True):
    """An element was added."""

    order: ClassVar[int] = 1
    at: int
    item: FoldedItem


class AmendItem(Struct, frozen=True):
    """What decides how an item counts was amended; `element` is empty for the recommendation itself."""

    order: ClassVar[int] = 2
    at: int
    element: str
    kind: Kind
    core: bool
    recommended: int


class AddCandidate(Struct, frozen=True):
    """An assessment of an item was published; `element` is empty for the recommendation itself."""

    order: ClassVar[int] = 3
    at: int
    element: str
    candidate: Candidate


class RemoveCandidate(Struct, frozen=True):
    """A published assessment was withdrawn."""

    order: ClassVar[int] = 4
    at: int
    element: str
    candidate: Candidate


class AddDueDate(Struct, frozen=True):
    """A deadline of an item was stated; `element` is empty for the recommendation itself."""

    order: ClassVar[int] = 3
    at: int
    element: str
    deadline: StatedDeadline


class RemoveDueDate(Struct, frozen=True):
    """A deadline was withdrawn."""

    order: ClassVar[int] = 4
    at: int
    element: str
    deadline: StatedDeadline


class EndRecommendation(Struct, frozen=True):
    """The recommendation was withdrawn: it leaves the scorecard."""

    order: ClassVar[int] = 5
    at: int


Step = (
    StartRecommendation
    | StartElement
    | AmendItem
    | AddCandidate
    | RemoveCandidate
    | AddDueDate
    | RemoveDueDate
    | EndRecommendation
)
