"""Splits number formats such as `#,##0.00;[Red]-0` into sections of tokens."""

import re
from collections.abc import Sequence

from msgspec import Struct

Token = tuple[str, str]
"""The kind of a token, and its text."""

GENERAL = "General"
BUILT_IN = {
    0: GENERAL,
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: '"$"#,##0_);("$"#,##0)',
    6: '"$"#,##0_);[Red]("$"#,##0)',
    7: '"$"#,##0.00_);("$"#,##0.00)',
    8: '"$"#,##0.00_);[Red]("$"#,##0.00)',
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "yyyy-mm-dd",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy-mm-dd h:mm",
    37: "#,##0_);(#,##0)",
    38: "#,##0_);[Red](#,##0)",
    39: "#,##0.00_);(#,##0.00)",
    40: "#,##0.00_);[Red](#,##0.00)",
    41: '_(* #,##0_);_(* (#,##0);_(* "-"_);_(@_)',
    42: '_("$"* #,##0_);_("$"* (#,##0);_("$"* "-"_);_(@_)',
    43: '_(* #,##0.00_);_(* (#,##0.00);_(* "-"??_);_(@_)',
    44: '_("$"* #,##0.00_);_("$"* (#,##0.00);_("$"* "-"??_);_(@_)',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
    **dict.fromkeys((27, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58), "yyyy-mm-dd"),
    **dict.fromkeys((28, 29), "yyyy-mm-dd"),
    **dict.fromkeys((32, 33, 34, 35, 55, 56), "h:mm:ss"),
}
"""Formats by number. Those that depend on the country of the program (14, 22, 27 to 36, 50 to 58) are ISO here."""

_TOKEN = re.compile(
    r"""
    "(?P<quoted>[^"]*)"? | \\(?P<escaped>.) | _(?P<space>.) | \*(?P<fill>.) | \[(?P<bracket>[^\]]*)\]
    | (?P<general>General) | (?P<half>AM/PM|A/P|上午/下午|오전/오후) | (?P<exponent>E[+-])
    | (?P<date>y+|m+|d+|h+|s+|e+|g+|b+|aaaa?) | (?P<digit>[0#?]) | (?P<end>;) | (?P<text>@) | (?P<other>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[\d.]+)")
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_MAX_CODE_CHARACTERS = 255


class FormatSection(Struct):
    """One section of a format. `kind` is `number`, `date`, `text`, `general` or `literal`."""

    tokens: list[Token]
    kind: str
    condition: tuple[str, float] | None = None


def split_format(code: str) -> list[FormatSection]:
    """Return the sections of a format, at most four."""
    sections: list[list[Token]] = [[]]
    for match in _TOKEN.finditer(code[:_MAX_CODE_CHARACTERS]):
        kind = match.lastgroup or "other"
        if kind == "end":
            sections.append([])
        else:
            sections[-1].append((kind, match.group(kind)))
    return [_section(tokens) for tokens in sections[:4]]


def _section(raw: Sequence[Token]) -> FormatSection:
    tokens: list[Token] = []
    condition = None
    for kind, text in raw:
        if kind in ("quoted", "escaped"):
            tokens.append(("literal", text))
        elif kind == "space":
            tokens.append(("literal", " "))
        elif kind == "bracket":
            if match := _CONDITION.fullmatch(text.strip()):
                condition = match.group(1), _number(match.group(2))
            elif _ELAPSED.fullmatch(text):
                tokens.append(("elapsed", text.lower()))
            elif text.startswith("$"):  # a currency with its country, such as `$€-407`
                tokens.append(("literal", text[1:].partition("-")[0]))
        elif kind != "fill":
            tokens.append((kind, text.lower() if kind == "date" else text))
    return FormatSection(tokens, _kind({kind for kind, _ in tokens}), condition)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _kind(kinds: set[str]) -> str:
    if "general" in kinds:
        return "general"
    if kinds & {"date", "elapsed"}:
        return "date"
    if "digit" in kinds:
        return "number"
    return "text" if "text" in kinds else "literal"
