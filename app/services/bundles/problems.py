"""Problems of a bundle, each with its place and reason."""

from collections.abc import Iterable

from msgspec import Struct

from domain.errors import Refused

MAX_PROBLEMS = 100_000
TOO_MANY = "there are more problems than can be listed; nothing after this line was read."


class BundleProblem(Struct, frozen=True, order=True):
    """One problem. `line` is the physical line where the record starts, 0 if there is none."""

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
    """The bundle has problems; nothing was stored."""

    def __init__(self, problems: Iterable[BundleProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(*(str(p) for p in self.problems))


def refuse_file(file: str, reason: str) -> BundleRefused:
    """Return the refusal of a whole file."""
    return BundleRefused([BundleProblem(file, 0, "", reason)])


def _printable(text: str) -> str:
    """Return a text that is safe for terminals and pages: no control characters, no lone surrogates."""
    return text if text.isprintable() else "".join(c if c.isprintable() or c in "\xa0\u3000" else "�" for c in text)
