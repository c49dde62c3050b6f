"""Formulas whose value needs no other cell: texts, joined texts, and links."""

import re

_MAX_FORMULA_CHARACTERS = 8192
_TERM = re.compile(r'\s*(?:"((?:[^"]|"")*)"|(-?\d+(?:\.\d+)?)|(TRUE|FALSE)(?![\w(]))\s*', re.IGNORECASE)
_FUNCTION = re.compile(r"\s*=?\s*(HYPERLINK|CONCATENATE|CONCAT|_xlfn\.CONCAT)\s*\(", re.IGNORECASE)


def constant_value(formula: str) -> str | None:
    """The value of a formula such as `"r"&"1"` or `HYPERLINK("address","text")`; None if it needs a program."""
    if len(formula) > _MAX_FORMULA_CHARACTERS:
        return None
    if match := _FUNCTION.match(formula):
        arguments = _arguments(formula, match.end())
        if arguments is None:
            return None
        return arguments[-1] if match.group(1).upper() == "HYPERLINK" else "".join(arguments)
    result = _joined(formula, 1 if formula[:1] == "=" else 0)
    return result[0] if result and result[1] == len(formula) else None


def link_address(formula: str) -> str:
    """The address of a formula `HYPERLINK("address",…)`; empty for others and for addresses that are computed."""
    match = _FUNCTION.match(formula[:_MAX_FORMULA_CHARACTERS])
    if not match or match.group(1).upper() != "HYPERLINK":
        return ""
    result = _joined(formula, match.end())
    return result[0] if result and formula[result[1] : result[1] + 1] in (",", ";", ")") else ""


def _arguments(formula: str, at: int) -> list[str] | None:
    """The constant arguments of a function that is the whole formula."""
    arguments = []
    while True:
        result = _joined(formula, at)
        if result is None:
            return None
        arguments.append(result[0])
        at = result[1]
        if formula[at : at + 1] == ")":
            return arguments if not formula[at + 1 :].strip() else None
        if formula[at : at + 1] not in (",", ";"):
            return None
        at += 1


def _joined(formula: str, at: int) -> tuple[str, int] | None:
    """Texts and numbers joined by `&`, and where they end."""
    pieces = []
    while match := _TERM.match(formula, at):
        text, number, truth = match.groups()
        pieces.append(text.replace('""', '"') if text is not None else number or truth.upper())
        at = match.end()
        if formula[at : at + 1] != "&":
            return "".join(pieces), at
        at += 1
    return None
