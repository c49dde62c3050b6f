"""Reads the reviews among a register's settings: on one day, or every so many years."""

from collections.abc import Mapping, Sequence

from app.services.bundles.columns import REVIEW_COLUMNS
from app.services.bundles.converting import parse_id
from app.services.bundles.setting_checks import SettingsChecker
from app.services.bundles.setting_translations import read_translations
from domain.errors import refusal
from domain.times import full_day
from domain.values import ReviewSchedule

_TEXTS = ("id", "title", "as_of", "anniversary_of")


def read_reviews(data: object, languages: Sequence[str], checker: SettingsChecker) -> tuple[ReviewSchedule, ...]:
    """Return the reviews; problems go to `checker`."""
    if not isinstance(data, list):
        checker.add("reviews", refusal("enter a list."))
        return ()
    reviews: list[ReviewSchedule] = []
    first: dict[str, int] = {}
    for n, entry in enumerate(data, 1):
        where = f"reviews[{n}]."
        if not isinstance(entry, dict):
            checker.add(where[:-1], refusal("enter an object."))
            continue
        review = _review(entry, where, languages, checker)
        if review.id and first.setdefault(review.id, n) != n:
            checker.add(
                where + "id", refusal("“{text}” is the id of review {n} already.", text=review.id, n=first[review.id])
            )
        reviews.append(review)
    return tuple(reviews)


def _review(
    entry: Mapping[str, object], where: str, languages: Sequence[str], checker: SettingsChecker
) -> ReviewSchedule:
    translations = read_translations(entry, ReviewSchedule.TRANSLATED, languages, checker, where)
    checker.refuse_unknown(entry, (*REVIEW_COLUMNS, *translations.names), where)
    texts = {key: checker.text(entry, key, required=key in ("id", "title"), where=where) for key in _TEXTS}
    checker.run(where + "id", parse_id, texts["id"])
    for key in ("as_of", "anniversary_of"):
        checker.run(where + key, full_day, texts[key])
    numbers = {key: _years(entry, key, where, checker) for key in ("years", "every_years")}
    filled = {key for key, value in entry.items() if value not in ("", None)}
    is_single, is_recurring = "as_of" in filled, "every_years" in filled
    if is_single == is_recurring or (is_recurring and "anniversary_of" not in filled):
        checker.add(where[:-1], refusal("enter either as_of, or anniversary_of with every_years."))
    elif "years" in filled and (is_recurring or "anniversary_of" not in filled):
        checker.add(where + "years", refusal("it goes with as_of and anniversary_of, as the years between them."))
    return ReviewSchedule(
        id=texts["id"],
        title=texts["title"],
        translations=translations.texts,
        as_of=texts["as_of"],
        anniversary_of=texts["anniversary_of"],
        years=numbers["years"],
        every_years=numbers["every_years"],
    )


def _years(entry: Mapping[str, object], key: str, where: str, checker: SettingsChecker) -> int | None:
    value = entry.get(key)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 1000):
        checker.add(where + key, refusal("enter a whole number of years, 1 or more."))
        return None
    return value
