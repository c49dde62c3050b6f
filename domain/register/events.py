"""What can happen to a register."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from domain.base import Event
from domain.values import Body, Publication, RegisterSettings, Theme

if TYPE_CHECKING:
    from domain.register.aggregate import Register


class RegisterEvent(Event, frozen=True, kw_only=True):
    register: str

    def first(self) -> Any:
        from domain.register.aggregate import Register

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
        aggregate.themes[self.theme.id] = self.theme


class PublicationAdded(RegisterEvent, frozen=True, kw_only=True, tag="register.publication_added"):
    publication: Publication

    def apply(self, aggregate: "Register") -> None:
        aggregate.publications[self.publication.id] = self.publication


class BodyNamed(RegisterEvent, frozen=True, kw_only=True, tag="register.body_named"):
    body: Body

    def apply(self, aggregate: "Register") -> None:
        aggregate.bodies[self.body.id] = self.body


class RegisterAmendment(RegisterEvent, frozen=True, kw_only=True):
    """Puts a fact as it is from now on in the place of what it was.

    `why` is what the public reads, empty where only a translation was changed; `checked` names translations that were
    read again and still fit.
    """

    why: str = ""
    checked: tuple[str, ...] = ()


class RegisterAmended(RegisterAmendment, frozen=True, kw_only=True, tag="register.amended"):
    settings: RegisterSettings

    def apply(self, aggregate: "Register") -> None:
        aggregate.settings = self.settings


class ThemeAmended(RegisterAmendment, frozen=True, kw_only=True, tag="register.theme_amended"):
    theme: Theme

    def apply(self, aggregate: "Register") -> None:
        aggregate.themes[self.theme.id] = self.theme


class PublicationAmended(RegisterAmendment, frozen=True, kw_only=True, tag="register.publication_amended"):
    publication: Publication

    def apply(self, aggregate: "Register") -> None:
        aggregate.publications[self.publication.id] = self.publication


class BodyAmended(RegisterAmendment, frozen=True, kw_only=True, tag="register.body_amended"):
    body: Body

    def apply(self, aggregate: "Register") -> None:
        aggregate.bodies[self.body.id] = self.body


class RegisterOpened(RegisterEvent, frozen=True, kw_only=True, tag="register.opened"):
    """From here on the public sees it, and no instant of another record can be brought in.

    `origin` is the host under which its checkpoints and signatures will be made.
    """

    origin: str
    opened_at: datetime | None = None

    def apply(self, aggregate: "Register") -> None:
        aggregate.is_open = True
