"""A recommendation's events for readers: a timeline by day in the world, and a history by instant."""

from datetime import date, datetime

from markupsafe import Markup
from msgspec import Struct

from app.presentation.i18n.event_names import EventNames
from app.presentation.i18n.event_sentences import sentence
from app.presentation.i18n.labels import POSITION, day_text, status_word
from app.presentation.i18n.localize import isolated, localized, original
from app.presentation.i18n.translation import _
from app.presentation.narrative.item_steps import ItemStep, OrderedAssessment, item_steps, whole_words
from app.presentation.narrative.public_names import public_name
from domain.base import Event
from domain.codes import Reason
from domain.deadline.events import DeadlineStated, DeadlineWithdrawn
from domain.development.events import DevelopmentRecorded
from domain.recommendation.events import (
    AssessmentPublished,
    AssessmentWithdrawn,
    RecommendationRegistered,
    RecommendationWithdrawn,
)
from domain.response.events import ResponsePublished, ResponseWithdrawn
from domain.times import first_day
from domain.values import Assessment
from projections.catalogue.entries import EvidenceEntry
from projections.scorecards.status_history import StatusHistory
from projections.timeline.queries import TimelineEntry


class TimelineItem(Struct, frozen=True):
    """One entry of the timeline."""

    kind: str
    on: str
    title: str
    text: str = ""
    status: str | None = None
    element: str = ""
    assessment: Assessment | None = None
    evidence: tuple[int, ...] = ()
    by: str = ""
    published_at: datetime | None = None
    legacy: bool = False
    withdrawn: str = ""
    anchor: str = ""
    direction: str = ""
    replies: tuple["Reply", ...] = ()
    step: ItemStep | None = None
    """What an assessment changed; None for what was withdrawn."""
    whole: str = ""
    """What became of the whole when a part was assessed, in words."""


class Reply(Struct, frozen=True):
    """A body's reply to an assessment."""

    body: str
    on: str
    position: str
    text: str
    anchor: str
    withdrawn: str = ""


class Correction(Struct, frozen=True):
    """A withdrawal, or an assessment that corrects an earlier one, and why."""

    at: datetime
    why: Markup | str


class HistoryLine(Struct, frozen=True):
    """One line of the history."""

    position: int
    at: datetime
    text: str
    who: str
    why: Markup | str


class Story:
    """What happened to one recommendation, as known at an instant.

    `titles` names its elements, `names` people and `bodies` those who responded.
    """

    def __init__(
        self, events: list[TimelineEntry], titles: dict[str, str], names: dict[str, str], bodies: dict[str, str]
    ) -> None:
        self.events, self.titles, self.names, self.bodies = events, titles, names, bodies
        self.numbers: dict[str, int] = {}
        for entry in events:
            for ident in _cited_evidence(entry.event):
                self.numbers.setdefault(ident, len(self.numbers) + 1)
        self.withdrawn = {e.event.assessment: e.event for e in events if isinstance(e.event, AssessmentWithdrawn)}
        self.withdrawn_deadlines = {e.event.deadline for e in events if isinstance(e.event, DeadlineWithdrawn)}
        self.withdrawn_responses = {e.event.response: e.event for e in events if isinstance(e.event, ResponseWithdrawn)}
        self._steps: dict[str, ItemStep] = {}
        self.responses = [e.event for e in events if isinstance(e.event, ResponsePublished)]

    @property
    def is_withdrawn(self) -> bool:
        """Whether the recommendation as a whole was withdrawn."""
        return any(isinstance(e.event, RecommendationWithdrawn) for e in self.events)

    @property
    def cited(self) -> list[str]:
        return list(self.numbers)

    def numbered(self, evidence: dict[str, EvidenceEntry]) -> list[tuple[int, EvidenceEntry]]:
        """The evidence in the order in which it is first cited."""
        return [(n, evidence[ident]) for ident, n in self.numbers.items() if ident in evidence]

    @property
    def corrections(self) -> list[Correction]:
        """Oldest first."""
        found = []
        for entry in self.events:
            event = entry.event
            if isinstance(event, AssessmentWithdrawn | RecommendationWithdrawn):
                found.append(Correction(entry.happened_at, original(event.reason)))
            elif isinstance(event, AssessmentPublished) and event.assessment.reason is Reason.OUR_CORRECTION:
                found.append(Correction(entry.happened_at, localized(event.assessment, "rationale")))
        return found

    def timeline(self, until: date, whole: StatusHistory = ()) -> list[TimelineItem]:
        """The timeline, newest first, up to a day in the world. `whole` is the history of the recommendation."""
        self._steps = self._item_steps(whole)
        items = [m for entry in self.events if (m := self._moment(entry, until)) and first_day(m.on) <= until]
        return sorted(items, key=lambda m: first_day(m.on), reverse=True)

    def assessed_until(self, until: date) -> date:
        """The last day up to `until` for which an assessment that stands says something."""
        days = [
            first_day(e.event.assessment.effective_on)
            for e in self.events
            if isinstance(e.event, AssessmentPublished) and e.event.assessment.id not in self.withdrawn
        ]
        return max((day for day in days if day <= until), default=date.min)

    def _item_steps(self, whole: StatusHistory) -> dict[str, ItemStep]:
        published = [
            OrderedAssessment(e.event.assessment, (e.happened_at, n))
            for n, e in enumerate(self.events)
            if isinstance(e.event, AssessmentPublished) and e.event.assessment.id not in self.withdrawn
        ]
        return item_steps(published, whole)

    def history(self, names: EventNames) -> list[HistoryLine]:
        """Every event as a sentence, newest first."""
        return [
            HistoryLine(
                e.position,
                e.happened_at,
                sentence(e.event, names),
                public_name(e.event, self.names),
                _stated_reason(e.event),
            )
            for e in reversed(self.events)
        ]

    def _moment(self, entry: TimelineEntry, until: date) -> TimelineItem | None:
        event = entry.event
        if isinstance(event, AssessmentPublished):
            return self._assessment(entry, event, until)
        if isinstance(event, ResponsePublished):
            return self._response(event)
        if isinstance(event, DevelopmentRecorded):
            f = event.facts
            return TimelineItem(
                "development",
                f.date,
                localized(f, "summary"),
                evidence=self.places(f.evidence),
                direction=f.direction.value,
                anchor=f"d-{f.id}",
            )
        if isinstance(event, DeadlineStated):
            return self._deadline(event)
        if isinstance(event, RecommendationRegistered):
            return TimelineItem("registered", event.facts.recommended_on, _("Recommended"), anchor="recommended")
        if isinstance(event, RecommendationWithdrawn):
            on = entry.happened_at.date().isoformat()
            return TimelineItem(
                "correction", on, _("Withdrawn from the register"), text=original(event.reason), anchor="withdrawn"
            )
        return None

    def _assessment(self, entry: TimelineEntry, event: AssessmentPublished, until: date) -> TimelineItem:
        a = event.assessment
        withdrawal, step = self.withdrawn.get(a.id), self._steps.get(a.id)
        return TimelineItem(
            "correction" if withdrawal else "assessment",
            a.effective_on,
            status_word(a.status),
            text=localized(a, "rationale"),
            status=a.status.value,
            element=self.titles.get(a.element, a.element),
            assessment=a,
            evidence=self.places(a.evidence),
            by=public_name(event, self.names),
            published_at=entry.happened_at,
            legacy=event.legacy,
            withdrawn=isolated(original(withdrawal.reason)) if withdrawal else "",
            anchor=f"a-{a.id}",
            replies=self._replies(a.id, until),
            step=step,
            whole=whole_words(*step.whole) if step and step.whole else "",
        )

    def _deadline(self, event: DeadlineStated) -> TimelineItem | None:
        """A deadline on the day on which it was stated; None if it was withdrawn."""
        facts = event.deadline
        if facts.id in self.withdrawn_deadlines:
            return None
        return TimelineItem(
            "deadline",
            facts.stated_on,
            _("Due %(day)s", day=day_text(facts.due_on)),
            text=localized(facts, "note"),
            element=self.titles.get(facts.element, facts.element),
            evidence=self.places(facts.evidence),
            anchor=f"due-{facts.id}",
        )

    def _response(self, event: ResponsePublished) -> TimelineItem | None:
        """A response as an entry of its own; a reply is printed under the assessment that it answers."""
        f = event.facts
        if f.assessment:
            return None
        withdrawal = self.withdrawn_responses.get(f.id)
        return TimelineItem(
            "response",
            f.given_on,
            self.bodies.get(f.body, f.body) + f": {POSITION[f.position]}",
            text=localized(f, "summary"),
            element=self.titles.get(f.element, f.element),
            evidence=self.places(f.evidence),
            withdrawn=isolated(original(withdrawal.reason)) if withdrawal else "",
            anchor=f"s-{f.id}",
        )

    def _replies(self, assessment: str, until: date) -> tuple[Reply, ...]:
        given = [e.facts for e in self.responses if e.facts.assessment == assessment]
        return tuple(
            Reply(
                self.bodies.get(f.body, f.body),
                f.given_on,
                f.position.value,
                localized(f, "summary"),
                f"s-{f.id}",
                isolated(original(self.withdrawn_responses[f.id].reason)) if f.id in self.withdrawn_responses else "",
            )
            for f in given
            if first_day(f.given_on) <= until
        )

    def places(self, ids: tuple[str, ...]) -> tuple[int, ...]:
        return tuple(sorted(self.numbers[i] for i in ids))


def _cited_evidence(event: Event) -> tuple[str, ...]:
    if isinstance(event, AssessmentPublished):
        return event.assessment.evidence
    if isinstance(event, DeadlineStated):
        return event.deadline.evidence
    if isinstance(event, DevelopmentRecorded | ResponsePublished):
        return event.facts.evidence
    return ()


def _stated_reason(event: Event) -> Markup | str:
    if isinstance(event, AssessmentPublished):
        return localized(event.assessment, "rationale")
    return original(str(getattr(event, "reason", "")))
