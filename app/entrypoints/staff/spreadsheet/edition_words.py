"""The words for what next year's file changes."""

import re

from app.presentation.i18n.labels import KIND, POSITION, STATUS, day_text
from app.presentation.i18n.translation import LazyText
from app.services.mapping.fields import FIELDS
from app.services.mapping.matching import MatchCause

_ = LazyText
KIND_NAMES: dict[str, tuple[LazyText, LazyText]] = {
    "both": (
        _("Changed in the file and here"),
        _("The file says something else than last time, and so does the register. Choose which text counts."),
    ),
    "reworded": (_("Reworded"), _("The same number, with a title in other words.")),
    "renumbered": (_("Renumbered"), _("The same recommendation under another number.")),
    "changed": (_("Changed"), _("The file says something else than last time.")),
    "here": (
        _("Changed here"),
        _("The file says what it said last time. What the register says was changed here, and is kept."),
    ),
    "emptied": (_("Empty now"), _("The file had a text here last time. What is stored is kept.")),
    "not_stored": (
        _("Nothing to store"),
        _("The text beside a status changed, but the status is the same. Assess it again if the text matters."),
    ),
}
"""The title of each section, and what it means."""
QUESTION_WORDS: dict[MatchCause, LazyText] = {
    MatchCause.TWICE: _("Several rows have this id, or this number and title."),
    MatchCause.AMBIGUOUS: _("Several recommendations, or several rows, have this title or number."),
    MatchCause.OTHER_TITLE: _("The number is stored with an altogether different title."),
    MatchCause.RESEMBLES: _("The title resembles one that no row has."),
    MatchCause.WITHDRAWN: _("This recommendation was withdrawn."),
}
_FIELD_OF = {"due_on": "deadline", "position": "response"}
_DAY = re.compile(r"\d{4}(-\d{2}){0,2}")
_STATUS = re.compile(r"([a-z_]+)(?: \((.*)\))?")


def part_of(column: str) -> str:
    """The id of the part that a statement is about; empty for one about the whole recommendation."""
    return column.rsplit(">")[-1].partition("/")[2].partition("#")[0]


def column_name(column: str) -> str:
    """The name of a column of a bundle, or of a statement with its day."""
    name, _at, day = column.rsplit(">")[-1].rpartition(".")[2].partition("@")
    name = name.partition("/")[0].partition("#")[0]
    field = FIELDS.get(_FIELD_OF.get(name, name)) or FIELDS.get(name.rpartition("_")[0])
    label = str(field.label) if field else name
    return f"{label} ({_day(day.partition('/')[0])})" if day else label


def _day(text: str) -> str:
    return day_text(text) if _DAY.fullmatch(text) else text


def value_in_words(column: str, value: str) -> str:
    """A value as people read it: codes as their labels."""
    name = column.rsplit(">")[-1].rpartition(".")[2].partition("@")[0].partition("/")[0]
    if name == "status" and (match := _STATUS.fullmatch(value)) and match[1] in STATUS:
        label = str(STATUS[match[1]])
        return f"{label} ({_day(match[2])})" if match[2] else label
    labels = {"kind": KIND, "response": POSITION}.get(name, {})
    return str(labels[value]) if value in labels else value
