"""What styles of an .ods say about cells: which parts of a date are displayed, and which tables are hidden."""

from app.adapters.spreadsheets.xml_parts import Attributes

_PARTS = {"year": "y", "month": "mo", "day": "d", "hours": "h"}
_MAX_PARENTS = 20


class OdsStyles:
    """Collects styles from the elements of a file."""

    def __init__(self) -> None:
        self._dates: dict[str, set[str]] = {}
        self._cells: dict[str, tuple[str, str]] = {}
        """The format and the parent of each style of cells."""
        self._hidden: set[str] = set()
        self._style = self._date = ""

    def start(self, name: str, attributes: Attributes) -> None:
        """Note an element."""
        if name == "style":
            self._style, self._date = attributes.get("name", ""), ""
            if attributes.get("family") == "table-cell":
                self._cells[self._style] = (
                    attributes.get("data-style-name", ""),
                    attributes.get("parent-style-name", ""),
                )
        elif name == "table-properties":
            if attributes.get("display") == "false":
                self._hidden.add(self._style)
        elif name.endswith("-style"):
            self._date = attributes.get("name", "") if name == "date-style" else ""
            if self._date:
                self._dates[self._date] = set()
        elif self._date and name in _PARTS:
            self._dates[self._date].add(_PARTS[name])

    def hides_table(self, style: str) -> bool:
        """Whether a sheet of this style is hidden."""
        return style in self._hidden

    def date_parts(self, style: str) -> set[str]:
        """The parts of dates in cells of a style: `y`, `mo`, `d` and `h`; empty if it does not say."""
        for _ in range(_MAX_PARENTS):
            if style not in self._cells:
                break
            date, parent = self._cells[style]
            if date:
                return self._dates.get(date, set())
            style = parent
        return set()
