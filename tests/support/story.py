"""Given, when, then: commands arrange, one command acts, and the exact new events are compared."""

from typing import Any, Protocol

import msgspec

from domain import commands as c
from domain.application import Tracker
from domain.base import Event
from domain.errors import Refused
from domain.event_log import EventLog
from domain.events import read_event
from domain.values import (
    Assessment,
    Body,
    Element,
    EvidenceFacts,
    EvidenceText,
    Publication,
    RecommendationFacts,
    RegisterSettings,
    SuccessCriteria,
)
from tests.support.clock import Clock

REGISTER = "r"


class Uptake(Protocol):
    """What a story needs: the services of the application, or `tests.support.uptake.BareUptake`."""

    clock: Clock
    tracker: Tracker

    @property
    def log(self) -> EventLog: ...

    def execute(self, command: c.Command, *, by: str, command_id: str = "") -> str: ...


class Story:
    """A register “r” with a body, a publication and sources, made by commands."""

    def __init__(self, uptake: Uptake, **settings: Any) -> None:
        self.uptake = uptake
        fields = {"id": REGISTER, "title": "A register", "kept_by": "A keeper", "licence": "CC-BY-4.0", **settings}
        self.do(c.EstablishRegister(REGISTER, settings=msgspec.convert(fields, RegisterSettings)))
        self.do(c.NameBody(REGISTER, body=Body(id="ministry", name="Ministry")))
        self.do(
            c.AddPublication(
                REGISTER, publication=Publication(id="report", title="Report", publisher="P", published_on="2020")
            )
        )

    def do(self, command: c.Command, by: str = "ana") -> str:
        made = self.uptake.execute(command, by=by)
        self.uptake.clock.go_on(seconds=1)
        return made

    def evidence(self, ident: str, source_class: str = "official", publisher: str = "") -> "Story":
        facts = {"id": ident, "publisher": publisher or f"publisher of {ident}", "source_class": source_class}
        text = EvidenceText(title=f"Title of {ident}", summary="What it says.")
        command = c.NoteEvidence(
            REGISTER, facts=msgspec.convert(facts, EvidenceFacts), text=text, key=f"key-{ident}", salt="s"
        )
        self.do(command)
        return self

    def recommendation(self, ident: str = "post", kind: str = "one_off", **more: Any) -> "Story":
        facts = {
            "id": ident,
            "title": f"Title of {ident}",
            "summary": "What is asked.",
            "kind": kind,
            "theme": "offices",
            "addressees": ("ministry",),
            "publication": "report",
            "recommended_on": "2020-01-01",
            **more,
        }
        self.do(c.RegisterRecommendation(REGISTER, facts=msgspec.convert(facts, RecommendationFacts)), by="kim")
        return self

    def element(self, ident: str, kind: str = "one_off", core: bool = True, recommendation: str = "post") -> "Story":
        fields = {"id": ident, "title": f"Title of {ident}", "kind": kind, "core": core, "done_when": "It is so."}
        element = msgspec.convert(fields, Element)
        self.do(c.AddElement(REGISTER, recommendation=recommendation, element=element))
        return self

    def criteria(self, element: str = "", recommendation: str = "post") -> "Story":
        criteria = SuccessCriteria(element=element, counts="An act.", does_not_count="A word.")
        self.do(c.DraftCriteria(REGISTER, recommendation=recommendation, card=criteria), by="ana")
        self.do(c.ApproveCriteria(REGISTER, recommendation=recommendation, element=element), by="ben")
        return self

    def propose(self, recommendation: str = "post", by: str = "ana", **assessment: Any) -> str:
        return self.do(propose(recommendation, **assessment), by=by)

    def published(self, recommendation: str = "post", **assessment: Any) -> str:
        """Proposed by Ana and published by Ben."""
        made = self.propose(recommendation, **assessment)
        self.do(c.PublishAssessment(REGISTER, recommendation=recommendation, assessment=made), by="ben")
        return made

    def events_of(self, command: c.Command, by: str = "ana") -> list[Event]:
        """The exact events that a command adds to the log."""
        before, _ = self.uptake.log.last()
        self.do(command, by=by)
        return [read_event(state) for _, _, state in self.uptake.log.rows_after(before, 1000)]

    def refused(self, command: c.Command, by: str = "ana") -> list[str]:
        """The sentences of a refusal; nothing may have been stored."""
        before = self.uptake.log.last()
        try:
            self.uptake.execute(command, by=by)
        except Refused as refused:
            assert self.uptake.log.last() == before
            return [str(r) for r in refused.refusals]
        raise AssertionError("it was not refused")


def assessment(**fields: Any) -> Assessment:
    usual = {
        "id": "",
        "status": "announced",
        "effective_on": "2021-05-20",
        "reason": "first_assessment",
        "rationale": "Because.",
        "evidence": ("official",),
    }
    return msgspec.convert(usual | fields, Assessment)


def propose(recommendation: str = "post", **fields: Any) -> c.ProposeAssessment:
    return c.ProposeAssessment(REGISTER, recommendation=recommendation, assessment=assessment(**fields))


def without_envelope(event: Event) -> dict[str, Any]:
    """An event's own fields: what happened, without where and when it was stored."""
    data = msgspec.json.decode(msgspec.json.encode(event))
    for name in ("originator_id", "recorded_at", "register"):
        data.pop(name, None)
    return data
