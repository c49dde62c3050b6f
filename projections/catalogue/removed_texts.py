"""Takes the texts of a source out of every version of it."""

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection, select, update

from domain.evidence.events import EvidenceTextRemoved
from projections.catalogue.entries import DECODERS, EvidenceEntry
from projections.catalogue.tables import facts

_encode = msgspec.json.Encoder().encode


def remove_texts(db: Connection, event: EvidenceTextRemoved) -> None:
    """Leave the facts of a source in each of its versions, whenever it was known, and say why the texts are gone.

    An earlier removal keeps its own day and reason.
    """
    about = facts.c.register == event.register, facts.c.kind == "evidence", facts.c.id == event.evidence
    on = event.happened_at(event.removed_at).date().isoformat()
    for row in db.execute(select(facts.c.position, facts.c.data).where(*about)).all():
        entry: EvidenceEntry = DECODERS["evidence"].decode(row.data)
        if not entry.removed_on:
            without = replace(
                entry,
                title="",
                url="",
                archived_url="",
                summary="",
                translations={},
                removed=True,
                removed_on=on,
                removed_because=event.reason,
            )
            db.execute(update(facts).where(facts.c.position == row.position).values(data=_encode(without)))
