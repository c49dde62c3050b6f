"""Stores the position and the stamp of the last event of each register that public pages can show."""

from typing import Any

from sqlalchemy import Connection, delete, or_

from domain.base import Event
from domain.recommendation.events import RelationStated
from domain.recommendation.lineage import target_of
from domain.register.events import RegisterDiscarded, RegisterOpened
from domain.review.events import ReviewEmbargoed
from projections.engine.batches import Batch
from projections.engine.bulk_write import write_many
from projections.public_states.tables import metadata, public_states, register_links

ON_PAGES_THOUGH_PRIVATE = (ReviewEmbargoed,)
"""Events that are not in the public log, but change a public page: when a review will be frozen."""

_UPSERT = (
    "INSERT INTO public_states (register, position, stamp, is_open) VALUES (?, ?, ?, ?) ON CONFLICT (register)"
    " DO UPDATE SET position = excluded.position, stamp = excluded.stamp,"
    " is_open = public_states.is_open OR excluded.is_open"
)
_LINK = "INSERT INTO register_links (register, other) VALUES (?, ?) ON CONFLICT DO NOTHING"


def changes_pages(event: Event) -> bool:
    """Whether a public page can show the event once its register is open."""
    return event.PUBLIC or isinstance(event, ON_PAGES_THOUGH_PRIVATE)


class PublicStates:
    name = "public_states"
    version = 1
    metadata = metadata

    def prepare(self, db: Connection) -> None:
        """Nothing beyond the tables."""

    def project(self, batch: Batch, db: Connection) -> None:
        states: dict[str, tuple[int, int, bool]] = {}
        links: dict[tuple[str, str], None] = {}
        for recorded in batch.events:
            event: Any = recorded.event
            register: str = event.register
            if isinstance(event, RegisterDiscarded):
                states.pop(register, None)
                links = {pair: None for pair in links if register not in pair}
                _forget(db, register)
            elif changes_pages(event):
                is_open = isinstance(event, RegisterOpened) or (register in states and states[register][2])
                states[register] = recorded.position, recorded.recorded_at, is_open
            if isinstance(event, RelationStated):
                links |= dict.fromkeys(_linked(register, event))
        write_many(db, _UPSERT, [(register, *state) for register, state in states.items()])
        write_many(db, _LINK, list(links))


def _linked(register: str, event: RelationStated) -> tuple[tuple[str, str], ...]:
    other = target_of(register, event.relation.to).register
    return ((register, other), (other, register)) if other not in ("", register) else ()


def _forget(db: Connection, register: str) -> None:
    db.execute(delete(public_states).where(public_states.c.register == register))
    of_register = register_links.c.register == register, register_links.c.other == register
    db.execute(delete(register_links).where(or_(*of_register)))
