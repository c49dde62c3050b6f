"""Events as stored bytes: written in their newest version, read in any version through a ladder of upcasts.

Version 1 carries no marker. From version 2 on the bytes begin with `{"class_version":2,`. Stored bytes never change:
`read` lifts the fields of an older version, one version at a time, before it builds the event.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

import msgspec

from domain.base import Event
from domain.errors import Refused

Upcast = Callable[[dict[str, Any]], None]
"""Changes the stored fields of one version, in place, into those of the next."""

_MARKER = b'{"class_version":'


class UnreadableEvent(Refused, msgspec.ValidationError):
    """The bytes hold an event, but none that this version of Uptake can read. What needs it is refused."""


class UnknownEvent(Event, frozen=True, kw_only=True, tag=""):
    """Stands for an event that only a newer version of Uptake can read: its stored name and version, and whose it is.

    `has_known_name` says that this version knows events of that name, but not in that form.
    """

    stored_topic: str
    stored_version: int
    has_known_name: bool
    register: str = ""


class _Header(msgspec.Struct, frozen=True):
    topic: str
    class_version: int = 1


class _Envelope(msgspec.Struct, frozen=True):
    """What events of all versions have."""

    topic: str
    originator_id: UUID
    originator_version: int
    recorded_by: str = ""
    based_on: int = 0
    recorded_at: datetime | None = None
    register: str = ""
    class_version: int = 1


class _NoEvent(msgspec.Struct, frozen=True, tag_field="topic", tag=""):
    """Keeps the union of event classes from being empty."""


class _OlderEvent(msgspec.Struct, frozen=True):
    """Bytes of a version that must be lifted; only this much of them is read."""

    class_version: int = 1


_read_header = msgspec.json.Decoder(_Header).decode
_read_envelope = msgspec.json.Decoder(_Envelope).decode
_read_fields = msgspec.json.Decoder(dict[str, Any]).decode
_encode = msgspec.json.Encoder().encode


class EventCodec:
    """Reads and writes events of some classes.

    `class_version` of a class is its newest version; for each older version the class has a static method
    `upcast_v1_v2`, `upcast_v2_v3` and so on. Raises `TypeError` for a class that lacks one or has one too many.
    """

    def __init__(self, event_classes: Iterable[type[Event]]) -> None:
        self.classes = {topic_of_class(c): c for c in event_classes}
        self._ladders = {topic: _ladder(topic, c) for topic, c in self.classes.items()}
        self._decoders = {topic: msgspec.json.Decoder(c) for topic, c in self.classes.items()}
        self._topics = {c: topic for topic, c in self.classes.items()}
        versions = {c.class_version for c in self.classes.values()}
        self._decode_first_version = self._decoder_of(1)
        self._decode_later_version = {_marker(n): self._decoder_of(n) for n in versions if n > 1}

    def _decoder_of(self, version: int) -> Callable[[bytes], Event | _OlderEvent]:
        """Reads bytes of this version of all classes, without a look at their names first.

        Gives an `_OlderEvent` for a class that has a newer version.
        """
        older = {
            topic: msgspec.defstruct("Older", [], bases=(_OlderEvent,), frozen=True, tag_field="topic", tag=topic)
            for topic, c in self.classes.items()
            if c.class_version > version
        }
        newest = (c for c in self.classes.values() if c.class_version == version)
        union: Any = reduce(or_, (*newest, *older.values()), _NoEvent)
        return msgspec.json.Decoder(union).decode

    def topic_of(self, event: Event) -> str:
        """The stored name of an event."""
        return self._topics[type(event)]

    def write(self, event: Event, salt: str) -> bytes:
        """The bytes of an event, without the instant of recording, which the log adds.

        `salt` is random text, so that the event cannot be guessed from a digest of its bytes.
        """
        encoded = _encode(event)
        if event.class_version > 1:
            encoded = _marker(event.class_version) + encoded[1:]
        return b'%s,"salt":"%s"}' % (encoded[:-1], salt.encode())

    def read(self, state: bytes) -> Event:
        """The event in stored bytes of any version.

        Raises `UnreadableEvent` for a topic or version that this code does not have, another `msgspec.MsgspecError`
        for bytes that hold no event.
        """
        if state[: len(_MARKER)] == _MARKER:
            decode = self._decode_later_version.get(state[: len(_MARKER) + 2], self._read_by_version)
        else:
            decode = self._decode_first_version
        try:
            event = decode(state)
        except msgspec.ValidationError:
            return self._read_by_version(state)
        if isinstance(event, _OlderEvent):
            return self._lift(state, topic_of_class(type(event)), event.class_version)
        return event

    def read_or_unknown(self, state: bytes) -> Event:
        """The event in stored bytes, or what stands for one of a newer version of Uptake."""
        try:
            return self.read(state)
        except UnreadableEvent:
            return self.unknown(state)

    def unknown(self, state: bytes) -> UnknownEvent:
        """What stands for an event whose fields are not read. Raises `msgspec.MsgspecError` for bytes of no event."""
        envelope = _read_envelope(state)
        return UnknownEvent(
            originator_id=envelope.originator_id,
            originator_version=envelope.originator_version,
            recorded_by=envelope.recorded_by,
            based_on=envelope.based_on,
            recorded_at=envelope.recorded_at,
            stored_topic=envelope.topic,
            stored_version=envelope.class_version,
            has_known_name=envelope.topic in self.classes,
            register=envelope.register,
        )

    @property
    def forms(self) -> Sequence[str]:
        """The names and newest versions of all events, sorted."""
        return sorted(f"{topic}={c.class_version}" for topic, c in self.classes.items())

    def _read_by_version(self, state: bytes) -> Event:
        header = _read_header(state)
        topic, version = header.topic, header.class_version
        if topic not in self.classes:
            raise UnreadableEvent(f"This version of Uptake has no event “{topic}”.")
        newest = self.classes[topic].class_version
        if not 1 <= version <= newest:
            raise UnreadableEvent(
                f"The event “{topic}” is of version {version}; this version of Uptake reads versions up to {newest}. "
                "Update Uptake."
            )
        if version == newest:
            return self._decoders[topic].decode(state)
        return self._lift(state, topic, version)

    def _lift(self, state: bytes, topic: str, version: int) -> Event:
        """The event in bytes of an older version."""
        fields = _read_fields(state)
        for upcast in self._ladders[topic][version - 1 :]:
            upcast(fields)
        return msgspec.convert(fields, self.classes[topic])


def _marker(version: int) -> bytes:
    """What the bytes of an event of a later version begin with."""
    return b"%s%d," % (_MARKER, version)


def topic_of_class(event_class: type[msgspec.Struct]) -> str:
    """The stored name of a class of events: its tag."""
    return str(event_class.__struct_config__.tag)


def _ladder(topic: str, event_class: type[Event]) -> Sequence[Upcast]:
    """The upcasts of a class, the oldest first."""
    newest = event_class.class_version
    names = [f"upcast_v{n}_v{n + 1}" for n in range(1, newest)]
    missing = [name for name in names if not hasattr(event_class, name)]
    if missing:
        raise TypeError(f"The event “{topic}” is at version {newest} and lacks {', '.join(missing)}.")
    if hasattr(event_class, extra := f"upcast_v{newest}_v{newest + 1}"):
        raise TypeError(f"The event “{topic}” has {extra} but is at version {newest}; set class_version.")
    return [getattr(event_class, name) for name in names]
