"""Problems of a bundle, each with its place and reason."""

from collections.abc import Iterable

from msgspec import Struct

from app.services.bundles.columns import SHEETS
from domain.errors import Refusal, Refused, refusal

MAX_PROBLEMS = 100_000
TOO_MANY = refusal("there are more problems than can be listed; nothing after this line was read.")


_TEXT_FILES = frozenset({"register.json", *(sheet.file for sheet in SHEETS)})


class BundleProblem(Struct, frozen=True, order=True):
    """One problem, in English as a text.

    `file` is as the person chose it, empty for pasted rows. `line` is the physical line where the record starts, or the
    number of the row in a spreadsheet and in pasted rows; 0 if there is none. `value` is the text of the cell.
    """

    file: str
    line: int
    column: str
    reason: Refusal
    value: str = ""

    def __str__(self) -> str:
        place = [self.file] if self.file else []
        if self.line:
            place.append(f"{'line' if self.is_line else 'row'} {self.line}")
        if self.column:
            place.append(f"column {self.column}")
        return _printable(f"{', '.join(place)}: {self.reason}".removeprefix(": "))

    @property
    def is_line(self) -> bool:
        """Whether its place is a line of a text file of a bundle; else it is a row."""
        return self.file in _TEXT_FILES


class BundleRefused(Refused):
    """The bundle has problems; nothing was stored."""

    def __init__(self, problems: Iterable[BundleProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(*(str(p) for p in self.problems))


def refuse_file(file: str, reason: Refusal) -> BundleRefused:
    """Return the refusal of a whole file."""
    return BundleRefused([BundleProblem(file, 0, "", reason)])


def already_at(file: str, text: str, place: int) -> Refusal:
    """Why a text cannot be there again: it is on an earlier line or in an earlier row of the file."""
    if file in _TEXT_FILES:
        return refusal("“{text}” is already on line {line}.", text=text, line=place)
    return refusal("“{text}” is already in row {row}.", text=text, row=place)


def _printable(text: str) -> str:
    """Return a text that is safe for terminals and pages: no control characters, no lone surrogates."""
    return text if text.isprintable() else "".join(c if c.isprintable() or c in "\xa0\u3000" else "�" for c in text)
