"""What a register remembers of its events: as much as its next decision needs."""

from datetime import datetime

from domain.base import Aggregate
from domain.values import Body, Publication, RegisterSettings, Theme


class RegisterState(Aggregate):
    settings: RegisterSettings
    opened_elsewhere_at: datetime | None

    def __init__(self) -> None:
        super().__init__()
        self.themes: dict[str, Theme] = {}
        self.publications: dict[str, Publication] = {}
        self.bodies: dict[str, Body] = {}
        self.is_open = False
