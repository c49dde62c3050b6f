"""What is wrong with a bundle: place and reason, all of it at once."""

from collections.abc import Iterable

from msgspec import Struct

from domain.errors import Refused


class Problem(Struct, frozen=True, order=True):
    """One thing that is wrong. `line` is the physical line on which the record begins, 0 where there is none."""

    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        place = self.file
        if self.line:
            place += f", line {self.line}"
        if self.column:
            place += f", column {self.column}"
        return f"{place}: {self.reason}"


class BundleRefused(Refused):
    """Nothing of the bundle was stored."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(*(str(p) for p in self.problems))
