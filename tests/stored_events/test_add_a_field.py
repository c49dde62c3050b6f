"""The guide docs/how-to/add-a-field-to-an-event.md, followed: its code is taken from the page and run.

The drill begins with the event as it was at version 1, whatever version it has now.
"""

import json
import re
import shutil
from pathlib import Path
from typing import Any, ClassVar

import msgspec
import pytest

from domain.base import Event
from domain.event_codec import EventCodec, UnreadableEvent
from domain.events import EVENTS, add_stamp
from domain.evidence import events as evidence_events
from projections.transparency.merkle import leaf_hash
from tests.stored_events.differences import DIFFERENCES
from tests.stored_events.samples import (
    FOLDER,
    SALT,
    STAMP,
    fields_of,
    sample_path,
    sample_problems,
    write_missing_samples,
)

TOPIC = "evidence.file_kept"
GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "add-a-field-to-an-event.md"
OLD = (FOLDER / f"{TOPIC}.v1.json").read_bytes().rstrip(b"\n")


class FileKeptV1(Event, frozen=True, kw_only=True, tag=TOPIC):
    register: str
    evidence: str
    sha256: str
    kind: str
    size: int


def from_the_guide(name: str) -> Any:
    """What a Python block of the guide defines."""
    (block,) = (b for b in re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.S) if name in b)
    names: dict[str, Any] = vars(evidence_events) | {"ClassVar": ClassVar, "Any": Any, "Differences": dict}
    exec(block, names)
    return names[name]


def codec_with(event_class: Any) -> EventCodec:
    """The codec of all events, one of them in a newer version."""
    return EventCodec((EVENTS | {TOPIC: event_class}).values())


FIRST = codec_with(FileKeptV1)
OTHER_EVENTS = {key: fields for key, fields in DIFFERENCES.items() if key[0] != TOPIC}
"""How old samples of the other events read, whatever versions these have."""


@pytest.fixture
def codec() -> EventCodec:
    return codec_with(from_the_guide("EvidenceFileKept"))


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    """The samples without later versions of the event."""
    folder = Path(shutil.copytree(FOLDER, tmp_path / "samples"))
    for later in set(folder.glob(f"{TOPIC}.v*.json")) - {sample_path(folder, TOPIC, 1)}:
        later.unlink()
    return folder


def test_the_steps_of_the_guide_end_without_a_problem(codec: EventCodec, samples: Path) -> None:
    assert sample_problems(codec, samples, OTHER_EVENTS) == [
        f"{TOPIC}.v2.json is missing.",
        f"{TOPIC} of version 1 reads as {(old := fields_of(codec.read(OLD)))}, not as {old | {'address': 'address: 값'}}.",
    ]
    write_missing_samples(codec, samples)
    assert sample_path(samples, TOPIC, 1).read_bytes() == OLD + b"\n"
    assert sample_problems(codec, samples, OTHER_EVENTS | from_the_guide("DIFFERENCES")) == []


def test_a_changed_class_without_a_version_is_noticed(samples: Path) -> None:
    class FileKept(FileKeptV1, frozen=True, kw_only=True, tag=TOPIC):
        address: str = ""

    assert sample_problems(codec_with(FileKept), samples, OTHER_EVENTS) == [
        f"{TOPIC} is written differently than in its sample of version 1; add a version."
    ]


def test_old_bytes_read_as_the_new_version_and_stay_as_they_are(codec: EventCodec) -> None:
    before = leaf_hash(OLD)
    event = codec.read(OLD)
    assert fields_of(event) == fields_of(FIRST.read(OLD)) | {"address": "unknown"}
    assert leaf_hash(OLD) == before


def test_new_bytes_say_their_version_first_and_round_trip(codec: EventCodec) -> None:
    event = msgspec.structs.replace(codec.read(OLD), recorded_at=None, address="KR")
    stored = add_stamp(codec.write(event, SALT), STAMP)
    assert stored.startswith(b'{"class_version":2,"topic":"evidence.file_kept",')
    assert json.loads(stored) == json.loads(OLD) | {"class_version": 2, "address": "KR"}
    assert codec.read(stored) == msgspec.structs.replace(event, recorded_at=codec.read(OLD).recorded_at)


def test_other_events_are_read_and_written_as_before(codec: EventCodec) -> None:
    for topic, event_class in EVENTS.items():
        if topic != TOPIC:
            stored = sample_path(FOLDER, topic, event_class.class_version).read_bytes().rstrip(b"\n")
            assert codec.read(stored) == FIRST.read(stored)
            plain = msgspec.structs.replace(codec.read(stored), recorded_at=None)
            assert add_stamp(codec.write(plain, SALT), STAMP) == stored


def test_two_rungs_are_climbed_one_after_the_other() -> None:
    class FileKept(FileKeptV1, frozen=True, kw_only=True, tag=TOPIC):
        class_version: ClassVar[int] = 3

        source: str = ""
        address: str

        @staticmethod
        def upcast_v1_v2(fields: dict[str, Any]) -> None:
            fields["address"] = "unknown"

        @staticmethod
        def upcast_v2_v3(fields: dict[str, Any]) -> None:
            fields["source"] = fields["evidence"]
            fields["address"] = fields["address"].upper()

    codec = codec_with(FileKept)
    (second,) = re.findall(b"(.*)}", OLD)
    second = b'{"class_version":2,' + second[1:] + b',"address":"kr"}'
    for stored, address in ((OLD, "UNKNOWN"), (second, "KR")):
        event = codec.read(stored)
        assert (event.source, event.address) == (FIRST.read(OLD).evidence, address)


def test_a_missing_rung_and_one_too_many_are_named() -> None:
    class Lacking(Event, frozen=True, kw_only=True, tag=TOPIC):
        class_version: ClassVar[int] = 3

        @staticmethod
        def upcast_v1_v2(fields: dict[str, Any]) -> None: ...

    class Forgetful(Event, frozen=True, kw_only=True, tag=TOPIC):
        @staticmethod
        def upcast_v1_v2(fields: dict[str, Any]) -> None: ...

    with pytest.raises(TypeError, match="The event “evidence.file_kept” is at version 3 and lacks upcast_v2_v3."):
        codec_with(Lacking)
    with pytest.raises(
        TypeError, match="“evidence.file_kept” has upcast_v1_v2 but is at version 1; set class_version."
    ):
        codec_with(Forgetful)


def test_a_version_newer_than_the_program_is_refused(codec: EventCodec) -> None:
    with pytest.raises(
        UnreadableEvent, match="is of version 3; this version of Uptake reads versions up to 2. Update Up"
    ):
        codec.read(b'{"class_version":3,' + OLD[1:])


def test_old_bytes_that_lack_a_field_are_refused(codec: EventCodec) -> None:
    with pytest.raises(msgspec.ValidationError, match="missing required field `sha256`"):
        codec.read(re.sub(rb'"sha256":".*?",', b"", OLD))
