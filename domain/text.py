"""Texts as they are kept: in NFC, without spaces around them, and harmless to whoever opens them elsewhere."""

import re
import unicodedata
from typing import Any

import msgspec

from domain.errors import Refusal, refusal, refuse

LIMIT = 100_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_BEGINS_A_FORMULA = frozenset("=+-@")
_FORMULA = re.compile(r"[=+@]|-[^\s\d]")
_ADDRESS = re.compile(r"https?://[^\s<>\"]{1,2000}", re.IGNORECASE)


def normalize_text(text: str) -> tuple[str, str | None]:
    """A text as it is kept, its line breaks as `\\n`, and what is wrong with it, if anything."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if not text.isprintable():
        if text[:1] in ("\t", "\r"):
            return text, "it begins with a tab or a line break; take it away."
        if _CONTROL.search(text):
            return text, "it holds a control character; type the text again."
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.strip()
    if len(text) > LIMIT:
        return text, f"it holds {len(text):,} characters; at most {LIMIT:,} are kept."
    if text[:1] in _BEGINS_A_FORMULA and _FORMULA.match(text):
        return text, f"it begins like a formula (“{text[:10]}”); write its value, or begin it with a word."
    return text, None


def is_web_address(text: str) -> bool:
    """Whether a text is the address of a page: what else stands behind a link may run as a script."""
    return bool(_ADDRESS.fullmatch(text))


def normalized(command: Any) -> Any:
    """A command with every text as it is kept. Raises `Refused` with a sentence for each that cannot be."""
    problems: list[Refusal] = []
    kept = _kept("", msgspec.to_builtins(command), problems)
    refuse(problems)
    return msgspec.convert(kept, type(command))


def _kept(name: str, value: Any, problems: list[Refusal]) -> Any:
    if isinstance(value, str):
        text, wrong = normalize_text(value)
        if wrong:
            problems.append(Refusal(f"{name.replace('_', ' ').capitalize()}: {wrong}", field=name))
        elif name == "url" and text and not is_web_address(text):
            problems.append(refusal("An address begins with http:// or https:// and holds no spaces.", field=name))
        return text
    if isinstance(value, dict):
        return {key: _kept(key, inner, problems) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_kept(name, inner, problems) for inner in value]
    return value
