"""Counts the clicks and keys of a journey in a real browser, and computes its time by the keystroke-level model.

The model is that of Card, Moran and Newell, “The keystroke-level model for user performance time with interactive
systems”, Communications of the ACM 23 (7), 1980: the sum of the times of keys (K), pointing (P), mouse buttons (B),
moves of the hand between mouse and keyboard (H), thinking (M) and waiting for the system (R, measured here).
"""

import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page

SECONDS = {"K": 0.28, "P": 1.1, "B": 0.1, "H": 0.4, "M": 1.35}
"""K is that of an average non-secretary typist; a skilled typist needs 0.2."""
SKILLED = SECONDS | {"K": 0.2}
_CONTINUES = ("Tab", "Shift+Tab", "ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight", "Control+v")
"""Keys that belong to the thought before them."""


@dataclass
class Recorder:
    """Acts on a page as a person does, and counts. `page.fill` and the like are not recorded: use these methods."""

    page: Page
    clicks: int = 0
    keys: int = 0
    moves: int = 0
    thoughts: int = 0
    waited: float = 0.0
    steps: list[str] = field(default_factory=list)
    _at_keyboard: bool = True
    _has_thought: bool = False

    def click(self, target: str | Locator) -> None:
        """Point at something and click it, or the text of a label."""
        locator = self.page.locator(target).first if isinstance(target, str) else target
        self._think()
        self._use(keyboard=False)
        self.clicks += 1
        self._has_thought = True
        self.steps.append(f"click {target if isinstance(target, str) else _name(target)}")
        self._timed(locator.click)

    def type(self, text: str) -> None:
        """Type a text where the focus is."""
        self._think()
        self._use(keyboard=True)
        self.keys += keys_of(text)
        self.steps.append(f"type {text}")
        self.page.keyboard.insert_text(text)

    def paste(self, text: str) -> None:
        """Paste a text that the person copied before."""
        self._press_keys("Control+v")
        self.page.keyboard.insert_text(text)

    def press(self, key: str) -> None:
        """Press a key, or several together such as `Control+Enter`."""
        self._press_keys(key)
        self._timed(lambda: self.page.keyboard.press(key))

    def tab_to(self, selector: str, most: int = 60) -> None:
        """Press Tab until the focus is there."""
        for _ in range(most):
            self.press("Tab")
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"{most} presses of Tab do not lead to {selector}")

    def wait(self, until: Callable[[], object]) -> None:
        """Wait for the system: `until` blocks, for example `lambda: page.wait_for_url("**/proposals/**")`."""
        self._timed(until)

    def seconds(self, times: dict[str, float] = SECONDS) -> float:
        """The time that a practised person needs, by the model."""
        return (
            self.keys * times["K"]
            + self.clicks * (times["P"] + 2 * times["B"])
            + self.moves * times["H"]
            + self.thoughts * times["M"]
            + self.waited
        )

    @property
    def summary(self) -> str:
        return (
            f"{self.clicks} clicks, {self.keys} keys, {self.moves} moves of the hand, {self.thoughts} thoughts, "
            f"{self.waited:.1f} s of waiting: {self.seconds():.0f} s (skilled typist {self.seconds(SKILLED):.0f} s)"
        )

    def _press_keys(self, key: str) -> None:
        if key not in _CONTINUES:
            self._think()
        self._use(keyboard=True)
        self.keys += key.count("+") + 1
        self._has_thought = False
        self.steps.append(f"press {key}")

    def _think(self) -> None:
        """Think before each step, but not between clicking a field and typing into it."""
        self.thoughts += not self._has_thought
        self._has_thought = False

    def _use(self, *, keyboard: bool) -> None:
        self.moves += keyboard != self._at_keyboard
        self._at_keyboard = keyboard

    def _timed(self, act: Callable[[], object]) -> None:
        begun = time.perf_counter()
        act()
        self.waited += time.perf_counter() - begun


def keys_of(text: str) -> int:
    """The keys of a text: Shift counts, and a Korean syllable is two or three keys."""
    return len(unicodedata.normalize("NFD", text)) + sum(c.isupper() for c in text)


def _name(locator: Locator) -> str:
    return str(locator.inner_text() or locator.get_attribute("id"))
