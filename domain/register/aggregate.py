"""A register: a set of recommendations tracked together, with its publications, bodies and themes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

from domain.amendments import against_amending
from domain.base import Aggregate
from domain.errors import Refusal, Refused, refusal, refuse
from domain.ids import register_id
from domain.methodology.versions import methodology_of
from domain.register.events import (
    BodyAmended,
    BodyNamed,
    PublicationAdded,
    PublicationAmended,
    RegisterAmended,
    RegisterEstablished,
    RegisterEvent,
    RegisterOpened,
    ThemeAmended,
    ThemeNamed,
)
from domain.values import Body, Publication, RegisterSettings, Theme

Part = RegisterSettings | Theme | Publication | Body


class Register(Aggregate):
    settings: RegisterSettings
    opened_elsewhere_at: datetime | None

    def __init__(self) -> None:
        super().__init__()
        self.themes: dict[str, Theme] = {}
        self.publications: dict[str, Publication] = {}
        self.bodies: dict[str, Body] = {}
        self.is_open = False

    @classmethod
    def establish(cls, settings: RegisterSettings, by: str, opened_elsewhere_at: datetime | None = None) -> Self:
        methodology_of(settings.methodology)  # refuses an unknown version
        register = cls.begin(register_id(settings.id))
        register.settings = settings
        register._happen(RegisterEstablished, by, settings=settings, opened_elsewhere_at=opened_elsewhere_at)
        return register

    def name_theme(self, theme: Theme, by: str) -> None:
        if theme.id in self.themes:
            raise Refused(f"This register already has a theme “{theme.id}”.")
        self._happen(ThemeNamed, by, theme=theme)

    def add_publication(self, publication: Publication, by: str) -> None:
        if publication.id in self.publications:
            raise Refused(f"This register already has a publication “{publication.id}”.")
        self._happen(PublicationAdded, by, publication=publication)

    def name_body(self, body: Body, by: str) -> None:
        if body.id in self.bodies:
            raise Refused(f"This register already has a body “{body.id}”.")
        self._happen(BodyNamed, by, body=body)

    def amend(self, fact: Part, by: str, why: str, checked: tuple[str, ...]) -> None:
        """Put a fact in the place of the one with its id."""
        event, name, kept = self._kept(fact)
        before = kept.get(fact.id)
        if before is None:
            raise Refused(refusal("There is nothing called “{id}” here.", id=fact.id))
        if isinstance(fact, RegisterSettings):
            methodology_of(fact.methodology)
        found = against_amending(before, fact, why, checked, is_open=self.is_open)
        if isinstance(fact, Body) and (wrong := self._wrong_parent(fact)):
            found.append(wrong)
        refuse(found)
        self._happen(event, by, why=why, checked=checked, **{name: fact})

    def _kept(self, fact: Part) -> tuple[type[RegisterEvent], str, Mapping[str, Part]]:
        match fact:
            case Theme():
                return ThemeAmended, "theme", self.themes
            case Publication():
                return PublicationAmended, "publication", self.publications
            case Body():
                return BodyAmended, "body", self.bodies
            case _:
                return RegisterAmended, "settings", {self.settings.id: self.settings}

    def _wrong_parent(self, body: Body) -> Refusal | None:
        parent = body.parent
        while parent and parent != body.id:
            if parent not in self.bodies:
                return refusal("There is no body “{id}” in this register.", id=parent, field="parent")
            parent = self.bodies[parent].parent
        return refusal("“{id}” would be a part of itself.", id=body.id, field="parent") if parent else None

    def open(self, origin: str, by: str) -> None:
        if self.is_open:
            raise Refused(f"The register “{self.settings.id}” is open already.")
        self._happen(RegisterOpened, by, origin=origin, opened_at=self.opened_elsewhere_at)

    def _happen(self, event: type[RegisterEvent], by: str, **fields: Any) -> None:
        self.trigger(event, by, register=self.settings.id, **fields)
