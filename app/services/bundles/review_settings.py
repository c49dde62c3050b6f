"""The reviews among a register's settings: once at a day, or every so many years."""

from typing import Any

from app.services.bundles.columns import REVIEW_COLUMNS
from app.services.bundles.converting import parse_id
from app.services.bundles.setting_checks import SettingsChecker
from domain.times import full_day
from domain.values import ReviewSchedule

_TEXTS = ("id", "title", "title_ko", "as_of", "anniversary_of")


def read_reviews(data: Any, check: SettingsChecker) -> tuple[ReviewSchedule, ...]:
    """The reviews; what is wrong with them is said to `check`."""
    if not isinstance(data, list):
        check.say("reviews", "a list is needed.")
        return ()
    found: list[ReviewSchedule] = []
    first: dict[str, int] = {}
    for n, entry in enumerate(data, 1):
        where = f"reviews[{n}]."
        if not isinstance(entry, dict):
            check.say(where[:-1], "an object is needed.")
            continue
        review = _review(entry, where, check)
        if review.id and first.setdefault(review.id, n) != n:
            check.say(where + "id", f"“{review.id}” is the id of review {first[review.id]} already.")
        found.append(review)
    return tuple(found)


def _review(entry: dict[str, Any], where: str, check: SettingsChecker) -> ReviewSchedule:
    check.unknown(entry, REVIEW_COLUMNS, where)
    texts = {key: check.text(entry, key, required=key in ("id", "title"), where=where) for key in _TEXTS}
    check.run(where + "id", parse_id, texts["id"])
    for key in ("as_of", "anniversary_of"):
        check.run(where + key, full_day, texts[key])
    numbers = {key: _years(entry, key, where, check) for key in ("years", "every_years")}
    given = {key for key, value in entry.items() if value not in ("", None)}
    once, recurring = "as_of" in given, "every_years" in given
    if once == recurring or (recurring and "anniversary_of" not in given):
        check.say(where[:-1], "give either one as_of, or anniversary_of with every_years.")
    elif "years" in given and (recurring or "anniversary_of" not in given):
        check.say(where + "years", "it goes with as_of and anniversary_of, as the years between them.")
    return ReviewSchedule(**texts, **numbers)  # type: ignore[arg-type]


def _years(entry: dict[str, Any], key: str, where: str, check: SettingsChecker) -> int | None:
    value = entry.get(key)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 1000):
        check.say(where + key, "a whole number of years from 1 is needed.")
        return None
    return value
