"""What is wrong with a bundle: place and reason, all of it at once."""

from collections.abc import Iterable

from msgspec import Struct

from domain.errors import Refused

MAX_PROBLEMS = 100_000
TOO_MANY = "there are more problems than can be listed; nothing after this line was read."


class BundleProblem(Struct, frozen=True, order=True):
    """One thing that is wrong. `line` is the physical line on which the record begins, 0 where there is none."""

    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        location = self.file
        if self.line:
            location += f", line {self.line}"
        if self.column:
            location += f", column {self.column}"
        return _printable(f"{location}: {self.reason}")


class BundleRefused(Refused):
    """Nothing of the bundle was stored."""

    def __init__(self, problems: Iterable[BundleProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(*(str(p) for p in self.problems))


def refuse_file(file: str, reason: str) -> BundleRefused:
    """The refusal of a file as a whole."""
    return BundleRefused([BundleProblem(file, 0, "", reason)])


def _printable(text: str) -> str:
    """A sentence for a terminal or a page, whatever was quoted in it: no control sequences, no half characters."""
    return text if text.isprintable() else "".join(c if c.isprintable() or c in "\xa0\u3000" else "�" for c in text)
