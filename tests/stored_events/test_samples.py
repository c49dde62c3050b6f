"""What was once stored loads for ever, and says the same."""

import json
from pathlib import Path

import msgspec
import pytest

from domain.events import EVENTS, read_event

FOLDER = Path(__file__).parent
SAMPLES = sorted(FOLDER.glob("*.json"))


def test_every_event_has_a_sample() -> None:
    assert {path.stem for path in SAMPLES} >= set(EVENTS)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_a_stored_event_loads_with_every_field(path: Path) -> None:
    stored = json.loads(path.read_bytes())
    event = read_event(path.read_bytes())
    assert type(event) is EVENTS[stored["topic"]]
    again = json.loads(msgspec.json.encode(event))
    assert {k: v for k, v in stored.items() if k not in ("salt", "recorded_at")} == {
        k: v for k, v in again.items() if k != "recorded_at"
    }


def test_bytes_that_are_no_event_are_refused() -> None:
    for noise in (b"", b"{}", b'{"topic":"recommendation.renamed"}', b"[1]"):
        with pytest.raises(msgspec.MsgspecError):
            read_event(noise)
