"""The public log as lines: public events of the register in full, almost all others as leaf hashes."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from datetime import datetime
from typing import Self

import msgspec

from domain.base import Event
from domain.errors import Refused
from domain.event_log import EventLog, StampCorrections
from domain.events import read_event
from domain.evidence.events import EvidenceEvent
from domain.evidence.record import read_evidence_text
from domain.log.events import StampsCorrected
from domain.review.events import ReviewDoiSet, ReviewEmbargoed, ReviewSignedOff, StocktakingEvent, SummaryDrafted
from domain.times import to_microseconds
from domain.values import EvidenceText
from projections.transparency.merkle import leaf_hash

READ_BATCH = 5_000
Texts = Mapping[str, EvidenceText]
"""Texts of public evidence by id; removed texts are missing."""
LogRow = tuple[int, int, bytes]
"""The number of a line, the instant of recording that counts (µs), and the line."""


_HIDDEN_EVENT = re.compile(rb'\{"leaf":"([0-9a-f]{64})"\}')
"""The leaf hash of an event that the package does not show."""


def public_lines(log: EventLog, register: str, review: str, as_of: str, position: int) -> list[bytes]:
    """Return one line for each of the first `position` events of a log.

    The review that is frozen discloses what it is frozen with: its last summary, the signatures since, its embargo, its
    DOI.
    """
    lines, draft, others = list[bytes](), dict[int, bytes](), dict[type[StocktakingEvent], dict[int, bytes]]()
    for state in _states(log, position):
        event = read_event(state)
        if isinstance(event, StocktakingEvent) and event.occurrence == (register, review, as_of):
            match event:
                case SummaryDrafted():
                    draft = {len(lines): state}
                case ReviewSignedOff():
                    draft[len(lines)] = state
                case ReviewEmbargoed() | ReviewDoiSet():
                    others[type(event)] = {len(lines): state}
        of_log = isinstance(event, StampsCorrected)  # every package needs it, to count stamps as we do
        is_public = of_log or (event.PUBLIC and getattr(event, "register", "") == register)
        lines.append(state if is_public else f'{{"leaf":"{leaf_hash(state).hex()}"}}'.encode())
    for disclosed in (draft, *others.values()):
        for place, state in disclosed.items():
            lines[place] = state
    return lines


def _states(log: EventLog, count: int) -> Iterator[bytes]:
    """Yield the stored bytes of the first events of a log."""
    row = 0
    while count > 0 and (rows := log.rows_after(row, READ_BATCH)):
        yield from (state for _row, _stamp, state in rows[:count])
        row, count = rows[-1][0], count - len(rows)


def count_recorded_by(log: EventLog, instant: datetime) -> int:
    """Count the events recorded by an instant."""
    limit, row, count = to_microseconds(instant), 0, 0
    while rows := log.rows_after(row, READ_BATCH):
        early = bisect_right(rows, limit, key=lambda r: r[1])
        count, row = count + early, rows[-1][0]
        if early < len(rows):
            break
    return count


def evidence_texts(log: EventLog, lines: Iterable[bytes]) -> dict[str, EvidenceText]:
    """Return the newest public texts of the evidence in the lines, without staff notes."""
    records = {e.facts.id: e.record for line in lines if isinstance(e := _decode_event(line), EvidenceEvent)}
    keys, texts = {record: ident for ident, record in records.items()}, {}
    for record, stored in log.records(list(keys)).items():
        text = read_evidence_text(stored)
        texts[keys[record]] = msgspec.structs.replace(text, notes="")
    return texts


def line_leaf(line: bytes) -> bytes:
    """Return the leaf hash of a line. Raises `Refused` if it is neither an event nor a hash."""
    if not line.startswith(b'{"leaf":'):
        return leaf_hash(line)
    found = _HIDDEN_EVENT.fullmatch(line)
    if not found:
        raise Refused("A line of events.jsonl is neither an event nor the hash of one.")
    return bytes.fromhex(found[1].decode())


class PackedLog:
    """The public events of a package, as a log that projections can read."""

    def __init__(self, lines: Iterable[bytes], texts: Texts) -> None:
        self.rows: list[LogRow] = []
        records: dict[str, str] = {}
        self.size = 0
        corrections = StampCorrections()
        for number, line in enumerate(lines, 1):
            self.size, event = number, _decode_event(line)
            if event is None:
                continue
            assert event.recorded_at is not None
            self.rows.append((number, to_microseconds(event.recorded_at), line))
            if isinstance(event, StampsCorrected):
                corrections.add(event)
            if isinstance(event, EvidenceEvent):
                records[event.facts.id] = event.record
        newest = ((record, texts[ident]) for ident, record in records.items() if ident in texts)
        self.texts = {record: msgspec.json.encode(text) for record, text in newest}
        if corrections.counted_as:
            self.rows = [(number, corrections.counted(stamp), line) for number, stamp, line in self.rows]

    def with_rows(self, rows: Iterable[LogRow]) -> Self:
        """The same log with other rows, in order."""
        other = copy(self)
        other.rows = list(rows)
        return other

    def part_after(self, position: int, limit: int) -> Sequence[LogRow]:
        """At most `limit` rows with a greater number."""
        start = bisect_right(self.rows, position, key=lambda r: r[0])
        return self.rows[start : start + limit]

    def first_later(self, position: int, limit: int) -> tuple[int, int] | None:
        """The line and stamp (µs) of the first event recorded later than a limit (µs).

        The projections of a package count its public events only; those up to `position` may be later.
        """
        return next(((number, stamp) for number, stamp, _ in self.rows[position:] if stamp > limit), None)

    def last(self) -> tuple[int, int]:
        return self.rows[-1][:2] if self.rows else (0, 0)

    def records(self, keys: Sequence[str]) -> dict[str, bytes]:
        return {key: self.texts[key] for key in keys if key in self.texts}


def _decode_event(line: bytes) -> Event | None:
    if line.startswith(b'{"leaf":'):
        return None
    try:
        event: Event = read_event(line)
    except (msgspec.MsgspecError, ValueError):
        raise Refused("A line of events.jsonl is not an event that this version of Uptake can read.") from None
    return event
