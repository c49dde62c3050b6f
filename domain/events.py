"""Every event of the log, collected from the modules that define them, and how it is stored."""

from types import ModuleType

from domain.base import Event
from domain.deadline import events as deadline
from domain.development import events as development
from domain.event_codec import EventCodec, topic_of_class
from domain.evidence import events as evidence
from domain.log import events as log
from domain.recommendation import events as recommendation
from domain.register import events as register
from domain.response import events as response
from domain.review import events as review

MODULES = (register, review, recommendation, evidence, development, response, deadline, log)


def _classes_in(module: ModuleType) -> list[type[Event]]:
    """The events that a module defines, in its order; a base class of events has no stored name."""
    return [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Event) and "." in topic_of_class(value)
    ]


CODEC = EventCodec(c for module in MODULES for c in _classes_in(module))

EVENTS = CODEC.classes
"""The class of every event, by its stored name."""

read_event = CODEC.read
write_event = CODEC.write
topic_of = CODEC.topic_of


def add_stamp(state: bytes, at: str) -> bytes:
    """The bytes that are stored: those of an event, and the instant of recording."""
    return b'%s,"recorded_at":"%s"}' % (state[:-1], at.encode())
