"""Groups problems by their cause: one sentence for each cause, with rows, values and the cure."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from app.presentation.i18n.localize import refusal_part
from app.presentation.i18n.translation import LazyText, _, ngettext
from app.services.bundles.problems import BundleProblem
from domain.errors import Refusal
from domain.times import shown

EXAMPLES = 5
"""Number of rows and values that a sentence names."""
_MAX_RANGES = 8
_SHOWN_LENGTH = 60

_MANY: dict[str, LazyText] = {
    "“{text}” is not an id.": LazyText("{n} values are no ids."),
    "“{text}” is not a date.": LazyText("{n} values are no dates."),
    "“{text}” is not a full date.": LazyText("{n} values are no full dates."),
    "“{text}” is not a date and time.": LazyText("{n} values are no date with a time."),
    "There is no day “{text}” in the calendar.": LazyText("{n} days are not in the calendar."),
    "“{text}” is not one of {codes}.": LazyText("{n} values are none of {codes}."),
    "“{text}” is not a whole number from 0 to 999999999.": LazyText("{n} values are no whole numbers."),
    "“{text}” is neither “yes” nor “no”.": LazyText("{n} values are neither “yes” nor “no”."),
    "“{text}” is not “yes”.": LazyText("{n} values are not “yes”."),
    "“{text}” is not an address.": LazyText("{n} values are no addresses."),
    "“{text}” is not a SHA-256.": LazyText("{n} values are no SHA-256."),
    "“{text}” is already on line {line}.": LazyText("{n} values are there twice."),
    "“{text}” is already in row {row}.": LazyText("{n} values are there twice."),
    "“{text}” is neither the id nor the name of a theme.": LazyText("{n} values are neither ids nor names of themes."),
    "“{text}” is neither the id nor the name of a body.": LazyText("{n} values are neither ids nor names of bodies."),
    "“{text}” is neither the id nor the title of a publication.": LazyText(
        "{n} values are neither ids nor titles of publications."
    ),
    "“{text}” is neither the id nor the title of a recommendation.": LazyText(
        "{n} values are neither ids nor titles of recommendations."
    ),
    "“{text}” is neither the id nor the title nor the address of a source.": LazyText(
        "{n} values are neither ids nor titles nor addresses of sources."
    ),
    "there is no body “{text}”.": LazyText("{n} bodies are not in the register."),
    "there is no publication “{text}”.": LazyText("{n} publications are not in the register."),
    "there is no recommendation “{text}”.": LazyText("{n} recommendations are not in the register."),
    "there is no evidence “{text}”.": LazyText("{n} sources are not in the register."),
    "there is no assessment “{text}”.": LazyText("{n} assessments are not in the register."),
    "“{text}” is stored with other content: “{old}”, not “{new}”.": LazyText("{n} are stored with other content."),
    "“{text}” has no core element.": LazyText("{n} recommendations have no core element."),
    "“{text}” needs at least one lead addressee.": LazyText("{n} recommendations need at least one lead addressee."),
}
"""The words of a refusal about one value, and those about several."""


class ProblemGroup(Struct, frozen=True):
    """Problems with one cause in one column of a file."""

    file: str
    """As the person chose it; empty for pasted rows."""
    column: str
    problems: tuple[BundleProblem, ...]
    """All of them, by row."""

    @property
    def count(self) -> int:
        return len(self.problems)

    @property
    def rows(self) -> tuple[int, ...]:
        """The numbers of all rows, in order; empty if the problem is about the whole file."""
        return tuple(sorted({p.line for p in self.problems if p.line}))

    @property
    def values(self) -> tuple[str, ...]:
        """All different values, in the order of their rows."""
        return tuple(dict.fromkeys(value for p in self.problems if (value := value_of(p))))

    @property
    def examples(self) -> tuple[BundleProblem, ...]:
        return self.problems[:EXAMPLES]

    @property
    def cause(self) -> str:
        """What is wrong, once for all rows, in the page's language; without the values and the rows."""
        first = self.problems[0].reason
        reasons = {p.reason.words and str(p.reason) for p in self.problems}
        if len(reasons) > 1 and (many := _MANY.get(first.words)):
            number = len(self.values) or self.count
            return str(many).format(**{**first.values, "n": number})
        return cause_of(first)

    @property
    def cure(self) -> str:
        """What to do, in the page's language; empty if the cause says it."""
        return cure_of(self.problems[0].reason)

    @property
    def others(self) -> int:
        """Number of further problems whose sentences differ from the cause only in what they name."""
        first = self.problems[0].reason
        return 0 if first.words in _MANY else len({str(p.reason) for p in self.problems}) - 1

    @property
    def place(self) -> str:
        """The rows in words, such as “rows 2–71”; empty if the problem is about the whole file."""
        return rows_in_words(self.rows, is_line=self.problems[0].is_line)

    @property
    def sentence(self) -> str:
        """The column and the cause, without a full stop."""
        cause = self.cause.rstrip(".")
        if self.column:
            cause = _("%(column)s: %(cause)s", column=self.column, cause=cause)
        return _("%(cause)s, and %(num)d more like it", num=self.others, cause=cause) if self.others else cause

    @property
    def shown_values(self) -> str:
        """The first values in words; empty if the sentence has the only one, or does not count them."""
        return values_in_words(self.values) if len(self.values) > 1 and not self.others else ""

    @property
    def where(self) -> str:
        """The file as the person chose it, the rows, and the first values."""
        place = ", ".join(part for part in (self.file, self.place) if part)
        return ": ".join(part for part in (place, self.shown_values) if part)

    @property
    def example_sentences(self) -> tuple[str, ...]:
        """The first problems, each with its row."""
        return tuple(
            f"{rows_in_words((p.line,), is_line=p.is_line)}: {cause_of(p.reason)}" if p.line else cause_of(p.reason)
            for p in self.examples
        )

    def __str__(self) -> str:
        """One sentence with the values and rows, and one with the cure."""
        text = ": ".join(part for part in (self.sentence, self.shown_values) if part)
        if self.place:
            text = f"{text} ({self.place})"
        return f"{text}. {self.cure}".rstrip()


def group_problems(problems: Iterable[BundleProblem]) -> tuple[ProblemGroup, ...]:
    """The problems by file, column and words, in the order of files and columns as they first occur."""
    groups: dict[tuple[str, str, str], list[BundleProblem]] = {}
    for problem in problems:
        refusal = problem.reason
        groups.setdefault((problem.file, problem.column, refusal.words or str(refusal)), []).append(problem)
    files = {file: n for n, file in reversed([*enumerate(file for file, _column, _words in groups)])}
    columns = {key[:2]: n for n, key in reversed([*enumerate(groups)])}
    found = (
        ProblemGroup(file, column, tuple(sorted(members, key=lambda p: p.line)))
        for (file, column, _words), members in groups.items()
    )
    return tuple(sorted(found, key=lambda g: (files[g.file], columns[g.file, g.column], g.problems[0].line)))


def rows_in_words(rows: Sequence[int], *, is_line: bool = False) -> str:
    """Numbers of rows as ranges, such as “rows 2–71” or “rows 2, 4 and 6–9”; long lists end with a number of rows."""
    if not rows:
        return ""
    ranges = _ranges(rows)
    shown_ranges = ranges if len(ranges) <= _MAX_RANGES else ranges[: _MAX_RANGES - 1]
    left = sum(end - start + 1 for start, end in ranges[len(shown_ranges) :])
    texts = [str(start) if start == end else f"{start}–{end}" for start, end in shown_ranges]
    where = _listed(texts, left)
    if is_line:
        return ngettext("line %(where)s", "lines %(where)s", len(rows), where=where)
    return ngettext("row %(where)s", "rows %(where)s", len(rows), where=where)


def values_in_words(values: Sequence[str]) -> str:
    """The first values in quotation marks, and how many more there are."""
    return _listed([f"“{shown(value, _SHOWN_LENGTH)}”" for value in values[:EXAMPLES]], len(values) - EXAMPLES)


def _listed(texts: Sequence[str], left: int) -> str:
    if left > 0:
        return _("%(texts)s and %(num)d more", texts=", ".join(texts), num=left)
    if len(texts) < 2:
        return texts[0]
    return _("%(texts)s and %(last)s", texts=", ".join(texts[:-1]), last=texts[-1])


def _ranges(rows: Sequence[int]) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    for row in rows:
        if ranges and row == ranges[-1][1] + 1:
            ranges[-1] = ranges[-1][0], row
        else:
            ranges.append((row, row))
    return ranges


def value_of(problem: BundleProblem) -> str:
    """The text that is wrong: the part of a cell with a list, else the cell."""
    text = problem.reason.values.get("text")
    return str(text) if text else problem.value


def cause_of(refusal: Refusal) -> str:
    """What is wrong, in the page's language, without what to do about it."""
    return refusal_part(refusal.words, refusal) if refusal.words else str(refusal)


def cure_of(refusal: Refusal) -> str:
    """What to do about it, in the page's language; empty if the cause says it."""
    return refusal_part(refusal.cure, refusal)
