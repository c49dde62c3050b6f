"""Reads settings one by one, and reports each problem at its place."""

from collections.abc import Callable, Collection, Mapping
from typing import TypeVar

from app.services.bundles.problems import BundleProblem
from domain.errors import Refusal, Refused, refusal
from domain.text import in_one_line, is_one_line, normalize_text

T = TypeVar("T")
FindPlace = Callable[[str], tuple[str, int, str]]
"""Returns file, line and column of a setting, from its path such as `reviews[2].as_of`."""


class SettingsChecker:
    """Checks settings by key, and adds a problem for each that is invalid."""

    def __init__(self, find_place: FindPlace, problems: list[BundleProblem]) -> None:
        self.find_place, self.problems = find_place, problems

    def add(self, key: str, reason: Refusal) -> None:
        file, line, column = self.find_place(key)
        self.problems.append(BundleProblem(file, line, column[:60], reason))

    def refuse_unknown(self, data: Mapping[str, object], allowed: Collection[str], where: str = "") -> None:
        for key in data:
            if key not in allowed:
                self.add(where + key, refusal("a bundle has no such setting."))

    def text(self, data: Mapping[str, object], key: str, *, required: bool = False, where: str = "") -> str:
        """Return the text of a setting, empty if it is missing or invalid."""
        value = data.get(key, "")
        if not isinstance(value, str):
            self.add(where + key, refusal("enter a text."))
            return ""
        text, reason = normalize_text(value)
        if reason:
            self.add(where + key, reason)
            return ""
        if is_one_line(key):
            text = in_one_line(text)
        if required and not text:
            self.add(where + key, refusal("it is required."))
        return text

    def flag(self, data: Mapping[str, object], key: str) -> bool:
        """Return a setting that is true or false: in a spreadsheet, “yes” or an empty cell."""
        value = data.get(key, False)
        if value not in (True, False, "yes", "no"):
            self.add(key, refusal("enter true or false."))
        return value in (True, "yes")

    def one_of(
        self, data: Mapping[str, object], key: str, allowed: Collection[str], default: str, otherwise: str
    ) -> str:
        """Return one of the allowed values, else `default`; `otherwise` are the words about an invalid `{text}`."""
        value = data.get(key, default)
        if not isinstance(value, str) or value not in allowed:
            self.add(key, refusal(otherwise, text=str(value)[:40], allowed=", ".join(allowed)))
            return default
        return value

    def run(self, key: str, act: Callable[[str], T], value: str) -> T | None:
        """Return the result of `act` for a value, None if the value is empty or invalid."""
        try:
            return act(value) if value else None
        except Refused as refused:
            self.add(key, refused.refusals[0])
            return None
