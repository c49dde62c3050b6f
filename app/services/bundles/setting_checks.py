"""Reads settings one by one, and names what is wrong with each at its place."""

from collections.abc import Callable, Collection
from typing import Any

from app.services.bundles.problems import BundleProblem
from domain.errors import Refused
from domain.text import normalize_text

FindPlace = Callable[[str], tuple[str, int, str]]
"""Where a setting stands: file, line and column, from its path such as `reviews[2].as_of`."""


class SettingsChecker:
    """Every method takes a setting's key; a problem is added to the list for what is wrong."""

    def __init__(self, place: FindPlace, problems: list[BundleProblem]) -> None:
        self.place, self.problems = place, problems

    def say(self, key: str, reason: str) -> None:
        file, line, column = self.place(key)
        self.problems.append(BundleProblem(file, line, column[:60], reason))

    def unknown(self, data: dict[str, Any], known: Collection[str], where: str = "") -> None:
        for key in data:
            if key not in known:
                self.say(where + key, "there is no such setting.")

    def text(self, data: dict[str, Any], key: str, *, required: bool = False, where: str = "") -> str:
        """The text of a setting, empty where there is none or it is refused."""
        value = data.get(key, "")
        if not isinstance(value, str):
            self.say(where + key, "a text is needed.")
            return ""
        text, wrong = normalize_text(value)
        if wrong:
            self.say(where + key, wrong)
            return ""
        if required and not text:
            self.say(where + key, "it is required.")
        return text

    def one_of(self, data: dict[str, Any], key: str, known: Collection[str], default: str, otherwise: str) -> str:
        """One of the known values; `otherwise` says what another value is."""
        value = data.get(key, default)
        if not isinstance(value, str) or value not in known:
            self.say(key, f"“{str(value)[:40]}” is {otherwise}.")
            return default
        return value

    def run(self, key: str, act: Callable[[str], Any], value: str) -> Any:
        """What `act` makes of a value, None where it is empty or refused."""
        try:
            return act(value) if value else None
        except Refused as refused:
            self.say(key, refused.refusals[0])
            return None
