"""The names of what the record calls by an id, read one by one where a sentence needs them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from markupsafe import Markup
from sqlalchemy import Connection

from app.presentation.i18n.labels import STATUS, day_text
from app.presentation.i18n.localize import isolated, localized
from app.presentation.i18n.source_titles import source_title
from app.presentation.i18n.translation import _
from domain.values import Body
from projections.assessments.proposals import last_version
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import EvidenceEntry, RegisterEntry
from projections.engine.position import last_applied_at
from projections.timeline.queries import events_about

SourceFinder = Callable[[Connection, str], EvidenceEntry | None]
"""Finds a source by its id."""
NAME_FIELD = {"body": "name", "development": "summary"}
"""The field with the name of a fact, for those that have no title."""
FIELDS = {"recommendation": "facts", "element": "element", "deadline": "deadline", "response": "facts"}
"""The field with the fact itself, in an entry of the catalogue and in the event that adds it."""
TOPICS = {
    "recommendation": "recommendation.registered",
    "element": "recommendation.element_added",
    "deadline": "deadline.stated",
    "response": "response.proposed",
}
"""The event that says what something is that is in no catalogue: it was only proposed, or removed."""


class RecordNames:
    """Names of one register, as known at an instant; a thing that came later has its first name.

    Each is read once; `bodies` are those that were read before. `find_source` also finds sources that are not public.
    """

    def __init__(
        self,
        db: Connection,
        entry: RegisterEntry,
        known_at: datetime | None = None,
        find_source: SourceFinder | None = None,
        bodies: Mapping[str, Body] = MappingProxyType({}),
    ) -> None:
        self.db, self.register, self.zone = db, entry.id, entry.settings.time_zone
        self.bodies = bodies
        self.known_at = known_at or last_applied_at(db)
        self.find_source = find_source or (lambda _db, ident: self._fact("evidence", ident))
        self._names: dict[tuple[str, str], Markup | str] = {}

    def find(self, kind: str, ident: str) -> Markup | str:
        """The name in the page's language; empty if nothing has this id."""
        if (kind, ident) not in self._names:
            self._names[kind, ident] = self._read(kind, ident) if ident else ""
        return self._names[kind, ident]

    def _read(self, kind: str, ident: str) -> Markup | str:
        if kind == "assessment":
            return self._assessment(ident)
        if kind == "evidence":
            source = self.find_source(self.db, ident)
            return isolated(source_title(source)) if source else ""
        if kind == "recommendation":
            ident = ident.removeprefix(f"{self.register}:")
        fact = (None if kind == "response" else self._fact(kind, ident)) or self._fact_of_event(kind, ident)
        return self._name(kind, fact) if fact else ""

    def _assessment(self, ident: str) -> str:
        assessment = last_version(self.db, self.register, ident)
        if assessment is None:
            return ""
        status, day = str(STATUS[assessment.status]), day_text(assessment.effective_on)
        return _("%(status)s, %(day)s", status=status, day=day)

    def _fact(self, kind: str, ident: str) -> Any:
        if kind == "body" and ident in self.bodies:
            return self.bodies[ident]
        entry = catalogue.fact_of(self.db, self.register, kind, self.known_at, ident)
        return getattr(entry, FIELDS[kind]) if entry and kind in FIELDS else entry

    def _fact_of_event(self, kind: str, ident: str) -> Any:
        if kind not in TOPICS:
            return None
        recommendation, _slash, part = ident.partition("/")
        facts = (
            getattr(event, FIELDS[kind]) for event in events_about(self.db, self.register, recommendation, TOPICS[kind])
        )
        return next((fact for fact in facts if fact.id == (part or ident)), None)

    def _name(self, kind: str, fact: Any) -> Markup | str:
        if kind == "response":
            return self.find("body", fact.body)
        if kind == "deadline":
            return day_text(fact.due_on)
        return isolated(localized(fact, NAME_FIELD.get(kind, "title")))
