"""The words of the interface for codes, columns and tables, as people find them in sheets of any language."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from enum import EnumType, StrEnum
from functools import cache
from typing import cast

from app.presentation.i18n import labels
from app.presentation.i18n.field_labels import LABELS
from app.presentation.i18n.languages import LANGUAGES
from app.presentation.i18n.translation import LazyText, catalogue
from domain.codes import Cause, Confidence, Direction, Kind, Motion, Position, Reason, RelationKind, SourceClass, Status

_ = LazyText
_SPACES = re.compile(r"[\s_\-–]+")
_CODE_LABELS = {
    Status: labels.STATUS,
    Kind: labels.KIND,
    Reason: labels.REASON,
    Cause: labels.CAUSE,
    Motion: labels.MOTION,
    Confidence: labels.CONFIDENCE,
    SourceClass: labels.SOURCE_CLASS,
    Direction: labels.DIRECTION,
    Position: labels.POSITION,
    RelationKind: labels.RELATION,
}
_COLUMN_LABELS: dict[str, tuple[LazyText, ...]] = {
    **{name: (label,) for name, label in LABELS.items()},
    "id": (_("Id"),),
    "recommendation": (_("Recommendation"),),
    "element": (_("Part"),),
    "counts": (_("What counts"),),
    "does_not_count": (_("What does not count"),),
    "sources_needed": (_("Sources needed"),),
    "source_class": (_("Kind of source"), _("Class")),
    "url": (_("Address"), _("Link")),
    "accessed_on": (_("Read on"),),
    "status": (_("Status"), _("New status")),
    "effective_on": (_("In force from"),),
    "reason": (_("Reason"),),
    "cause": (_("Cause"),),
    "motion": (_("Motion"),),
    "confidence": (_("Confidence"),),
    "statement": (_("Where it is now"),),
    "rationale": (_("Rationale"),),
    "evidence": (_("Evidence"), _("Sources")),
    "window_from": (_("Window from"),),
    "window_to": (_("Window to"),),
    "review_by": (_("Review by"),),
    "assessment": (_("Assessment"),),
    "replaced_by": (_("Replaced by"),),
    "recommendations": (_("Recommendations"),),
    "body": (_("Body"),),
    "given_on": (_("Given on"),),
    "due_on": (_("Due date"), _("Deadline")),
    "stated_on": (_("Stated on"),),
    "stated_by": (_("Stated by"),),
    "note": (_("Note"),),
    "relation": (_("Relation"),),
    "to": (_("The other recommendation"),),
    "role": (_("Role"),),
    "from_on": (_("For dates from"),),
    "to_on": (_("For dates to"),),
    "version": (_("Version"),),
    "date": (_("Day"),),
    "direction": (_("Direction"),),
    "from": (_("Recommendation"),),
    "on": (_("Related from"),),
}
_TABLE_LABELS: dict[str, tuple[LazyText, ...]] = {
    "register": (_("Register"),),
    "reviews": (_("Reviews"),),
    "themes": (_("Themes"),),
    "publications": (_("Publications"),),
    "bodies": (_("Bodies"),),
    "recommendations": (_("Recommendations"),),
    "elements": (_("Parts of recommendations"), _("Parts")),
    "cards": (_("Success criteria"),),
    "evidence": (_("Evidence"), _("Sources")),
    "assessments": (_("Assessments"),),
    "developments": (_("Developments"),),
    "responses": (_("Responses"),),
    "deadlines": (_("Deadlines"),),
    "addressees": (_("Addressees"),),
}
_YES = (_("yes"),)
_NO = (_("no"),)
_ALIKE = 0.8


def fold(text: str) -> str:
    """A text without regard to letter case, width, and how its words are separated."""
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip(" :*")


@cache
def codes_by_word(codes: EnumType) -> dict[str, StrEnum]:
    """The codes of a set by their folded names and labels in every language, without words for several of them."""
    named: dict[str, set[StrEnum]] = {}
    kind = cast("type[StrEnum]", codes)
    words = _CODE_LABELS.get(kind, {})
    for code in kind:
        label = words.get(code)
        for word in {fold(code), *(_label_words(label) if label else ())}:
            named.setdefault(word, set()).add(code)
    return {word: found.pop() for word, found in named.items() if len(found) == 1}


@cache
def answers_by_word() -> dict[str, bool]:
    """The words for yes and no."""
    yes = {word: True for label in _YES for word in _label_words(label)} | {"y": True, "true": True}
    return yes | {word: False for label in _NO for word in _label_words(label)} | {"n": False, "false": False}


def match_column(heading: str, names: Iterable[str]) -> str:
    """The column, of those with these names, that a heading names in any language; empty if none does."""
    return _match(heading, names, _COLUMN_LABELS)


def column_label(name: str) -> str:
    """What people call a column, in the page's language."""
    return str(_COLUMN_LABELS[name][0])


def code_labels(codes: EnumType) -> list[tuple[str, str]]:
    """The codes of a set with their labels, as choices of a form field."""
    return labels.choices(_CODE_LABELS[cast("type[StrEnum]", codes)])


def match_table(title: str, names: Iterable[str]) -> str:
    """The table that the title of a sheet names in any language; empty if none does."""
    return _match(title, names, _TABLE_LABELS)


def similar_name(text: str, names: Iterable[str]) -> str:
    """The name that a text is probably a misspelling of; empty if there is none."""
    by_word = {fold(name): name for name in names}
    found = get_close_matches(fold(text), by_word, n=1, cutoff=_ALIKE)
    return by_word[found[0]] if found else ""


def _match(text: str, names: Iterable[str], named: dict[str, tuple[LazyText, ...]]) -> str:
    folded = fold(text)
    by_name = {fold(name): name for name in names}
    if folded in by_name:
        return by_name[folded]
    found = [name for name in by_name.values() if folded in _words_of(named.get(name, ()))]
    return found[0] if len(found) == 1 else ""


@cache
def _words_of(label_texts: tuple[LazyText, ...]) -> frozenset[str]:
    return frozenset(word for label in label_texts for word in _label_words(label))


def _label_words(label: LazyText) -> Iterator[str]:
    """The folded words of a label in every language, and what is before its explanation."""
    for language in LANGUAGES:
        text = str(catalogue(language).gettext(label.text))
        yield fold(text)
        yield fold(text.partition(":")[0])
