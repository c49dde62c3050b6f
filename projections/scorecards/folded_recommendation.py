"""What the projector knows of a recommendation while it folds: its items, their candidates, their open spans."""

from domain.codes import Kind
from projections.scorecards.day_changes import CountedRecommendation
from projections.scorecards.deadlines import StatedDeadline
from projections.scorecards.status_intervals import Candidate, Span, StatusInterval


class FoldedItem:
    """A recommendation or an element: its sorted candidates and deadlines, intervals, open spans and their numbers."""

    __slots__ = ("candidates", "core", "deadlines", "element", "intervals", "kind", "no", "open_span_nos", "open_spans")

    def __init__(self, no: int, element: str, kind: Kind, core: bool) -> None:
        self.no, self.element, self.kind, self.core = no, element, kind, core
        self.candidates: list[Candidate] = []
        self.deadlines: list[StatedDeadline] = []
        self.intervals: list[StatusInterval] = []
        self.open_spans: list[Span] = []
        self.open_span_nos: list[int] = []


class FoldedRecommendation:
    """A recommendation with its elements in order, folded up to the instant `folded_until` (µs).

    `counted` is how the day counts have it, None where they do not have it yet.
    """

    __slots__ = ("counted", "elements", "folded_until", "item", "recommended", "register_no", "withdrawn")

    def __init__(self, item: FoldedItem, register_no: int, recommended: int) -> None:
        self.item, self.register_no, self.recommended = item, register_no, recommended
        self.elements: dict[str, FoldedItem] = {}
        self.folded_until = -1
        self.withdrawn = False
        self.counted: CountedRecommendation | None = None

    @property
    def items(self) -> tuple[FoldedItem, ...]:
        """The recommendation itself, then its elements."""
        return (self.item, *self.elements.values())

    def item_of(self, element: str) -> FoldedItem:
        """The item of an element's id, or of the recommendation where it is empty."""
        return self.elements[element] if element else self.item
