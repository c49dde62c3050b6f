"""What a register remembers of its events: as much as its next decision needs."""

from datetime import datetime

from domain.base import Aggregate
from domain.values import Body, Logo, Publication, RegisterSettings, Theme


class RegisterState(Aggregate):
    settings: RegisterSettings
    opened_elsewhere_at: datetime | None

    @property
    def natural_id(self) -> str:
        return self.settings.id

    def __init__(self) -> None:
        super().__init__()
        self.themes: dict[str, Theme] = {}
        self.publications: dict[str, Publication] = {}
        self.bodies: dict[str, Body] = {}
        self.merged_into: dict[str, str] = {}
        """The body that each merged body became part of."""
        self.logo = Logo()
        self.is_open = False

    def current_body(self, body: str) -> str:
        """The body that now has what was asked of this one: itself, unless it was merged."""
        while body in self.merged_into:
            body = self.merged_into[body]
        return body
