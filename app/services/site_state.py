"""What public pages depend on at one moment: public events, the names that people chose, and copies of sources."""

from datetime import datetime
from itertools import takewhile

from msgspec import Struct

from app.presentation.answers.as_of import is_settled
from domain.times import from_microseconds
from projections.engine.position import LogPosition
from projections.public_states.queries import PublicStateMap

WHOLE_STORE, SITE = "", "*"
"""Scopes of pages that are not about one register: of any event at all, and of the public events of all registers."""


class SiteState(Struct, frozen=True):
    """Equal to that of another moment if no public page can have changed in between.

    `unsettled` are the stamps (µs), latest first, that pages do not name as a whole second yet.
    """

    position: LogPosition
    states: PublicStateMap
    unsettled: tuple[int, ...]
    names: dict[str, str]
    sources_mark: str

    def of(self, scope: str) -> object:
        """What pages of a scope depend on: one register by its id, `SITE`, or `WHOLE_STORE`."""
        if scope == WHOLE_STORE:
            return self.position, self.position.stamp in self.unsettled, self.names, self.sources_mark
        state = self.states.of_site if scope == SITE else self.states.of(scope)
        return state, state.stamp in self.unsettled, self.names, self.sources_mark

    @property
    def removals(self) -> object:
        """What changes whenever a name or the texts of a source are removed."""
        return self.names, self.sources_mark


def unsettled_stamps(position: LogPosition, states: PublicStateMap, now: datetime) -> tuple[int, ...]:
    """Of the stamps that pages can name, those that are too recent for a whole second."""
    stamps = sorted({position.stamp, *(row.state.stamp for row in states.rows.values())}, reverse=True)
    return tuple(takewhile(lambda stamp: not is_settled(from_microseconds(stamp), now), stamps))
