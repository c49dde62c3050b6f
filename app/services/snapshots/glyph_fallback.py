"""Replaces characters that no report font has: PDF/UA forbids missing glyphs, so typst refuses them."""

import re

import typst

from app.services.snapshots.chinese_characters import is_chinese, is_common

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
"""Replaces each such character; page, workbook and document keep the original text."""
_SUPPORTED = re.compile(r"[\x00-\x7f가-힣]+")
_ERROR_TEXT = re.compile(r'the text `"(.+?)"` could not be displayed')
_PROBE = b"""#set document(title: "probe")
#set text(font: ("Pretendard", "Source Serif 4", "Noto Sans CJK SC"))
#sys.inputs.text
"""


def replace_missing_glyphs(text: str, fonts: typst.Fonts) -> str:
    """Return the text with a mark in place of every character that the fonts lack."""
    uncertain = {c for c in _SUPPORTED.sub("", text) if not is_common(c)}
    missing = {c for c in uncertain if is_chinese(c)}
    uncertain -= missing
    while uncertain and (unsupported_text := _first_unsupported(sorted(uncertain), fonts)):
        unsupported = {c for c in uncertain if c in unsupported_text}
        uncertain -= unsupported
        missing |= unsupported
    return text.translate(dict.fromkeys(map(ord, missing), REPLACEMENT))


def _first_unsupported(characters: list[str], fonts: typst.Fonts) -> str:
    """Return the first of some characters that typst cannot show, or an empty string."""
    try:
        typst.compile(
            _PROBE, font_paths=fonts, format="pdf", pdf_standards="ua-1", sys_inputs={"text": " ".join(characters)}
        )
    except typst.TypstError as error:
        if not (match := _ERROR_TEXT.search(str(error))):
            raise
        return match[1]
    return ""
