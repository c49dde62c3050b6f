"""Every command has one handler and a story; every event has a place in the timeline and a sentence."""

from pathlib import Path

from app.presentation.i18n.event_sentences import PRIVATE_SENTENCES, SENTENCES
from app.services.accounts.permissions import COMMAND_PERMISSIONS
from domain import commands
from domain.events import EVENTS
from domain.handlers.table import HANDLERS

ABSTRACT = {"Command", "OfAssessment", "OfResponse", "OfReview", "Amendment"}
COMMANDS = {
    name: kind
    for name, kind in vars(commands).items()
    if isinstance(kind, type) and issubclass(kind, commands.Command) and name not in ABSTRACT
}
STORIES = "".join(p.read_text(encoding="utf-8") for p in (Path(__file__).parents[1] / "domain").glob("test_*.py"))
STORIES += (Path(__file__).parents[1] / "support" / "story.py").read_text(encoding="utf-8")


def test_every_command_has_one_handler() -> None:
    assert set(HANDLERS) == set(COMMANDS.values())


def test_every_command_has_a_story() -> None:
    assert [name for name in COMMANDS if f"c.{name}(" not in STORIES] == []


def test_every_event_is_a_sentence_for_those_who_may_read_it() -> None:
    assert set(SENTENCES) == {kind for kind in EVENTS.values() if kind.PUBLIC}
    assert set(PRIVATE_SENTENCES) == {kind for kind in EVENTS.values() if not kind.PUBLIC}


def test_every_decision_names_what_it_decides_on() -> None:
    adds = {commands.StateDeadline, commands.TimestampReview}
    deciding = {k for k, permission in COMMAND_PERMISSIONS.items() if permission in ("publish", "withdraw")} - adds
    deciding |= {k for k in COMMAND_PERMISSIONS if issubclass(k, commands.Amendment)} | {
        commands.OpenRegister,
        commands.MergeBodies,
    }
    names = {"expected_version", "expected_tag"}
    assert {kind.__name__ for kind in deciding if not names & set(kind.__struct_fields__)} == set()
