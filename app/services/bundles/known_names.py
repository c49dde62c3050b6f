"""Finds the ids of what a cell names: by id, or by title or name in any language."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from app.presentation.i18n.translation import LazyText
from app.services.bundles.rows import Bundle
from app.services.bundles.words import fold
from domain.errors import Refusal, refusal
from domain.times import shown
from domain.values import TranslatedFact

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
}
_ADD_FIRST = {
    "themes": LazyText("Add the themes that are missing, or correct the rows.").text,
    "bodies": LazyText("Add the bodies that are missing, or correct the rows.").text,
    "publications": LazyText("Add the publications that are missing, or correct the rows.").text,
    "recommendations": LazyText("Add the recommendations that are missing, or correct the rows.").text,
}


class FoundIds(Struct, frozen=True):
    """A cell with ids instead of names; why some of it is neither, and these names."""

    text: str
    reasons: tuple[Refusal, ...]
    names: tuple[str, ...]


class KnownNames:
    """What a register and new rows of one kind have, by kind and by folded id and name."""

    def __init__(self, stored: Bundle, kind: str, new: Sequence[Mapping[str, str]]) -> None:
        self._ids: dict[str, dict[str, str]] = {}
        """An empty id stands for several things of one name."""
        for each in sorted(set(_REFERENCES.values())):
            self._ids[each] = names = dict[str, str]()
            for row in getattr(stored, each):
                for name in names_of(row.fact):
                    self._add(names, name, row.fact.id)
        if kind in self._ids:
            for texts in new:
                for name in (texts.get("title", ""), texts.get("name", ""), texts.get("short_name", "")):
                    self._add(self._ids[kind], name, texts.get("id", ""))
        for each, names in self._ids.items():  # an id always means itself
            own = [texts.get("id", "") for texts in new] if each == kind else []
            names |= {ident: ident for ident in (*(row.fact.id for row in getattr(stored, each)), *own) if ident}

    def find(self, column: str, text: str) -> FoundIds | None:
        """The ids of what a cell names; None if its column names nothing, or if it is empty."""
        kind = _REFERENCES.get(column)
        if kind is None or not text:
            return None
        if ident := self._find(kind, text):
            return FoundIds(ident, (), ())
        parts = [part for line in text.splitlines() for part in line.split(";")] if column in _LISTS else [text]
        parts = [part.strip() for part in parts]
        if not all(parts):
            return None  # a list with an empty part is refused as such
        found = {part: self._find(kind, part) for part in parts}
        unknown = tuple(part for part, ident in found.items() if not ident)
        reasons = tuple(refusal(_NEITHER[kind], cure=_ADD_FIRST[kind], text=shown(part)) for part in unknown)
        return FoundIds("; ".join(ident or part for part, ident in found.items()), reasons, unknown)

    def _find(self, kind: str, text: str) -> str:
        return self._ids[kind].get(text) or self._ids[kind].get(fold(text), "")

    @staticmethod
    def _add(names: dict[str, str], name: str, ident: str) -> None:
        if name:
            folded = fold(name)
            names[folded] = ident if names.get(folded, ident) == ident else ""


def makeable_kind(column: str) -> str:
    """The kind of what a column names, if a name is enough to add one; else empty."""
    kind = _REFERENCES.get(column, "")
    return kind if kind in _MAKEABLE else ""


def names_of(fact: TranslatedFact) -> Sequence[str]:
    """The title or name of a fact, and its short name and number, in every language."""
    fields = ("title", "name", "short_name", "number")
    texts = [str(getattr(fact, field)) for field in fields if getattr(fact, field, "")]
    return [*texts, *(named[field] for named in fact.translations.values() for field in fields if named.get(field))]
