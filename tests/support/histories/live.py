"""Histories as a living register writes them: each transaction is stamped later than the one before it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from hypothesis import strategies as st

from tests.support.histories.days import PAUSES
from tests.support.histories.parts import Flavour, Judgement, flavours, kinds, rise_and_fall, themes
from tests.support.model import (
    ElementAdded,
    Fact,
    Published,
    RecommendationWithdrawn,
    Registered,
    Withdrawn,
)

BEGIN = datetime(2023, 9, 14, 23, 59, 59, 999998, tzinfo=UTC)
MOST_ELEMENTS = 3

mostly = st.sampled_from([True, True, True, False])
pauses = st.sampled_from(PAUSES)


@dataclass
class Writer:
    """A log under way, and what may still be written to it."""

    draw: st.DrawFn
    flavour: Flavour
    most_recommendations: int
    log: list[Fact] = field(default_factory=list)
    now: datetime = BEGIN
    elements: dict[str, list[str]] = field(default_factory=dict)  # of the recommendations assessed in parts
    whole: list[str] = field(default_factory=list)  # recommendations assessed as a whole
    standing: list[Published] = field(default_factory=list)  # not withdrawn
    registered: int = 0
    published: int = 0

    @property
    def order(self) -> int:
        return len(self.log) + 1

    def step(self) -> None:
        """Writes one more fact, mostly as a new transaction, sometimes within the last one."""
        self.pause()
        self.draw(st.sampled_from(self.possible()))()

    def pause(self) -> None:
        if self.draw(mostly):
            self.now += self.draw(pauses)

    def possible(self) -> list[Callable[[], None]]:
        """What may happen next; what is listed more often happens more often."""
        steps: list[Callable[[], None]] = []
        if self.items():
            steps += [self.publish] * 12
        if self.started():
            steps += [self.rise_and_fall] * 2
        if self.registered < self.most_recommendations:
            steps += [self.register] * 2
        if self.growing():
            steps += [self.add_element]
        if self.standing:
            steps += [self.withdraw] * 2
        if self.elements or self.whole:
            steps += [self.withdraw_recommendation]
        return steps or [self.publish_nothing]

    def items(self) -> list[tuple[str, str]]:
        parts = [(name, element) for name, elements in self.elements.items() for element in elements]
        return [*parts, *((name, "") for name in self.whole)]

    def started(self) -> list[str]:
        return [name for name, elements in self.elements.items() if elements]

    def growing(self) -> list[str]:
        return [name for name, elements in self.elements.items() if len(elements) < MOST_ELEMENTS]

    def register(self) -> None:
        self.registered += 1
        name = f"r{self.registered}"
        kind, theme, recommended_on = self.draw(kinds), self.draw(themes), self.draw(self.flavour.written_days)
        self.log.append(Registered(name, kind, theme, recommended_on, self.now, self.order))
        if not self.draw(st.booleans()):
            self.whole.append(name)
            return
        self.elements[name] = []
        for _ in range(self.draw(st.sampled_from([2, 3, 1, 0]))):
            self.add_element_to(name)

    def add_element(self) -> None:
        self.add_element_to(self.draw(st.sampled_from(self.growing())))

    def add_element_to(self, name: str) -> None:
        elements = self.elements[name]
        element = f"e{len(elements) + 1}"
        core = not elements or self.draw(mostly)
        self.log.append(ElementAdded(name, element, self.draw(kinds), core, self.now, self.order))
        elements.append(element)

    def publish(self) -> None:
        name, element = self.draw(st.sampled_from(self.items()))
        self.publish_about(name, element, self.draw(self.flavour.judgements))

    def rise_and_fall(self) -> None:
        """Several transactions at once: all elements of a recommendation done, then one reversed."""
        name = self.draw(st.sampled_from(self.started()))
        for element, judged in self.draw(rise_and_fall(self.elements[name], self.flavour)):
            self.publish_about(name, element, judged)
            self.pause()

    def publish_about(self, name: str, element: str, judged: Judgement) -> None:
        self.published += 1
        fact = Published(name, element, f"a{self.published}", at=self.now, order=self.order, **judged)
        self.log.append(fact)
        self.standing.append(fact)

    def withdraw(self) -> None:
        fact = self.draw(st.sampled_from(self.standing))
        self.log.append(Withdrawn(fact.assessment, self.now, self.order))
        self.standing.remove(fact)

    def withdraw_recommendation(self) -> None:
        """Nothing is written about the recommendation from here on."""
        name = self.draw(st.sampled_from([*self.elements, *self.whole]))
        self.log.append(RecommendationWithdrawn(name, self.now, self.order))
        self.elements.pop(name, None)
        self.whole = [other for other in self.whole if other != name]
        self.standing = [fact for fact in self.standing if fact.recommendation != name]

    def publish_nothing(self) -> None:
        """Every recommendation that there may be was withdrawn."""


@st.composite
def live_histories(draw: st.DrawFn, most_recommendations: int = 4, most_facts: int = 24) -> list[Fact]:
    writer = Writer(draw, draw(flavours()), most_recommendations)
    writer.register()
    for _ in range(draw(st.integers(0, most_facts - 1))):
        writer.step()
    return writer.log
