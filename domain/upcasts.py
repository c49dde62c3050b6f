"""Upcasts that several events share; see `domain.event_codec`."""

from typing import Any

_ENDING = "_ko"


def gather_translations(holder: dict[str, Any]) -> None:
    """Move Korean texts, which had fields of their own once, into `translations`."""
    texts = {name.removesuffix(_ENDING): holder.pop(name) for name in sorted(holder) if name.endswith(_ENDING)}
    if filled := {name: text for name, text in texts.items() if text}:
        holder["translations"] = {"ko": filled}
