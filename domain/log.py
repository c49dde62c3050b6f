"""Every event there is, and how one is written to bytes and read again."""

from typing import Any

import msgspec

from domain.base import Event
from domain.development.events import DevelopmentRecorded
from domain.evidence.events import EvidenceDisclosed, EvidenceFileKept, EvidenceNoted
from domain.recommendation.events import (
    AssessmentDeclined,
    AssessmentProposed,
    AssessmentPublished,
    AssessmentReturned,
    AssessmentRevised,
    AssessmentScheduled,
    AssessmentWithdrawn,
    CriteriaApproved,
    CriteriaDrafted,
    ElementAdded,
    ElementAmended,
    RecommendationAmended,
    RecommendationRegistered,
    RecommendationWithdrawn,
)
from domain.register.events import (
    BodyAmended,
    BodyNamed,
    PublicationAdded,
    PublicationAmended,
    RegisterAmended,
    RegisterEstablished,
    RegisterOpened,
    ThemeAmended,
    ThemeNamed,
)
from domain.review.events import (
    ReviewAmended,
    ReviewEmbargoed,
    ReviewFrozen,
    ReviewScheduled,
    ReviewSignedOff,
    ReviewTimestamped,
    SummaryDrafted,
)

AnyEvent = (
    RegisterEstablished
    | ThemeNamed
    | PublicationAdded
    | BodyNamed
    | RegisterOpened
    | RegisterAmended
    | ThemeAmended
    | PublicationAmended
    | BodyAmended
    | ReviewScheduled
    | SummaryDrafted
    | ReviewSignedOff
    | ReviewEmbargoed
    | ReviewFrozen
    | ReviewTimestamped
    | ReviewAmended
    | RecommendationRegistered
    | ElementAdded
    | RecommendationAmended
    | ElementAmended
    | CriteriaDrafted
    | CriteriaApproved
    | AssessmentProposed
    | AssessmentPublished
    | AssessmentDeclined
    | AssessmentReturned
    | AssessmentRevised
    | AssessmentScheduled
    | AssessmentWithdrawn
    | RecommendationWithdrawn
    | EvidenceNoted
    | EvidenceDisclosed
    | EvidenceFileKept
    | DevelopmentRecorded
)

EVENTS: dict[str, type[Event]] = {msgspec.inspect.type_info(e).tag: e for e in AnyEvent.__args__}  # type: ignore
_DECODER: msgspec.json.Decoder[Any] = msgspec.json.Decoder(AnyEvent)
_ENCODER = msgspec.json.Encoder()

read = _DECODER.decode
"""The event in stored bytes. Raises `msgspec.ValidationError` where they hold none."""


def write(event: Event, salt: str) -> bytes:
    """The bytes of an event, with a salt so that a digest of them cannot be guessed. The store adds its stamp."""
    return b'%s,"salt":"%s"}' % (_ENCODER.encode(event)[:-1], salt.encode())


def stamped(state: bytes, at: str) -> bytes:
    """The bytes that are stored: an event's own and the instant of recording."""
    return b'%s,"recorded_at":"%s"}' % (state[:-1], at.encode())


def topic_of(event: Event) -> str:
    return _TOPICS[type(event)]


_TOPICS = {event: topic for topic, event in EVENTS.items()}
