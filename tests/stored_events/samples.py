"""Samples of stored events, one for each event and version: `<topic>.v<version>.json`.

`python -m tests.stored_events.samples` writes the samples that are missing. It never writes one again: what was once
stored must load in every later version.
"""

import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from domain.base import Event
from domain.event_codec import EventCodec
from domain.events import CODEC, add_stamp

FOLDER = Path(__file__).parent
SALT = "00112233445566778899aabbccddeeff"
STAMP = "2026-11-23T00:00:00.000001Z"

Differences = Mapping[tuple[str, int], dict[str, Any]]
"""By topic and older version: the fields that its sample reads differently than the newest sample, None if absent."""


def sample_path(folder: Path, topic: str, version: int) -> Path:
    return folder / f"{topic}.v{version}.json"


def sample_of(codec: EventCodec, topic: str) -> bytes:
    """The stored bytes of a made-up event in its newest version, every field filled."""
    event_class = codec.classes[topic]
    return add_stamp(codec.write(msgspec.convert(_filled(event_class), event_class), SALT), STAMP)


def write_missing_samples(codec: EventCodec, folder: Path) -> None:
    for topic, event_class in codec.classes.items():
        path = sample_path(folder, topic, event_class.class_version)
        if not path.exists():
            path.write_bytes(sample_of(codec, topic) + b"\n")


def sample_problems(codec: EventCodec, folder: Path, differences: Differences) -> list[str]:
    """What is wrong with the samples, or with the events that no longer read or write them; empty if all is well."""
    expected = {
        sample_path(folder, topic, n).name: (topic, n)
        for topic, event_class in codec.classes.items()
        for n in range(1, event_class.class_version + 1)
    }
    files = {path.name for path in folder.glob("*.json")}
    problems = [f"{name} is missing." for name in sorted(expected.keys() - files)]
    problems += [f"{name} belongs to no event and version." for name in sorted(files - expected.keys())]
    for name in sorted(expected.keys() & files):
        topic, version = expected[name]
        problems += _problems_of(codec, topic, version, (folder / name).read_bytes().rstrip(b"\n"), differences)
    return problems


def _problems_of(codec: EventCodec, topic: str, version: int, stored: bytes, differences: Differences) -> list[str]:
    event = codec.read(stored)
    newest = codec.classes[topic].class_version
    if version == newest:
        if stored != sample_of(codec, topic):
            return [f"{topic} is written differently than in its sample of version {version}; add a version."]
        again = add_stamp(codec.write(msgspec.structs.replace(event, recorded_at=None), SALT), STAMP)
        return [] if again == stored else [f"{topic} of version {version} loses fields when it is read."]
    expected = _merged(fields_of(codec.read(sample_of(codec, topic))), differences.get((topic, version), {}))
    if fields_of(event) != expected:
        return [f"{topic} of version {version} reads as {fields_of(event)}, not as {expected}."]
    return []


def fields_of(event: Event) -> dict[str, Any]:
    """An event as JSON."""
    fields: dict[str, Any] = json.loads(msgspec.json.encode(event))
    return fields


def _merged(fields: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Fields with some of them changed, at any depth; those that are changed to None are absent."""
    merged = dict(fields)
    for name, value in changes.items():
        merged[name] = _merged(fields[name], value) if isinstance(value, dict) and name in fields else value
    return {name: value for name, value in merged.items() if value is not None}


def _filled(kind: Any) -> dict[str, Any]:
    return {
        field.name: _translations(kind) if field.name == "translations" else _value(field.name, _info(field))
        for field in msgspec.structs.fields(kind)
        if field.name != "recorded_at"
    }


def _info(field: Any) -> Any:
    return msgspec.inspect.type_info(field.type)


def _translations(kind: Any) -> dict[str, dict[str, str]]:
    """Korean texts of the fields that a fact translates; the summary, for an event with texts of its own."""
    fields = getattr(kind, "TRANSLATED", ("summary",))
    return {"ko": {name: f"{name}_ko: 값" for name in sorted(fields)}}


def _value(name: str, of: Any) -> Any:
    match of:
        case msgspec.inspect.UnionType():
            return _value(name, next(t for t in of.types if not isinstance(t, msgspec.inspect.NoneType)))
        case msgspec.inspect.StructType():
            return _filled(of.cls)
        case msgspec.inspect.EnumType():
            return next(iter(of.cls)).value
        case msgspec.inspect.VarTupleType(item_type=msgspec.inspect.StructType() as item):
            return [_filled(item.cls)]
        case msgspec.inspect.DictType():
            return {_value("language", of.key_type): _value(name, of.value_type)}
        case msgspec.inspect.VarTupleType(item_type=msgspec.inspect.DateTimeType() as item):
            return [_value(name, item)]
        case msgspec.inspect.VarTupleType() | msgspec.inspect.ListType():
            return [f"{name}-1", f"{name}-2"]
        case msgspec.inspect.BytesType():
            return b64encode(name.encode()).decode()
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


if __name__ == "__main__":
    write_missing_samples(CODEC, FOLDER)
