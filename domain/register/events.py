"""What can happen to a register."""

from datetime import datetime
from typing import Any, ClassVar

from domain.base import Event
from domain.register.state import RegisterState
from domain.upcasts import add_publisher_fields, gather_translations
from domain.values import Body, BodyMerge, Logo, Publication, RegisterSettings, Theme


class RegisterEvent(Event, frozen=True, kw_only=True):
    register: str


class RegisterEstablished(RegisterEvent, frozen=True, kw_only=True, tag="register.established"):
    """`opened_elsewhere_at` is set when a register is imported that was open in another store."""

    class_version: ClassVar[int] = 4

    settings: RegisterSettings
    opened_elsewhere_at: datetime | None = None

    @staticmethod
    def upcast_v1_v2(fields: dict[str, Any]) -> None:
        gather_translations(fields["settings"])

    @staticmethod
    def upcast_v2_v3(fields: dict[str, Any]) -> None:
        fields["settings"]["fictional"] = False

    @staticmethod
    def upcast_v3_v4(fields: dict[str, Any]) -> None:
        add_publisher_fields(fields["settings"])

    def apply(self, aggregate: RegisterState) -> None:
        aggregate.settings = self.settings
        aggregate.opened_elsewhere_at = self.opened_elsewhere_at


class ThemeNamed(RegisterEvent, frozen=True, kw_only=True, tag="register.theme_named"):
    class_version: ClassVar[int] = 2

    theme: Theme

    @staticmethod
    def upcast_v1_v2(fields: dict[str, Any]) -> None:
        gather_translations(fields["theme"])

    def apply(self, aggregate: RegisterState) -> None:
        aggregate.themes[self.theme.id] = self.theme


class PublicationAdded(RegisterEvent, frozen=True, kw_only=True, tag="register.publication_added"):
    class_version: ClassVar[int] = 2

    publication: Publication

    @staticmethod
    def upcast_v1_v2(fields: dict[str, Any]) -> None:
        gather_translations(fields["publication"])

    def apply(self, aggregate: RegisterState) -> None:
        aggregate.publications[self.publication.id] = self.publication


class BodyNamed(RegisterEvent, frozen=True, kw_only=True, tag="register.body_named"):
    class_version: ClassVar[int] = 2

    body: Body

    @staticmethod
    def upcast_v1_v2(fields: dict[str, Any]) -> None:
        gather_translations(fields["body"])

    def apply(self, aggregate: RegisterState) -> None:
        aggregate.bodies[self.body.id] = self.body


class RegisterAmendment(RegisterEvent, frozen=True, kw_only=True):
    """Replaces a fact with its new version.

    `why` is public, and empty if only a translation changed; `checked` names translations that someone read again
    and found still right.
    """

    why: str = ""
    checked: tuple[str, ...] = ()


class RegisterAmended(RegisterAmendment, frozen=True, kw_only=True, tag="register.amended"):
    class_version: ClassVar[int] = 4

    settings: RegisterSettings

    @staticmethod
    def upcast_v1_v2(fields: dict[str, Any]) -> None:
        gather_translations(fields["settings"])

    @staticmethod
    def upcast_v2_v3(fields: dict[str, Any]) -> None:
        fields["settings"]["fictional"] = False

    @staticmethod
    def upcast_v3_v4(fields: dict[str, Any]) -> None:
        add_publisher_fields(fields["settings"])

    def apply(self, aggregate: RegisterState) -> None:
        aggregate.settings = self.settings


class ThemeAmended(RegisterAmendment, frozen=True, kw_only=True, tag="register.theme_amended"):
    class_version: ClassVar[int] = 2

    theme: Theme

    @staticmethod
    def upcast_v1_v2(fields: dict[str, Any]) -> None:
        gather_translations(fields["theme"])

    def apply(self, aggregate: RegisterState) -> None:
        aggregate.themes[self.theme.id] = self.theme


class PublicationAmended(RegisterAmendment, frozen=True, kw_only=True, tag="register.publication_amended"):
    class_version: ClassVar[int] = 2

    publication: Publication

    @staticmethod
    def upcast_v1_v2(fields: dict[str, Any]) -> None:
        gather_translations(fields["publication"])

    def apply(self, aggregate: RegisterState) -> None:
        aggregate.publications[self.publication.id] = self.publication


class BodyAmended(RegisterAmendment, frozen=True, kw_only=True, tag="register.body_amended"):
    class_version: ClassVar[int] = 2

    body: Body

    @staticmethod
    def upcast_v1_v2(fields: dict[str, Any]) -> None:
        gather_translations(fields["body"])

    def apply(self, aggregate: RegisterState) -> None:
        aggregate.bodies[self.body.id] = self.body


class BodyMerged(RegisterEvent, frozen=True, kw_only=True, tag="register.body_merged"):
    """From the instant of the event on, what was asked of the body counts as asked of the other one.

    `merged_at` is set only when a record is imported.
    """

    merge: BodyMerge
    merged_at: datetime | None = None

    def apply(self, aggregate: RegisterState) -> None:
        aggregate.merged_into[self.merge.body] = self.merge.into


class LogoSet(RegisterEvent, frozen=True, kw_only=True, tag="register.logo_set"):
    """From now on the register has this logo; one without a picture removes it."""

    logo: Logo

    def apply(self, aggregate: RegisterState) -> None:
        aggregate.logo = self.logo


class RegisterOpened(RegisterEvent, frozen=True, kw_only=True, tag="register.opened"):
    """From now on the public sees the register, and imports cannot set earlier instants.

    `origin` is the host under which its checkpoints and signatures will be made.
    """

    origin: str
    opened_at: datetime | None = None

    def apply(self, aggregate: RegisterState) -> None:
        aggregate.is_open = True


class ThemeRemoved(RegisterEvent, frozen=True, kw_only=True, tag="register.theme_removed"):
    """Removed while the register was prepared; its id can be used again."""

    PUBLIC: ClassVar[bool] = False

    theme: str

    def apply(self, aggregate: RegisterState) -> None:
        del aggregate.themes[self.theme]


class PublicationRemoved(RegisterEvent, frozen=True, kw_only=True, tag="register.publication_removed"):
    """Removed while the register was prepared; its id can be used again."""

    PUBLIC: ClassVar[bool] = False

    publication: str

    def apply(self, aggregate: RegisterState) -> None:
        del aggregate.publications[self.publication]


class BodyRemoved(RegisterEvent, frozen=True, kw_only=True, tag="register.body_removed"):
    """Removed while the register was prepared; its id can be used again."""

    PUBLIC: ClassVar[bool] = False

    body: str

    def apply(self, aggregate: RegisterState) -> None:
        del aggregate.bodies[self.body]
        aggregate.merged_into.pop(self.body, None)


class RegisterDiscarded(RegisterEvent, frozen=True, kw_only=True, tag="register.discarded"):
    """A register that was never opened is gone with everything in it. Its id can be used again."""

    PUBLIC: ClassVar[bool] = False
    IS_REMOVAL: ClassVar[bool] = True
