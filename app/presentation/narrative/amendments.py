"""What an amendment changed, in a sentence, for pages and feeds that print its reason apart."""

from typing import Any

from msgspec.structs import replace

from app.presentation.i18n.event_names import EventNames
from app.presentation.i18n.event_sentences import sentence
from domain.base import Event


def sentence_without_reason(event: Event, names: EventNames) -> str:
    merge = getattr(event, "merge", None)
    without: dict[str, Any] = {"merge": replace(merge, why="")} if merge else {"why": ""}
    return sentence(replace(event, **without), names)
