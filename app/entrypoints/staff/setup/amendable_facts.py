"""The facts that can be amended in the browser, and their conversion to forms and back."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from app.entrypoints.staff.forms import Form, is_translation
from app.entrypoints.staff.typed_days import parse_day
from app.services.bundles.author_settings import author_lines, parse_author_lines
from app.services.bundles.languages import check_language
from app.services.bundles.problems import BundleProblem
from app.services.bundles.scale_settings import read_scales, write_scale
from app.services.bundles.setting_checks import SettingsChecker
from domain import commands as c
from domain.amendments import CHANGEABLE_FIELDS, fact_tag
from domain.codes import Kind, PeerReview
from domain.errors import NotFound, Refusal, Refused, refusal
from domain.text import in_one_line, is_one_line
from domain.values import (
    Author,
    Body,
    DevelopmentFacts,
    DisplayScale,
    RegisterSettings,
    TranslatedFact,
    arrange_translations,
    translations_by_name,
)
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at

FindIds = Callable[[Mapping[str, str]], dict[str, str]]
"""Takes the texts of a form by field, and returns them with ids instead of names. Raises `Refused` by field."""
FactT = TypeVar("FactT", bound=TranslatedFact)


class AmendableFact(Struct, frozen=True):
    """A stored fact: its kind as in the address, its id, and the recommendation of an element."""

    kind: str
    id: str
    fact: TranslatedFact
    recommendation: str = ""

    @property
    def key(self) -> str:
        return f"{self.recommendation or self.id}.{self.id}" if self.kind == "elements" else self.id

    @property
    def tag(self) -> str:
        """A digest that changes with the fact."""
        return fact_tag(self.fact)

    def command(self, register: str, fact: TranslatedFact, why: str = "", checked: tuple[str, ...] = ()) -> c.Command:
        """The command that replaces this fact, and no later version of it."""
        target = (
            {"recommendation": self.recommendation or self.id} if self.kind in ("recommendations", "elements") else {}
        )
        return COMMANDS[self.kind](register, fact=fact, why=why, checked=checked, expected_tag=self.tag, **target)


COMMANDS: dict[str, Callable[..., c.Command]] = {
    "settings": c.AmendRegister,
    "publications": c.AmendPublication,
    "bodies": c.AmendBody,
    "themes": c.AmendTheme,
    "recommendations": c.AmendRecommendation,
    "elements": c.AmendElement,
    "reviews": c.AmendReview,
}
LISTS = ("authors", "instruments", "aliases", "indicators", "addressees", "also_in")
NUMBER_HINTS = dict.fromkeys(("years", "every_years"), "Enter a whole number of years, 1 or more.") | {
    "position": "Enter a whole number."
}
DAYS = ("published_on", "recommended_on", "evidence_to", "as_of", "anniversary_of", "date")
LONG_TEXTS = ("scales", "summary", "done_when", "cite_as")


def stored_facts(db: Connection, register: str, kind: str) -> list[AmendableFact]:
    """Returns the current facts of a kind, in the order of the record. Raises `NotFound` for an unknown kind."""
    known_at = last_applied_at(db)
    match kind:
        case "settings":
            entry = catalogue.register(db, register)
            return [AmendableFact(kind, register, entry.settings)] if entry else []
        case "recommendations":
            return [
                AmendableFact(kind, i, e.facts) for i, e in catalogue.recommendations(db, register, known_at).items()
            ]
        case "elements":
            elements = catalogue.elements(db, register, known_at)
            return [AmendableFact(kind, e.element.id, e.element, e.recommendation) for e in elements]
        case "developments":
            return [AmendableFact(kind, d.id, d) for d in catalogue.developments(db, register, known_at)]
    queries: dict[str, Callable[[Connection, str, datetime], Mapping[str, TranslatedFact]]] = {
        "publications": catalogue.publications,
        "bodies": catalogue.bodies,
        "themes": catalogue.themes,
        "reviews": catalogue.reviews,
    }
    if kind not in queries:
        raise NotFound(
            refusal("You cannot change “{kind}” here. Use one of: {known}.", kind=kind, known=", ".join(COMMANDS))
        )
    return [AmendableFact(kind, i, fact) for i, fact in queries[kind](db, register, known_at).items()]


def title_field(fact: TranslatedFact) -> str:
    """The field by which a list names a fact."""
    return "name" if isinstance(fact, Body) else "summary" if isinstance(fact, DevelopmentFacts) else "title"


def form_values_of(fact: TranslatedFact) -> dict[str, str]:
    """Returns the changeable values of a fact as form texts; lists are separated by semicolons."""
    values = {name: _text(getattr(fact, name)) for name in CHANGEABLE_FIELDS[type(fact)]} | translations_by_name(fact)
    in_lines = {name for name in values if is_one_line(name) and not has_lines(type(fact), name)}
    return {name: in_one_line(text) if name in in_lines else text for name, text in values.items()}


def has_lines(kind: type[TranslatedFact], field: str) -> bool:
    """Whether a field is typed in several lines."""
    return field in LONG_TEXTS or (kind is RegisterSettings and field == "authors")


def read_fact(form: Form, before: FactT, find_ids: FindIds = dict) -> FactT:
    """Returns the fact with the typed values; `find_ids` reads names as ids. Raises `Refused` by field."""
    problems, values = list[Refusal](), dict[str, object]()
    texts = {name: form[name] for name in CHANGEABLE_FIELDS[type(before)]}
    try:
        texts = find_ids(texts)
    except Refused as refused:
        problems += refused.refusals
    for name, text in texts.items():
        try:
            values[name] = _reader(type(before), name)(text)
        except Refused as refused:
            problems += [reason.about(name) for reason in refused.refusals]
        except ValueError:
            problems.append(refusal(NUMBER_HINTS[name], field=name))
    if problems:
        raise Refused(*problems)
    return with_translations(replace(before, **values), form)


def with_translations(fact: FactT, form: Form) -> FactT:
    """Returns the fact with the translations in the form; those that the form does not show stay."""
    texts = translations_by_name(fact)
    names = {f"{field}_{code}": (code, field) for code, texts in fact.translations.items() for field in texts}
    for field in fact.TRANSLATED:
        names |= {n: (n.removeprefix(f"{field}_"), field) for n in form.values if is_translation(n, field)}
    return replace(
        fact,
        translations=arrange_translations(
            (code, field, form.values.get(name, texts.get(name, ""))) for name, (code, field) in names.items()
        ),
    )


def _text(value: object) -> str:
    if isinstance(value, tuple) and value and isinstance(value[0], Author):
        return author_lines(value)
    if isinstance(value, tuple) and value and isinstance(value[0], DisplayScale):
        return json.dumps([write_scale(scale) for scale in value], ensure_ascii=False, indent=1)
    if isinstance(value, bool):
        return "yes" if value else ""
    return "; ".join(value) if isinstance(value, tuple) else str("" if value is None else value)


def _scales(text: str) -> tuple[DisplayScale, ...]:
    """Returns the display scales in a text of JSON. Raises `Refused`."""
    try:
        data = json.loads(text or "[]")
    except (ValueError, RecursionError):
        raise Refused(refusal("The display scales are not JSON. Copy the form of the example.")) from None
    wrong: list[BundleProblem] = []
    scales = read_scales(data, SettingsChecker(lambda place: ("", 0, place), wrong))
    if wrong:
        raise Refused(*(refusal("{place}: {why}", place=p.column, why=p.reason) for p in wrong))
    return scales


def _authors(text: str) -> tuple[Author, ...]:
    return tuple(Author(**fields) for fields in parse_author_lines(text))


def _languages(text: str) -> tuple[str, ...]:
    """Returns the codes in a text. Raises `Refused` for one of no known language."""
    return tuple(check_language(part.strip()) for part in text.split(";") if part.strip())


def _kind(text: str) -> Kind:
    if text not in set(Kind):
        raise Refused(refusal("Choose a kind."))
    return Kind(text)


_READERS: dict[str, Callable[[str], object]] = {"scales": _scales, "languages": _languages, "kind": _kind}
_READERS |= dict.fromkeys(DAYS, parse_day)


def _reader(kind: type[TranslatedFact], name: str) -> Callable[[str], object]:
    if kind is RegisterSettings and name == "authors":
        return _authors
    return _READERS.get(name) or partial(_value, name)


def _value(name: str, text: str) -> tuple[str, ...] | int | str | None:
    if name in LISTS:
        return tuple(part.strip() for part in text.split(";") if part.strip())
    if name in ("years", "every_years", "position"):
        return int(text) if text else None
    if name in ("core", "priority", "fictional"):
        return text == "yes"
    return PeerReview(text) if name == "peer_review" and text in set(PeerReview) else text
