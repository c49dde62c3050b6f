"""Compresses the bytes of one event: what events have in common is known beforehand, so that little else is kept."""

import zlib

from sqlalchemy import Dialect, LargeBinary, TypeDecorator

_COMMON = (
    b'"},"card":0},"element":"","languages":["en"],"translations":{"ko":{"title":"","summary":"","rationale":"'
    b'"topic":"response.published","topic":"development.recorded","topic":"deadline.stated","topic":"review.'
    b'"topic":"register.body_named","topic":"evidence.disclosed","record":"","digest":"","published_on":"20'
    b'"recommendation.card_approved","criteria":"","evidence_needed":"","author":"","approved_by":"","approved_at":"'
    b'{"class_version":2,"topic":"recommendation.registered","facts":{"id":"","title":"Recommendation ","summary":"'
    b'","kind":"continuing","kind":"time_bound","theme":"","addressees":["","publication":"","number":"",'
    b'"locator":"","recommended_on":"20","registered_at":"20'
    b'{"topic":"recommendation.assessment_withdrawn","assessment":"","reason":"","withdrawn_by":"","withdrawn_at":"20'
    b'{"class_version":2,"topic":"recommendation.assessment_proposed","assessment_revised","assessment_scheduled",'
    b'"status":"not_started","status":"announced","status":"partly","status":"implemented","status":"no_action",'
    b'"status":"unverifiable","status":"in_progress","reason":"first_assessment","reason":"correction",'
    b'"confidence":"low","confidence":"medium","still_to_do":"","legacy":true,'
    b'{"class_version":2,"topic":"recommendation.assessment_published","originator_id":"'
    b'","originator_version":1,"recorded_by":"import","based_on":0,"register":"","recommendation":"",'
    b'"assessment":{"id":"-20","status":"in_progress","effective_on":"20","reason":"world_changed","confidence":"high",'
    b'"rationale":" the of and to in is that for ","evidence":["","],"proposed_by":"","review_by":"20",'
    b'"methodology":"uptake-2026.1"},"published_by":"","card":1,"published_at":"20T12:00:00Z",'
    b'"salt":"","recorded_at":"2026-01-01T00:00:00.000000Z"}'
)
"""Never changes without a new version of the projections that use it."""
_LEVEL, _WINDOW_BITS, _MEMORY_LEVEL = 3, -12, 5
"""Small windows: an event is short, and a large one would take longer to prepare than the event. Level 6 would save two
bytes in a hundred and take a fifth longer."""


_prepared = zlib.compressobj(_LEVEL, zlib.DEFLATED, _WINDOW_BITS, _MEMORY_LEVEL, zlib.Z_DEFAULT_STRATEGY, _COMMON)


def compress(data: bytes) -> bytes:
    compressor = _prepared.copy()
    return compressor.compress(data) + compressor.flush()


def expand(stored: bytes) -> bytes:
    return zlib.decompressobj(_WINDOW_BITS, _COMMON).decompress(stored)


class CompressedEvent(TypeDecorator[bytes]):
    """Bytes that readers get as they were before; who writes rows as plain tuples compresses them."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else compress(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else expand(value)
