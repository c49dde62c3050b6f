"""Refusals: each a sentence that says what was wrong, so that a person can act on it."""

from collections.abc import Iterable, Sequence


class Refusal(str):
    """One sentence, with the rule of the methodology and the field it is about, where it has one."""

    __slots__ = ("field", "rule", "values", "words")

    rule: int | None
    field: str | None
    words: str
    """The sentence with its values left open, as it is looked up in other languages; empty where there is none."""
    values: dict[str, object]

    def __new__(cls, sentence: str, *, rule: int | None = None, field: str | None = None) -> "Refusal":
        refusal = super().__new__(cls, sentence)
        refusal.rule = rule
        refusal.field = field
        refusal.words, refusal.values = "", {}
        return refusal

    def about(self, field: str) -> "Refusal":
        """The same, told of a field."""
        refusal = Refusal(self, rule=self.rule, field=field)
        refusal.words, refusal.values = self.words, self.values
        return refusal


def say(words: str, /, *, rule: int | None = None, field: str | None = None, **values: object) -> Refusal:
    """A refusal that can be put into another language: its words, with `{name}` where a value stands.

    A value is a text, a number, a code of `domain.codes`, or a tuple of codes.
    """
    plain = {name: ", ".join(v) if isinstance(v, tuple) else v for name, v in values.items()}
    refusal = Refusal(words.format(**plain), rule=rule, field=field)
    refusal.words, refusal.values = words, values
    return refusal


class Refused(Exception):
    """A command that was not carried out; nothing was stored. Holds every reason, not only the first."""

    def __init__(self, *refusals: str) -> None:
        super().__init__(" ".join(refusals))
        self.refusals: Sequence[Refusal] = tuple(r if isinstance(r, Refusal) else Refusal(r) for r in refusals)


class Conflict(Refused):
    """Somebody else changed the same thing first."""


class NotFound(Refused):
    """The thing asked for is not in the store."""


def refuse(refusals: Iterable[str]) -> None:
    """Raise `Refused` with all of them, if there are any."""
    if found := tuple(refusals):
        raise Refused(*found)
