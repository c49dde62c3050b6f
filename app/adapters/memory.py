"""Remembers answers about the record while it stays as it is."""

from collections.abc import Callable, Hashable
from typing import TypeVar, cast

Answer = TypeVar("Answer")
MAX_ANSWERS = 4096


class Memory:
    """Answers about one state of the record; with the next state, or when there are too many, all are forgotten."""

    def __init__(self) -> None:
        self._held: tuple[object, dict[Hashable, object]] = (None, {})

    def answer(self, state: object, question: Hashable, find: Callable[[], Answer]) -> Answer:
        """The answer to a question about a state, found once."""
        known, answers = self._held
        if known != state or len(answers) >= MAX_ANSWERS:
            answers = {}
            self._held = state, answers  # in one step, so that no other thread sees one without the other
        if question not in answers:
            answers[question] = find()
        return cast("Answer", answers[question])
