"""Refusals: each is a sentence that says what was wrong, so that a person can act on it."""

from collections.abc import Iterable, Sequence


class Refusal(str):
    """One sentence, with the methodology rule and the field that it is about, where there is one."""

    __slots__ = ("cure", "field", "rule", "values", "words")

    rule: int | None
    field: str | None
    words: str
    """The sentence with `{name}` for each value, as the catalogues list it; empty if it has no translation."""
    cure: str
    """What to do about it, with `{name}` like `words`; empty if the words say it, or if there is nothing to add."""
    values: dict[str, object]

    def __new__(
        cls,
        sentence: str,
        *,
        rule: int | None = None,
        field: str | None = None,
        words: str = "",
        cure: str = "",
        values: dict[str, object] | None = None,
    ) -> "Refusal":
        new = super().__new__(cls, sentence)
        new.rule, new.field, new.words, new.cure, new.values = rule, field, words, cure, values or {}
        return new

    def about(self, field: str) -> "Refusal":
        """The same refusal, about a field."""
        return Refusal(self, rule=self.rule, field=field, words=self.words, cure=self.cure, values=self.values)


def refusal(
    words: str, /, *, cure: str = "", rule: int | None = None, field: str | None = None, **values: object
) -> Refusal:
    """Build a refusal that can be translated: `words` has `{name}` for each value.

    `cure` is a sentence more, which says what to do: refusals with one cause are shown together, with their cure once.
    A value is a text, a number, a code of `domain.codes`, or a tuple of codes.
    """
    texts = {name: ", ".join(v) if isinstance(v, tuple) else v for name, v in values.items()}
    sentence = f"{words} {cure}" if cure else words
    return Refusal(sentence.format(**texts), rule=rule, field=field, words=words, cure=cure, values=values)


class Refused(Exception):
    """A command was not carried out and nothing was stored. Holds every reason, not only the first."""

    def __init__(self, *refusals: str) -> None:
        super().__init__(" ".join(refusals))
        self.refusals: Sequence[Refusal] = tuple(r if isinstance(r, Refusal) else Refusal(r) for r in refusals)


class Gone(Refused):
    """It was there, and was withdrawn."""


class Conflict(Refused):
    """The thing changed first, or the command was decided on an older version of it."""


class LogClosed(Refused):
    """The log takes no entries for now, whatever they are."""


class ClockDisagrees(LogClosed):
    """The clock cannot be right, so nothing can be recorded until it is."""


class LogIsOlder(LogClosed):
    """The log lacks entries that were signed. It takes others when it has them again, or their loss was accepted."""


class KeyReused(Refused):
    """The key under which a command runs once was used for another command."""

    def __init__(self) -> None:
        super().__init__(
            refusal("This key was used for another command, so nothing was stored. Send this command with a new key.")
        )


class NotFound(Refused):
    """The requested thing is not in the store."""


def refuse(refusals: Iterable[str]) -> None:
    """Raise `Refused` with all refusals, if there are any."""
    if reasons := tuple(refusals):
        raise Refused(*reasons)
