"""Upcasts that several events share; see `domain.event_codec`."""

from typing import Any

_KOREAN_FIELDS = {
    f"{field}_ko": field for field in ("counts", "does_not_count", "done_when", "name", "rationale", "summary", "title")
}
"""The fields that held Korean texts in version 1, and their originals in alphabetical order."""


def gather_translations(holder: dict[str, Any]) -> None:
    """Move Korean texts, which had fields of their own once, into `translations`."""
    texts: dict[str, Any] = {}
    for korean, field in _KOREAN_FIELDS.items():
        if korean in holder and (text := holder.pop(korean)):
            texts[field] = text
    if texts:
        holder["translations"] = {"ko": texts}


def add_publisher_fields(settings: dict[str, Any]) -> None:
    """Add what settings said of the publisher before they could name it for citations: nothing."""
    settings |= {"ror": "", "authors": [], "colour": "", "doi": "", "cite_as": ""}
