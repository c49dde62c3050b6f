"""Reads and writes the authors of a register: objects in `register.json`, a line for each in forms and spreadsheets."""

from collections.abc import Sequence

from msgspec import to_builtins

from app.services.bundles.setting_checks import SettingsChecker
from domain.errors import refusal
from domain.values import Author

FIELDS = ("name", "orcid", "affiliation")


def read_authors(data: object, checker: SettingsChecker) -> tuple[Author, ...]:
    """Return the authors, and report what is none."""
    if not isinstance(data, list):
        checker.add("authors", refusal("enter a list."))
        return ()
    authors = []
    for number, item in enumerate(data, 1):
        place = f"authors[{number}]"
        if isinstance(item, dict):
            checker.refuse_unknown(item, FIELDS, f"{place}.")
            authors.append(Author(**{name: checker.text(item, name, where=f"{place}.") for name in FIELDS}))
        else:
            checker.add(place, refusal("enter an object with name, orcid and affiliation."))
    return tuple(authors)


def parse_author_lines(text: str) -> list[dict[str, str]]:
    """Return the authors in a text, as `register.json` has them: `name; orcid; affiliation`, one on each line."""
    lines = (line.split(";", 2) for line in text.splitlines() if line.strip())
    return [dict(zip(FIELDS, (part.strip() for part in line), strict=False)) for line in lines]


def author_lines(authors: Sequence[Author]) -> str:
    return "\n".join("; ".join(_filled(author)) for author in authors)


def _filled(author: Author) -> list[str]:
    """The parts of a line, without empty ones at its end."""
    plain = to_builtins(author)
    parts = [plain.get(name, "") for name in FIELDS]
    while parts and not parts[-1]:
        parts.pop()
    return parts
