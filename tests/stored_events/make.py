"""Writes a sample of every event that has none yet. A sample that is there is never written again: what was once
stored must load for ever."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from domain.events import EVENTS, add_stamp, write_event

FOLDER = Path(__file__).parent
SALT = "00112233445566778899aabbccddeeff"


def sample_of(topic: str) -> bytes:
    """The stored bytes of a made-up event of a kind, every field filled."""
    event = msgspec.convert(_filled(EVENTS[topic]), EVENTS[topic])
    return add_stamp(write_event(event, SALT), "2026-11-23T00:00:00.000001Z")


def _filled(kind: Any) -> dict[str, Any]:
    found = {}
    for field in msgspec.structs.fields(kind):
        if field.name != "recorded_at":
            found[field.name] = _value(field.name, msgspec.inspect.type_info(field.type))
    return found


def _value(name: str, of: Any) -> Any:
    match of:
        case msgspec.inspect.UnionType():
            return _value(name, next(t for t in of.types if not isinstance(t, msgspec.inspect.NoneType)))
        case msgspec.inspect.StructType():
            return _filled(of.cls)
        case msgspec.inspect.EnumType():
            return next(iter(of.cls)).value
        case msgspec.inspect.VarTupleType() | msgspec.inspect.ListType():
            return [f"{name}-1", f"{name}-2"]
        case msgspec.inspect.BoolType():
            return True
        case msgspec.inspect.IntType():
            return 1
        case msgspec.inspect.DateTimeType():
            return datetime(2020, 2, 3, 4, 5, 6, 789, tzinfo=UTC)
        case msgspec.inspect.UUIDType():
            return "97b3119e-6ec4-528e-b8bd-874cd203944a"
        case _ if name.endswith(("_on", "review_by", "_from", "_to", "as_of", "_of")) or name == "date":
            return "2024-05-20"
        case _:
            return f"{name}: 값"


def main() -> None:
    for topic in EVENTS:
        path = FOLDER / f"{topic}.json"
        if not path.exists():
            path.write_bytes(sample_of(topic) + b"\n")


if __name__ == "__main__":
    main()
