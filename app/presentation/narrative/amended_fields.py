"""What an amendment changed, field by field: what this register said, and what it says now."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from markupsafe import Markup
from sqlalchemy import Connection

from app.presentation.i18n.event_names import EventNames, name_of
from app.presentation.i18n.event_sentences import addressee_words
from app.presentation.i18n.field_labels import LABELS
from app.presentation.i18n.labels import code_text, day_text
from app.presentation.i18n.localize import isolated, localized, original, wording
from app.presentation.i18n.translation import LazyText, _
from app.presentation.narrative.said_and_now import SaidAndNow
from domain.values import Addressee, Author
from projections.addressees.queries import NOT_ASKED, asked
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.changes.queries import PublicChange

NAMED = {
    "theme": "theme",
    "parent": "body",
    "addressees": "body",
    "publication": "publication",
    "also_in": "publication",
}
"""The fields that hold ids, with the kind of what they name."""
DAYS = ("published_on", "accessed_on", "recommended_on", "evidence_to", "as_of", "anniversary_of")
LABEL_OF = LABELS | {"source_class": LazyText("Kind of source"), "accessed_on": LazyText("Accessed on")}
FIELDS = {"recommendation": "facts", "element": "element"}
"""The field with the fact itself, in an entry of the catalogue."""


def amended_fields(
    db: Connection, entry: RegisterEntry, change: PublicChange, before: datetime, names: EventNames
) -> tuple[SaidAndNow, ...]:
    """The fields that an amendment changed, as known at the instant `before` it and at its own."""
    if change.kind == "addressees_amended":
        said, now = (_addressees(db, entry, change, at, names) for at in (before, change.at))
        return (SaidAndNow(said, now, _("Asked of")),) if said != now else ()
    old, new = _fact(db, entry, change, before), _fact(db, entry, change, change.at)
    if old is None or new is None:
        return ()
    return tuple(
        SaidAndNow(*_both(old, new, field, names), str(LABEL_OF[field]))
        for field in LABEL_OF
        if getattr(old, field, None) != getattr(new, field, None) and field != "scales"
    )


def _fact(db: Connection, entry: RegisterEntry, change: PublicChange, at: datetime) -> Any:
    kind = change.kind.partition("_")[0]
    if kind == "register":
        return entry.as_known(at).settings
    ident = change.subject or change.recommendation
    if kind == "element":
        ident = f"{change.recommendation}/{change.element}"
    fact = catalogue.fact_of(db, entry.id, kind, at, ident)
    return getattr(fact, FIELDS[kind]) if fact and kind in FIELDS else fact


def _both(old: Any, new: Any, field: str, names: EventNames) -> tuple[Markup | str, Markup | str]:
    """In the language of the page if it has both versions there, else as they were written."""
    said, now = _value(old, field, names), _value(new, field, names)
    if said == now:
        return _quoted(original(getattr(old, field))), _quoted(original(getattr(new, field)))
    return said, now


def _value(fact: Any, field: str, names: EventNames) -> Markup | str:
    value = getattr(fact, field)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if not value:
        return _("nothing")
    if field in NAMED:
        ids = value if isinstance(value, tuple) else (value,)
        return Markup("; ").join(name_of(names, NAMED[field], ident) for ident in ids)
    if field in DAYS:
        return day_text(value)
    if isinstance(value, StrEnum | int):
        return code_text(value)
    if isinstance(value, tuple):
        return "; ".join(_author_words(one) if isinstance(one, Author) else one for one in value)
    if field == "strength":
        return wording(value)
    return _quoted(localized(fact, field))


def _author_words(author: Author) -> str:
    more = ", ".join(text for text in (author.orcid, author.affiliation) if text)
    return f"{author.name} ({more})" if more else author.name


def _quoted(text: Markup | str) -> Markup | str:
    """Without the full stop of its own, because a sentence goes on after it."""
    return _("“%(text)s”", text=isolated(text) if isinstance(text, Markup) else text.removesuffix("."))


def _addressees(
    db: Connection, entry: RegisterEntry, change: PublicChange, at: datetime, names: EventNames
) -> Markup | str:
    of = asked(db, entry.id, at, [change.recommendation]).get(change.recommendation, NOT_ASKED)
    rows = of.rows or [Addressee(body=body) for body in of.stated]
    return Markup("; ").join(addressee_words(row, change.recommendation, names) for row in rows)
