"""Tells which table a file or a sheet is, by its name."""

from collections.abc import Collection, Sequence
from pathlib import PurePath

from app.services.bundles.problems import BundleProblem
from app.services.bundles.words import match_table, similar_name
from domain.errors import Refusal, refusal
from domain.times import shown

MADE_FOR_READING = ("about", "scorecard", "columns")
"""Tables that Uptake writes beside those of a bundle: computed, or an explanation."""
_FOR_PEOPLE = "-spreadsheet"


class TableNames:
    """The names of the tables that a file may hold."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = names

    def assign(
        self, titles: Sequence[str], problems: list[BundleProblem], notes: list[Refusal], book: str = ""
    ) -> dict[str, str]:
        """Return the file or sheet of each table; `book` is what the names of sheets begin with in sentences.

        What is made for reading is left out with a note, and so are sheets of the person's own, unless they look like
        misspelled tables. Other files are problems, and so is a second file or sheet of a table.
        """
        found = {title: self.find(title) for title in titles}
        assigned: dict[str, str] = {}
        absent = [name for name in self._names if name not in found.values()]
        for title, name in found.items():
            if name and name in assigned:
                problems.append(BundleProblem(book + title, 0, "", _second(assigned[name])))
            elif name:
                assigned[name] = title
            elif _stem(title).casefold().endswith(MADE_FOR_READING):
                notes.append(refusal("“{name}” left out: it is made for reading.", name=shown(book + title, 80)))
            elif not book:
                problems.append(BundleProblem(title, 0, "", refusal("a bundle has no such file.")))
            elif similar := similar_name(_stem(title), absent):
                problems.append(BundleProblem(book + title, 0, "", _misspelled(title, similar)))
            else:
                notes.append(refusal("“{name}” left out: it is no part of a bundle.", name=shown(book + title, 80)))
        return assigned

    def find(self, title: str) -> str:
        """The table of a name such as `bodies`, `Bodies.csv` or `my-register-bodies-spreadsheet.csv`."""
        stem = _stem(title)
        if name := match_table(stem, self._names):
            return name
        return _suffix(title, self._names)


def register_in_name(title: str, names: Collection[str]) -> str:
    """The register in the name of a downloaded file, such as `my-register` in `my-register-bodies-spreadsheet.csv`."""
    suffix = _suffix(title, names) or _suffix(title, MADE_FOR_READING)
    return _stem(title)[: -len(suffix) - 1] if suffix else ""


def _suffix(title: str, names: Collection[str]) -> str:
    """The table after a hyphen at the end of the name of a text file."""
    if not title.lower().endswith(".csv"):
        return ""
    stem = _stem(title).casefold()
    return max((name for name in names if stem.endswith(f"-{name}")), key=len, default="")


def _stem(title: str) -> str:
    if title.lower().endswith(".csv"):
        return PurePath(title).stem.removesuffix(_FOR_PEOPLE)
    return title


def _second(first: str) -> Refusal:
    return refusal("it is the same table as “{name}”.", cure="Keep one of the two.", name=shown(first, 80))


def _misspelled(title: str, name: str) -> Refusal:
    return refusal(
        "“{title}” may be “{name}”.",
        cure="Correct its name, or choose another one for a table of your own.",
        title=shown(title, 80),
        name=name,
    )
