"""The facts that the catalogue returns, with what the register adds to them."""

from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from domain.codes import RemovalReason, SourceClass
from domain.values import (
    Body,
    BodyMerge,
    DeadlineFacts,
    DevelopmentFacts,
    Element,
    Logo,
    Publication,
    RecommendationFacts,
    RegisterSettings,
    ReviewSchedule,
    SuccessCriteria,
    Theme,
)


class RegisterEntry(Struct, frozen=True):
    """A register; `opened_at` is None while it is prepared.

    `opened_elsewhere_at` is when it was opened in another store. `earlier` holds the settings it had before, oldest
    first, each with the instant until which it had them.
    """

    settings: RegisterSettings
    established_at: datetime
    opened_at: datetime | None = None
    origin: str = ""
    opened_elsewhere_at: datetime | None = None
    earlier: tuple[tuple[datetime, RegisterSettings], ...] = ()

    def as_known(self, at: datetime) -> "RegisterEntry":
        """With the settings that it had at an instant."""
        settings = next((s for until, s in self.earlier if at < until), self.settings)
        return replace(self, settings=settings)

    @property
    def id(self) -> str:
        return self.settings.id

    @property
    def is_open(self) -> bool:
        return self.opened_at is not None


class RegisterVersion(Struct, frozen=True):
    """A register's settings as they are stored; only the first version has `opened_elsewhere_at`."""

    settings: RegisterSettings
    opened_elsewhere_at: datetime | None = None


class RegisterOpening(Struct, frozen=True):
    """When a register was opened in this store; `recorded_at` is never an instant from an earlier record."""

    origin: str
    recorded_at: datetime
    position: int = 0


class RecommendationEntry(Struct, frozen=True):
    facts: RecommendationFacts
    registered_at: datetime


class RecommendationPlace(Struct, frozen=True, gc=False):
    """What decides the place of a recommendation in lists, without its texts."""

    id: str
    theme: str
    number: str = ""
    position: int | None = None


class PlacedRecommendation(Struct, frozen=True, gc=False):
    """A stored recommendation, of which only its place is read."""

    facts: RecommendationPlace


class ElementEntry(Struct, frozen=True):
    recommendation: str
    element: Element
    registered_at: datetime


class CriteriaEntry(Struct, frozen=True):
    """Approved success criteria; `number` counts those of an item from 1."""

    recommendation: str
    card: SuccessCriteria
    number: int
    approved_by: str
    approved_at: datetime


class DeadlineEntry(Struct, frozen=True):
    """A deadline of a recommendation or of one of its elements; `withdrawn_at` is None for one that stays."""

    recommendation: str
    deadline: DeadlineFacts
    published_at: datetime
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""
    withdrawn_reason: str = ""


class MergeEntry(Struct, frozen=True):
    """A body that became part of another one."""

    merge: BodyMerge
    merged_at: datetime


class EvidenceEntry(Struct, frozen=True):
    """An item of evidence with its text.

    For a removed text `removed` is true and the texts are empty. `removed_on` is the day of the removal in UTC and
    `removed_because` its reason; both are empty where the log does not say so: in an older package, or after a backup
    was restored that is older than the removal.
    """

    id: str
    publisher: str
    source_class: SourceClass
    title: str = ""
    url: str = ""
    archived_url: str = ""
    published_on: str = ""
    accessed_on: str = ""
    summary: str = ""
    translations: dict[str, dict[str, str]] = {}
    language: str = ""
    sha256: str = ""
    removed: bool = False
    removed_on: str = ""
    removed_because: RemovalReason | None = None


PLACE_DECODER = msgspec.json.Decoder(PlacedRecommendation)
DECODERS: dict[str, msgspec.json.Decoder[Any]] = {
    kind: msgspec.json.Decoder(of)
    for kind, of in (
        ("register", RegisterVersion),
        ("opening", RegisterOpening),
        ("logo", Logo),
        ("theme", Theme),
        ("publication", Publication),
        ("body", Body),
        ("review", ReviewSchedule),
        ("development", DevelopmentFacts),
        ("recommendation", RecommendationEntry),
        ("element", ElementEntry),
        ("card", CriteriaEntry),
        ("deadline", DeadlineEntry),
        ("merge", MergeEntry),
        ("evidence", EvidenceEntry),
    )
}
"""By kind: reads the data of a row."""
