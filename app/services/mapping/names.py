"""Gives each name in a sheet the id of what it stands for: a body, a theme or a publication."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from app.services.bundles.ids import IdMaker
from app.services.bundles.known_names import NewThing
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
        self._sharing: dict[str, dict[str, str]] = {}
        for ident, names in stored:
            self.stored.add(ident)
            own = [name for name in names if name]
            for name in own:
                self._ids.setdefault(_key(name), ident)
                other = next((text for text in own if _key(text) != _key(name)), "")
                self._sharing.setdefault(_key(name), {})[ident] = other
        for ident in self.stored:
            self._ids[_key(ident)] = ident
            self._sharing.pop(_key(ident), None)
        self._full = {_key(text): choice.name for text, choice in choices.items() if choice.name and not choice.id}
        for text, choice in choices.items():
            if choice.id:
                self._sharing.pop(_key(text), None)
                self._ids[_key(text)] = choice.id
                self._names.setdefault(choice.id, choice.name or text)
                if choice.name:
                    self._names[choice.id] = choice.name
                if choice.parent:
                    self._parents[choice.id] = choice.parent
        self._maker = IdMaker((*self.stored, *self._names), fallback)
        self.new: dict[str, NewName] = {}

    def sharing(self, text: str) -> list[NewThing]:
        """The stored things of a name that several have, each with another name of its own; empty for other names."""
        sharing = self._sharing.get(_key(text), {})
        return [NewThing(ident, other) for ident, other in sharing.items()] if len(sharing) > 1 else []

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
