"""Gives each name in a sheet the id of what it stands for: a body, a theme or a publication."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from app.services.bundles.ids import IdMaker
from app.services.mapping.types import NameChoice


class NewName(Struct):
    """Something that the sheet names for the first time, with the row where it does."""

    line: int
    id: str
    name: str
    parent: str = ""
    translations: dict[str, str] = {}


class NameBook:
    """The ids of names: as chosen, as stored, or made."""

    def __init__(
        self, choices: Mapping[str, NameChoice], stored: Iterable[tuple[str, Iterable[str]]], fallback: str
    ) -> None:
        """`stored` has the id of each stored thing, with all its names."""
        self._ids: dict[str, str] = {}
        self._parents: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self.stored: set[str] = set()
        for ident, names in stored:
            self.stored.add(ident)
            for name in names:
                if name:
                    self._ids.setdefault(_key(name), ident)
        self._full = {_key(text): choice.name for text, choice in choices.items() if choice.name and not choice.id}
        for text, choice in choices.items():
            if choice.id:
                self._ids[_key(text)] = choice.id
                self._names.setdefault(choice.id, choice.name or text)
                if choice.name:
                    self._names[choice.id] = choice.name
                if choice.parent:
                    self._parents[choice.id] = choice.parent
        self._maker = IdMaker((*self.stored, *self._names), fallback)
        self.new: dict[str, NewName] = {}

    def id_of(self, text: str, line: int) -> str:
        """The id of a name, which is new from this row on if it is not stored."""
        key = _key(text)
        ident = self._ids.get(key)
        if ident is None:
            name = self._full.get(key) or " ".join(text.split())
            ident = self._ids[key] = self._maker.make(name)
            self._names[ident] = name
        if ident not in self.stored and ident not in self.new:
            self._add(ident, line)
        return ident

    def find(self, text: str) -> str:
        """The id of a name that is stored or that the sheet named before; empty for others."""
        ident = self._ids.get(_key(text), "")
        return ident if ident in self.stored or ident in self.new else ""

    def choose(self, chosen: str, line: int) -> str:
        """The id of what was chosen by its id, or by its name."""
        if chosen in self.stored or chosen in self._names:
            if chosen not in self.stored and chosen not in self.new:
                self._add(chosen, line)
            return chosen
        return self.id_of(chosen, line)

    def translate(self, ident: str, language: str, text: str) -> None:
        """Note the name in another language; the first one counts."""
        new = self.new.get(ident)
        if new and text:
            new.translations.setdefault(language, " ".join(text.split()))

    def _add(self, ident: str, line: int) -> None:
        parent = self._parents.get(ident, "")
        self.new[ident] = NewName(line, ident, self._names[ident], parent, {})
        if parent and parent not in self.stored and parent not in self.new and parent in self._names:
            self._add(parent, line)


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()
