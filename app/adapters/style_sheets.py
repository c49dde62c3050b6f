"""The style sheets of the site, for pages and for frozen reviews."""

from pathlib import Path

STYLE_SHEETS = (
    *("tokens", "ground", "frame", "type", "dateline", "status", "patterns", "figures", "charts", "notes", "embeds"),
    *("lists", "story", "forms", "staff", "proposing", "outcomes", "workspace", "workbench", "bulk", "overview"),
    *("spreadsheet", "forced-colours", "print"),
)
"""In cascade order."""
_FOLDER = Path(__file__).parents[1] / "static" / "css"


def style_sheet(name: str) -> str:
    """The content of one style sheet."""
    return (_FOLDER / f"{name}.css").read_text("utf-8")
