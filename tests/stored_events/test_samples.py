"""Every stored sample loads in every later version, with the same content."""

import ast
from pathlib import Path

import msgspec
import pytest

import domain
from domain.event_codec import UnreadableEvent
from domain.events import CODEC, EVENTS, read_event
from tests.stored_events.differences import DIFFERENCES
from tests.stored_events.samples import FOLDER, sample_problems


def test_every_version_of_every_event_has_a_sample_that_reads_and_writes_the_same() -> None:
    assert sample_problems(CODEC, FOLDER, DIFFERENCES) == []


def test_every_difference_belongs_to_an_older_version() -> None:
    assert [key for key in DIFFERENCES if key[1] >= EVENTS[key[0]].class_version] == []


def test_every_event_class_of_the_domain_is_an_event_of_the_log() -> None:
    tags = {
        keyword.value.value
        for path in Path(domain.__path__[0]).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
        for keyword in node.keywords
        if keyword.arg == "tag" and isinstance(keyword.value, ast.Constant) and "." in str(keyword.value.value)
    }
    assert tags == set(EVENTS)


@pytest.mark.parametrize("noise", [b"", b"{}", b'{"topic":"recommendation.renamed"}', b"[1]", b'{"class_version":2}'])
def test_bytes_that_are_no_event_are_refused(noise: bytes) -> None:
    with pytest.raises(msgspec.MsgspecError):
        read_event(noise)


def test_an_event_of_a_newer_program_is_refused_with_advice() -> None:
    newest = EVENTS["register.body_named"].class_version
    stored = b'{"class_version":%d,' % (newest + 1) + (FOLDER / "register.body_named.v1.json").read_bytes()[1:]
    with pytest.raises(UnreadableEvent) as refused:
        read_event(stored)
    assert str(refused.value) == (
        f"The event “register.body_named” is of version {newest + 1}; "
        f"this version of Uptake reads versions up to {newest}. Update Uptake."
    )
    with pytest.raises(UnreadableEvent, match="This version of Uptake has no event “register.painted”"):
        read_event(stored.replace(b"register.body_named", b"register.painted"))
