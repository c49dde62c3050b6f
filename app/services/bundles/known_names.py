"""Finds the ids of what a cell names: by id, or by title or name in any language."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from app.presentation.i18n.translation import LazyText
from app.services.bundles.rows import Bundle
from app.services.bundles.words import fold
from domain.errors import Refusal, refusal
from domain.times import shown

_REFERENCES = {
    "theme": "themes",
    "addressees": "bodies",
    "parent": "bodies",
    "body": "bodies",
    "publication": "publications",
    "also_in": "publications",
    "recommendation": "recommendations",
    "recommendations": "recommendations",
}
"""The columns that name something, and the kind of what they name."""
_LISTS = ("addressees", "also_in", "recommendations")
_MAKEABLE = ("themes", "bodies")
"""Kinds of which a name is enough to add one."""
_NEITHER = {
    "themes": LazyText("“{text}” is neither the id nor the name of a theme.").text,
    "bodies": LazyText("“{text}” is neither the id nor the name of a body.").text,
    "publications": LazyText("“{text}” is neither the id nor the title of a publication.").text,
    "recommendations": LazyText("“{text}” is neither the id nor the title of a recommendation.").text,
    "elements": LazyText("“{text}” is neither the id nor the title of a part.").text,
    "evidence": LazyText("“{text}” is neither the id nor the title nor the address of a source.").text,
}
_SEVERAL = {
    "themes": LazyText("{n} themes have the name “{text}”. Write the ID of the one that you mean: {candidates}.").text,
    "bodies": LazyText("{n} bodies have the name “{text}”. Write the ID of the one that you mean: {candidates}.").text,
    "publications": LazyText(
        "{n} publications have the title “{text}”. Write the ID of the one that you mean: {candidates}."
    ).text,
    "recommendations": LazyText(
        "{n} recommendations have the number or title “{text}”. Write the ID of the one that you mean: {candidates}."
    ).text,
    "elements": LazyText(
        "{n} parts have the title “{text}”. Write the ID of the one that you mean: {candidates}."
    ).text,
    "evidence": LazyText(
        "{n} sources have the title “{text}”. Write the ID of the one that you mean: {candidates}."
    ).text,
}
MAX_CANDIDATES = 5
"""How many things of one name a refusal lists."""
_ADD_FIRST = {
    "themes": LazyText("Add the themes that are missing, or correct the rows.").text,
    "bodies": LazyText("Add the bodies that are missing, or correct the rows.").text,
    "publications": LazyText("Add the publications that are missing, or correct the rows.").text,
    "recommendations": LazyText("Add the recommendations that are missing, or correct the rows.").text,
}


class NamedThing(Protocol):
    """Something with an id and names."""

    @property
    def id(self) -> str: ...


class NewThing(Struct, frozen=True):
    """A row that is not stored yet."""

    id: str
    title: str = ""
    name: str = ""
    short_name: str = ""


class FoundIds(Struct, frozen=True):
    """A cell with ids instead of names; why some of it is neither, and these names."""

    text: str
    reasons: tuple[Refusal, ...]
    names: tuple[str, ...]


def neither(kind: str, text: str, *, cure: str = "") -> Refusal:
    """Why a text names nothing; `kind` is that of a table of bundles."""
    return refusal(_NEITHER[kind], cure=cure, text=shown(text))


def several(kind: str, text: str, facts: Sequence[NamedThing]) -> Refusal:
    """Why a text does not say which of several things is meant, with their ids and what tells them apart."""
    listed = [_candidate(fact, text) for fact in facts[:MAX_CANDIDATES]]
    more = ["…"] if len(facts) > MAX_CANDIDATES else []
    return refusal(_SEVERAL[kind], n=len(facts), text=shown(text), candidates=", ".join(listed + more))


def _candidate(fact: NamedThing, typed: str) -> str:
    """An id, with the first name that is not the typed one, or with what it belongs to."""
    others = [name for name in names_of(fact) if fold(name) != fold(typed)]
    belongs = (getattr(fact, field, "") for field in ("parent", "publication", "publisher"))
    about = next((text for text in (*others, *belongs) if text), "")
    return f"{fact.id} ({about})" if about else fact.id


class KnownNames:
    """What a register and new rows of one kind have, by kind and by folded id and name."""

    def __init__(self, stored: Bundle, kind: str, new: Sequence[Mapping[str, str]]) -> None:
        self._named: dict[str, dict[str, dict[str, NamedThing]]] = {}
        """By kind and folded name, the things of this name by id."""
        self._ids: dict[str, set[str]] = {}
        for each in sorted(set(_REFERENCES.values())):
            rows = getattr(stored, each)
            # A body that was merged into another gives up its name.
            things: list[NamedThing] = [row.fact for row in rows if not getattr(row, "merged_into", "")]
            if each == kind:
                things += [NewThing(*(texts.get(name, "") for name in NewThing.__struct_fields__)) for texts in new]
            self._ids[each] = {thing.id for thing in things if thing.id} | {row.fact.id for row in rows}
            names: dict[str, dict[str, NamedThing]] = {}
            self._named[each] = names
            for thing in things:
                for name in filter(None, names_of(thing)):
                    names.setdefault(fold(name), {})[thing.id] = thing

    def find(self, column: str, text: str) -> FoundIds | None:
        """The ids of what a cell names; None if its column names nothing, or if it is empty."""
        kind = _REFERENCES.get(column)
        if kind is None or not text:
            return None
        whole = self._find(kind, text)
        if len(whole) == 1:
            return FoundIds(whole[0].id, (), ())
        parts = [part for line in text.splitlines() for part in line.split(";")] if column in _LISTS else [text]
        parts = [part.strip() for part in parts]
        if not all(parts):
            return None  # a list with an empty part is refused as such
        found = {part: self._find(kind, part) for part in parts}
        reasons = [several(kind, part, things) for part, things in found.items() if len(things) > 1]
        unknown = tuple(part for part, things in found.items() if not things)
        reasons += [neither(kind, part, cure=_ADD_FIRST[kind]) for part in unknown]
        ids = (things[0].id if len(things) == 1 else part for part, things in found.items())
        return FoundIds("; ".join(ids), tuple(reasons), unknown)

    def _find(self, kind: str, text: str) -> Sequence[NamedThing]:
        """Those that a text means; an id always means itself."""
        for ident in (text, fold(text)):
            if ident in self._ids[kind]:
                return [NewThing(ident)]
        return list(self._named[kind].get(fold(text), {}).values())


def makeable_kind(column: str) -> str:
    """The kind of what a column names, if a name is enough to add one; else empty."""
    kind = _REFERENCES.get(column, "")
    return kind if kind in _MAKEABLE else ""


def names_of(fact: NamedThing) -> Sequence[str]:
    """The title or name of a fact, and its short name and number, in every language."""
    fields = ("title", "name", "short_name", "number")
    texts = [str(getattr(fact, field)) for field in fields if getattr(fact, field, "")]
    translations: Mapping[str, Mapping[str, str]] = getattr(fact, "translations", {})
    return [*texts, *(named[field] for named in translations.values() for field in fields if named.get(field))]
