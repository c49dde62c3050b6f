"""Shows a number as a spreadsheet program does: `60.10`, `12%`, `1,234`, `2024-03-14`."""

import operator
import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction

from msgspec import Struct

from app.adapters.spreadsheets.date_formats import read_date, show_date
from app.adapters.spreadsheets.format_codes import FormatSection, Token, split_format

_NO_DIGITS = re.compile(r"[^0-9.\-]")
_MAX_PLAIN = 1e15
_COMPARE = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}


class ShownValue(Struct, frozen=True):
    """A value as displayed, as stored, and as read. `differs` says whether display and value differ in meaning."""

    displayed: str
    stored: str
    read: str
    differs: bool = False


class NumberFormat:
    """A compiled format of numbers and texts. `is_1904` says from which day the file counts dates."""

    def __init__(self, code: str, *, is_1904: bool = False) -> None:
        self.sections = split_format(code)
        self.is_1904 = is_1904
        self._plain = {id(section): plain_digits(section) for section in self.sections}
        self.is_general = [s.kind for s in self.sections] == ["general"] and len(self.sections[0].tokens) == 1
        own_text = [s for s in self.sections if s.kind == "text"] or self.sections[3:]
        self.text_section = own_text[-1] if own_text and own_text[-1].tokens != [("text", "@")] else None

    def show(self, value: float) -> ShownValue:
        """Show a number."""
        section, shown = self._choose(value)
        if section.kind == "date":
            stored, read, differs = read_date(section, value, self.is_1904)
            return ShownValue(show_date(section, value, self.is_1904), stored, read, differs)
        stored = plain_number(value)
        if section.kind in ("general", "text"):
            displayed = show_general(value)
            displayed = _literals(section.tokens, displayed if len(section.tokens) == 1 else show_general(shown))
            is_long = "E+" in displayed and "E" not in stored
            return ShownValue(displayed, stored, stored if is_long else displayed, is_long)
        displayed = self._show_section(section, shown).strip()
        if not displayed:
            return ShownValue("", stored, stored, differs=True)
        differs = displayed != stored and _NO_DIGITS.sub("", displayed) != stored
        return ShownValue(displayed, stored, displayed, differs)

    def _show_section(self, section: FormatSection, value: float) -> str:
        if section.kind != "number":
            return _literals(section.tokens, "")
        if (plain := self._plain[id(section)]) and abs(value) < _MAX_PLAIN:
            return plain.show(value)
        return _show_number(section, value)

    def show_text(self, text: str) -> ShownValue:
        """Show a text, which a format may hide or give words around it."""
        if self.text_section is None:
            return ShownValue(text, text, text)
        displayed = _literals(self.text_section.tokens, text).strip()
        return ShownValue(displayed, text, displayed or text, differs=displayed != text)

    def _choose(self, value: float) -> tuple[FormatSection, float]:
        """The section for a number, and the number without the sign that the section shows itself."""
        sections = [s for s in self.sections[:3] if s.kind != "text" or len(self.sections) == 1]
        if not sections:
            return FormatSection([("general", "General")], "general"), value
        if any(s.condition for s in sections):
            for section in sections:
                if section.condition is None or _COMPARE[section.condition[0]](value, section.condition[1]):
                    return section, abs(value) if section.condition and value < 0 else value
            return FormatSection([("general", "General")], "general"), value
        if value < 0 and len(sections) > 1:
            return sections[1], -value
        return sections[2 if value == 0 and len(sections) > 2 else 0], value


def plain_number(value: float) -> str:
    """A number in full, without the dust of binary fractions."""
    if value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    text = f"{value:.15g}"
    return text if "e" not in text else text.upper()


def show_general(value: float) -> str:
    """A number in the format `General`, which has room for eleven characters."""
    size = abs(value)
    if size >= 1e11 or 0 < size < 1e-4:
        mantissa, _, exponent = f"{value:.5E}".partition("E")
        return f"{mantissa.rstrip('0').rstrip('.')}E{exponent[0]}{exponent[1:].zfill(2)}"
    if value.is_integer():
        return str(int(value))
    decimals = max(0, 10 - len(str(int(size))))
    text = f"{value:.{min(decimals, 9)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _literals(tokens: list[Token], text: str) -> str:
    """The words of a section, with the text where `@` or `General` is."""
    return "".join(text if kind in ("text", "general") else token for kind, token in tokens)


def _show_number(section: FormatSection, value: float) -> str:
    kinds = [kind for kind, _ in section.tokens]
    try:
        if ("other", "/") in section.tokens:
            return _show_fraction(section.tokens, value)
        value *= 100 ** section.tokens.count(("other", "%"))
        if "exponent" in kinds:
            return _show_exponent(section.tokens, value)
        return _show_digits(section.tokens, value)
    except (InvalidOperation, OverflowError):
        return show_general(value)


class PlainDigits(Struct, frozen=True):
    """A format such as `$#,##0.00`: words, whole digits, fixed decimals, words."""

    before: str
    after: str
    is_grouped: bool
    step: Decimal

    def show(self, value: float) -> str:
        rounded = Decimal(repr(value)).quantize(self.step, ROUND_HALF_UP)
        digits = f"{abs(rounded):,f}" if self.is_grouped else f"{abs(rounded):f}"
        return f"{'-' if rounded < 0 else ''}{self.before}{digits}{self.after}"


_PLAIN = re.compile(r"(w*)(#(?:,##)?)?(0)(?:\.(0*))?(w*)")


def plain_digits(section: FormatSection) -> PlainDigits | None:
    """The short way to show most numbers; None for formats that need the long one."""
    shape = "".join(text if kind == "digit" or text in (",", ".") else "w" for kind, text in section.tokens)
    match = _PLAIN.fullmatch(shape)
    if section.kind != "number" or not match or {kind for kind, _ in section.tokens} - {"digit", "literal", "other"}:
        return None
    if any(kind == "other" and text in "%/" for kind, text in section.tokens):
        return None
    before, after, decimals = len(match.group(1)), len(match.group(5)), len(match.group(4) or "")
    words = [text for _, text in section.tokens]
    return PlainDigits(
        before="".join(words[:before]),
        after="".join(words[len(words) - after :]),
        is_grouped="," in (match.group(2) or ""),
        step=Decimal(1).scaleb(-decimals),
    )


def _show_digits(tokens: list[Token], value: float) -> str:
    """Digits with decimals, groups of three, and words between them."""
    point = tokens.index(("other", ".")) if ("other", ".") in tokens else len(tokens)
    places = [n for n, (kind, _) in enumerate(tokens[:point]) if kind == "digit"]
    last = places[-1] if places else point
    commas = [n for n, token in enumerate(tokens[:point]) if token == ("other", ",")]
    scale = sum(n > last for n in commas) if places else 0
    decimals = sum(kind == "digit" for kind, _ in tokens[point:])
    rounded = Decimal(repr(value)).scaleb(-3 * scale).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    whole, _, part = f"{abs(rounded):f}".partition(".")
    is_grouped = any(n < last for n in commas)
    shown = _whole_part(tokens[:point], whole.lstrip("0"), is_grouped=is_grouped) + _decimals(tokens[point:], part)
    return f"-{shown}" if rounded < 0 else shown


def _whole_part(tokens: list[Token], digits: str, *, is_grouped: bool) -> str:
    """Fill the places from the right; the first place takes all digits that are left."""
    left = sum(kind == "digit" for kind, _ in tokens)
    pieces: list[str] = []
    count = 0
    for kind, text in reversed(tokens):
        if kind != "digit":
            pieces.append("" if text == "," and kind == "other" else text)
            continue
        left -= 1
        taken, digits = (digits, "") if not left else (digits[-1:], digits[:-1])
        for digit in reversed(taken) if taken else (_PADDING[text],):
            if is_grouped and count and count % 3 == 0 and digit.strip():
                pieces.append(",")
            pieces.append(digit)
            count += bool(digit)
    return "".join(reversed(pieces))


_PADDING = {"0": "0", "#": "", "?": " "}


def _decimals(tokens: list[Token], digits: str) -> str:
    pieces: list[str] = []
    rest = digits
    for kind, text in tokens:
        if kind != "digit":
            pieces.append(text)
        elif rest.strip("0") or text == "0":
            pieces.append(rest[:1] or "0")
            rest = rest[1:]
        else:
            pieces.append(_PADDING[text])
            rest = rest[1:]
    return "".join(pieces)


def _show_exponent(tokens: list[Token], value: float) -> str:
    at = next(n for n, (kind, _) in enumerate(tokens) if kind == "exponent")
    decimals = (
        sum(kind == "digit" for kind, _ in tokens[tokens.index(("other", ".")) : at])
        if (("other", ".") in tokens[:at])
        else 0
    )
    width = sum(kind == "digit" for kind, _ in tokens[at:])
    mantissa, _, exponent = f"{value:.{decimals}E}".partition("E")
    sign = "-" if exponent[0] == "-" else ("+" if tokens[at][1][1] == "+" else "")
    return f"{mantissa}E{sign}{exponent[1:].lstrip('0').zfill(width)}"


def _show_fraction(tokens: list[Token], value: float) -> str:
    slash = tokens.index(("other", "/"))
    width = 0
    for kind, _ in tokens[slash + 1 :]:
        if kind != "digit":
            break
        width += 1
    literal = "".join(text for kind, text in tokens[slash + 1 :] if kind == "other" and text.isdigit())
    has_whole = any(kind in ("literal", "other") and not text.strip() for kind, text in tokens[:slash])
    exact = Fraction(repr(abs(value)))
    if literal:
        denominator = max(int(literal), 1)
        fraction = Fraction(round(exact * denominator), denominator)
        top, bottom = fraction * denominator, denominator
    else:
        fraction = exact.limit_denominator(10 ** max(width, 1) - 1)
        top, bottom = Fraction(fraction.numerator), fraction.denominator
    whole, rest = divmod(int(top), bottom) if has_whole else (0, int(top))
    parts = [str(whole)] if whole or (has_whole and not rest) else []
    if rest or not has_whole:
        parts.append(f"{rest}/{bottom}")
    return ("-" if value < 0 else "") + " ".join(parts)
