"""A register: a set of recommendations tracked together, with its publications, bodies and themes."""

from datetime import datetime
from typing import Any, Self

from domain.base import Aggregate, Event
from domain.errors import Refused
from domain.facts import Body, Publication, RegisterSettings, Theme
from domain.ids import register_id


class RegisterEvent(Event, frozen=True, kw_only=True):
    register: str

    def first(self) -> "Register":
        return Register()


class RegisterEstablished(RegisterEvent, frozen=True, kw_only=True, tag="register.established"):
    """`opened_elsewhere_at` is given when a register that was open in another store is brought in."""

    settings: RegisterSettings
    opened_elsewhere_at: datetime | None = None

    def apply(self, aggregate: "Register") -> None:
        aggregate.settings = self.settings
        aggregate.opened_elsewhere_at = self.opened_elsewhere_at


class ThemeNamed(RegisterEvent, frozen=True, kw_only=True, tag="register.theme_named"):
    theme: Theme

    def apply(self, aggregate: "Register") -> None:
        aggregate.themes.add(self.theme.id)


class PublicationAdded(RegisterEvent, frozen=True, kw_only=True, tag="register.publication_added"):
    publication: Publication

    def apply(self, aggregate: "Register") -> None:
        aggregate.publications.add(self.publication.id)


class BodyNamed(RegisterEvent, frozen=True, kw_only=True, tag="register.body_named"):
    body: Body

    def apply(self, aggregate: "Register") -> None:
        aggregate.bodies.add(self.body.id)


class RegisterOpened(RegisterEvent, frozen=True, kw_only=True, tag="register.opened"):
    """From here on the public sees it, and no instant of another record can be brought in.

    `origin` is the host under which its checkpoints and signatures will be made.
    """

    origin: str
    opened_at: datetime | None = None

    def apply(self, aggregate: "Register") -> None:
        aggregate.is_open = True


class Register(Aggregate):
    settings: RegisterSettings
    opened_elsewhere_at: datetime | None

    def __init__(self) -> None:
        super().__init__()
        self.themes: set[str] = set()
        self.publications: set[str] = set()
        self.bodies: set[str] = set()
        self.is_open = False

    @classmethod
    def establish(cls, settings: RegisterSettings, by: str, opened_elsewhere_at: datetime | None = None) -> Self:
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

    def open(self, origin: str, by: str) -> None:
        if self.is_open:
            raise Refused(f"The register “{self.settings.id}” is open already.")
        self._happen(RegisterOpened, by, origin=origin, opened_at=self.opened_elsewhere_at)

    def _happen(self, event: type[RegisterEvent], by: str, **fields: Any) -> None:
        self.trigger(event, by, register=self.settings.id, **fields)
