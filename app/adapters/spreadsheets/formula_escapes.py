"""Texts that look like formulas, for programs that would compute them."""

FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""Characters with which a spreadsheet starts a formula."""


def escape_formula(cell: str) -> str:
    """Return a cell that no spreadsheet computes: an apostrophe precedes anything like a formula.

    Also where apostrophes precede it already, so that `unescape_formula` gives every cell back.
    """
    return f"'{cell}" if _is_like_formula(cell) else cell


def unescape_formula(cell: str) -> str:
    """Return the cell from which `escape_formula` made this one."""
    return cell[1:] if cell.startswith("'") and _is_like_formula(cell) else cell


def _is_like_formula(cell: str) -> bool:
    return cell.lstrip("'").startswith(FORMULA_PREFIXES)
