"""Which fields of a fact may be amended, and when a reason is required."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from hashlib import sha256

import msgspec

from domain.errors import Conflict, Refusal, Refused, refusal
from domain.times import first_day, full_day
from domain.values import (
    Body,
    Element,
    Publication,
    RecommendationFacts,
    RegisterSettings,
    ReviewSchedule,
    Theme,
    TranslatedFact,
    translations_by_name,
)

CHANGEABLE_FIELDS: dict[type[TranslatedFact], tuple[str, ...]] = {
    RegisterSettings: (
        *("title", "summary", "languages", "time_zone", "methodology", "peer_review", "evidence_to"),
        *("kept_by", "contact", "report_errors", "licence", "funded_by", "scales", "default_scale", "fictional"),
        *("ror", "authors", "colour", "doi", "cite_as"),
    ),
    Theme: ("title", "position"),
    Publication: ("title", "authors", "publisher", "published_on", "url", "language"),
    Body: ("name", "short_name", "parent", "position"),
    ReviewSchedule: ("title", "as_of", "anniversary_of", "years", "every_years"),
    RecommendationFacts: (
        *("title", "summary", "kind", "theme", "addressees", "instruments"),
        *("publication", "also_in", "locator", "recommended_on", "aliases", "strength", "indicators"),
        *("number", "position", "priority"),
    ),
    Element: ("title", "kind", "core", "done_when"),
}
"""The other fields never change, because ids refer to them."""
REQUIRED_FIELDS = (
    *("title", "name", "summary", "done_when", "publisher", "published_on"),
    *("theme", "addressees", "publication", "recommended_on"),
)
"""Fields that may not become empty."""


def fact_tag(fact: TranslatedFact) -> str:
    """A digest that changes with a fact: it names the fact that a person saw."""
    return sha256(msgspec.json.encode(fact)).hexdigest()[:16]


def refuse_unless_seen(current: TranslatedFact | None, expected_tag: str) -> None:
    """Raise `Conflict` if a fact is another one than the person saw; an empty tag accepts any."""
    if expected_tag and current and fact_tag(current) != expected_tag:
        raise Conflict(refusal("This changed after you opened the form. Check it and send it again."))


def names_of_translations(kind: type[TranslatedFact], languages: Iterable[str]) -> dict[str, tuple[str, str]]:
    """The field and language of every translation that can be amended, by its name `<field>_<language>`."""
    fields = [name for name in CHANGEABLE_FIELDS[kind] if name in kind.TRANSLATED]
    return {f"{field}_{language}": (field, language) for field in fields for language in languages}


def amendment_refusals(
    before: TranslatedFact, after: TranslatedFact, why: str, checked: tuple[str, ...], *, is_open: bool
) -> list[Refusal]:
    """Why a fact cannot replace its earlier version; empty if it can.

    `checked` names translations that someone read again and found still right. In an open register an amendment needs
    a reason; a translation needs none, because the original is what counts.
    """
    return list(_refusals(before, after, why, checked, is_open))


def _refusals(
    before: TranslatedFact, after: TranslatedFact, why: str, checked: tuple[str, ...], is_open: bool
) -> Iterator[Refusal]:
    changed = [name for name in before.__struct_fields__ if getattr(before, name) != getattr(after, name)]
    translations = translations_by_name(after)
    for name in changed:
        if name != "translations":
            yield from _field_refusals(name, before, after, is_open)
    if not changed and not checked:
        yield refusal("You have not changed anything.")
    for name in checked:
        if name not in translations:
            yield refusal("There is no translation “{name}” to mark as checked.", name=name)
    if is_open and not why.strip() and any(name != "translations" for name in changed):
        yield refusal("Enter why you changed it. The reason is public.", field="why")
    yield from _day_refusals(after)


def _field_refusals(name: str, before: TranslatedFact, after: TranslatedFact, is_open: bool) -> Iterator[Refusal]:
    """Why a field cannot have its new value."""
    if name not in CHANGEABLE_FIELDS[type(before)]:
        yield refusal("“{name}” cannot be changed, because other facts refer to it.", name=name, field=name)
    elif name == "time_zone" and is_open:
        yield refusal("The time zone of an open register cannot change: its days were counted in it.", field=name)
    elif name == "languages" and is_open:
        yield from _language_refusals(getattr(before, name), getattr(after, name))
    elif name in REQUIRED_FIELDS and getattr(before, name) and not getattr(after, name):
        yield refusal("Enter a value. This cannot be empty.", field=name)


def _language_refusals(before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[Refusal]:
    if before[:1] != after[:1]:
        yield refusal("The language of the originals of an open register cannot change.", field="languages")
    for code in before[1:]:
        if code not in after:
            yield refusal(
                "“{language}” cannot be removed: the register is open, and texts in it are public.",
                language=code,
                field="languages",
            )


def _day_refusals(fact: TranslatedFact) -> Iterator[Refusal]:
    for name in ("published_on", "evidence_to", "recommended_on"):
        if text := getattr(fact, name, ""):
            yield from _date_refusals(first_day, text, name)
    if isinstance(fact, ReviewSchedule):
        yield from schedule_refusals(fact)


def schedule_refusals(review: ReviewSchedule) -> Iterator[Refusal]:
    """Why a schedule is not valid. A review happens once, or recurs every so many years, but never both."""
    if not review.title.strip():
        yield refusal("Enter a title for the review.", field="title")
    for name in ("as_of", "anniversary_of"):
        if text := getattr(review, name):
            yield from _date_refusals(full_day, text, name)
    if bool(review.as_of) == (review.every_years is not None):
        yield refusal("Enter either one day, or an anniversary and how often it repeats in years.", field="as_of")
    elif review.every_years is not None and not review.anniversary_of:
        yield refusal("Enter the day of which it is the anniversary.", field="anniversary_of")
    elif review.years is not None and (review.every_years is not None or not review.anniversary_of):
        yield refusal(
            "Enter the years only together with one day and the day of which it is the anniversary.", field="years"
        )
    for name in ("years", "every_years"):
        if (number := getattr(review, name)) is not None and not 1 <= number <= 1000:
            yield refusal("Enter a whole number of years, 1 or more.", field=name)


def _date_refusals(read: Callable[[str], date], text: str, name: str) -> Iterator[Refusal]:
    try:
        read(text)
    except Refused as refused:
        yield refused.refusals[0].about(name)
