"""Codes, dates and numbers as words; the only filters that templates use."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_skeleton, get_timezone_location, match_skeleton
from babel.numbers import format_decimal, format_percent
from markupsafe import Markup

from app.presentation.i18n.languages import SOURCE, locale_of
from app.presentation.i18n.status_words import own_word
from app.presentation.i18n.translation import LazyText, gettext, page_language, with_particles
from domain.codes import (
    Bucket,
    Cause,
    Confidence,
    DeadlineState,
    Direction,
    Freshness,
    Kind,
    Motion,
    Position,
    Reason,
    RelationKind,
    SourceClass,
    Status,
)
from domain.errors import Refusal
from domain.times import first_day

_ = LazyText
STATUS: dict[str, LazyText] = {
    Status.NOT_ASSESSED: _("Not assessed"),
    Status.NO_ACTION: _("No action found"),
    Status.CONTRARY: _("Rejected or contrary"),
    Status.ANNOUNCED: _("Announced"),
    Status.IN_PROGRESS: _("In progress"),
    Status.PARTLY: _("Partly implemented"),
    Status.IMPLEMENTED: _("Implemented"),
    Status.IN_EFFECT: _("In effect"),
    Status.REVERSED: _("Reversed"),
    Status.SUPERSEDED: _("No longer applicable"),
    Status.UNVERIFIABLE: _("Cannot be determined"),
}
BUCKET: dict[str, LazyText] = {
    Bucket.DONE: _("Done"),
    Bucket.UNDER_WAY: _("Under way"),
    Bucket.NOT_DONE: _("Not done"),
    Bucket.NOT_RATED: _("Not rated"),
}
KIND: dict[str, LazyText] = {
    Kind.ONE_OFF: _("One-off: done once"),
    Kind.CONTINUING: _("Continuing: done only while it lasts"),
    Kind.OUTCOME: _("Outcome: a result to be reached"),
    Kind.RESTRAINT: _("Restraint: something to stop or not to do"),
}
KIND_NAME: dict[str, LazyText] = {
    "one-off": _("one-off"),
    "continuing": _("continuing"),
    "outcome": _("outcome"),
    "restraint": _("restraint"),
}
REASON: dict[str, LazyText] = {
    Reason.FIRST_ASSESSMENT: _("first assessment"),
    Reason.WORLD_CHANGED: _("the world changed"),
    Reason.NEW_EVIDENCE: _("new evidence"),
    Reason.OUR_CORRECTION: _("our correction"),
    Reason.METHOD_CHANGED: _("the method changed"),
    Reason.REVIEWED_NO_CHANGE: _("reviewed, no change"),
}
CAUSE: dict[str, LazyText] = {
    Cause.REPEALED: _("repealed"),
    Cause.EXPIRED: _("expired"),
    Cause.DEFUNDED: _("defunded"),
    Cause.OFFICE_VACANT: _("office vacant"),
    Cause.STRUCK_DOWN: _("struck down"),
    Cause.ENJOINED: _("enjoined"),
    Cause.NOT_ENFORCED: _("not enforced"),
    Cause.WAIVED: _("waived"),
    Cause.MANDATE_ENDED: _("mandate ended"),
    Cause.REPLACED_BY_CONTRARY_ACT: _("replaced by a contrary act"),
}
MOTION: dict[str, LazyText] = {
    Motion.ADVANCING: _("advancing"),
    Motion.STEADY: _("steady"),
    Motion.STALLED: _("stalled"),
    Motion.REGRESSING: _("regressing"),
}
WORDING: dict[str, LazyText] = {
    "explicit": _("It is said explicitly"),
    "implied": _("It follows from the text"),
    "inferred": _("The editors of this register read it from the text"),
}
"""Common values of the strength of a recommendation, which is a free text."""
CONFIDENCE: dict[str, LazyText] = {
    Confidence.LOW: _("low"),
    Confidence.MEDIUM: _("medium"),
    Confidence.HIGH: _("high"),
}
SOURCE_CLASS: dict[str, LazyText] = {
    SourceClass.OFFICIAL: _("Primary, official"),
    SourceClass.OFFICIAL_REPOST: _("Primary, official repost"),
    SourceClass.RECORD: _("Primary, record"),
    SourceClass.PRIMARY: _("Primary"),
    SourceClass.NEWS: _("Independent, news"),
    SourceClass.TRADE_PRESS: _("Independent, trade press"),
    SourceClass.ANALYSIS: _("Independent, analysis"),
    SourceClass.REPOST: _("Weak, repost"),
    SourceClass.AGGREGATOR: _("Weak, aggregator"),
    SourceClass.GENERAL_KNOWLEDGE: _("Weak, general knowledge"),
    SourceClass.NULL_SEARCH: _("Recorded search that found nothing"),
    SourceClass.UNCLASSIFIED: _("Not classified yet"),
}
SOURCE_CLASS_MEANING: dict[str, LazyText] = {
    SourceClass.OFFICIAL: _("Published by the body itself: a law, a decision, a statement, a dataset."),
    SourceClass.OFFICIAL_REPOST: _("The same text as the body published, on another site."),
    SourceClass.RECORD: _("A record of what was said or done: minutes, a vote, a court file."),
    SourceClass.PRIMARY: _("Another first-hand document, such as a letter or a witness statement."),
    SourceClass.NEWS: _("Reporting by a news organisation that is independent of the body."),
    SourceClass.TRADE_PRESS: _("Reporting by a specialised publication."),
    SourceClass.ANALYSIS: _("A study or report by researchers or an organisation."),
    SourceClass.REPOST: _("A copy of another text on a site that did not check it."),
    SourceClass.AGGREGATOR: _("A page that collects what others published."),
    SourceClass.GENERAL_KNOWLEDGE: _("Well known, without a document to cite."),
}
"""What each class of source is, for the person who chooses it."""
DIRECTION: dict[str, LazyText] = {
    Direction.ADVANCES: _("advances"),
    Direction.SETS_BACK: _("sets back"),
    Direction.NEUTRAL: _("neutral"),
    Direction.REVERSES: _("reverses"),
}
POSITION: dict[str, LazyText] = {
    Position.ACCEPTS: _("accepts"),
    Position.ACCEPTS_IN_PART: _("accepts in part"),
    Position.NOTES: _("takes note"),
    Position.REJECTS: _("rejects"),
    Position.DISPUTES: _("disputes"),
}
RELATION: dict[str, LazyText] = {
    RelationKind.RENEWS: _("renews"),
    RelationKind.SPLIT_FROM: _("split from"),
    RelationKind.MERGED_FROM: _("merged from"),
    RelationKind.SUPERSEDES: _("supersedes"),
    RelationKind.REPEATS: _("repeats"),
}
RELATION_INVERSE: dict[str, LazyText] = {
    RelationKind.RENEWS: _("renewed by"),
    RelationKind.SPLIT_FROM: _("split into"),
    RelationKind.MERGED_FROM: _("merged into"),
    RelationKind.SUPERSEDES: _("superseded by"),
    RelationKind.REPEATS: _("repeated by"),
}
"""The same relations as the other recommendation reads them."""
DEADLINE_STATE: dict[str, LazyText] = {
    DeadlineState.UPCOMING: _("Due within 90 days"),
    DeadlineState.OPEN: _("Due later"),
    DeadlineState.OVERDUE: _("Overdue"),
    DeadlineState.MET: _("Done in time"),
    DeadlineState.MET_LATE: _("Done late"),
}
DEADLINE_COUNT: dict[str, LazyText] = {
    DeadlineState.UPCOMING: _("due within 90 days"),
    DeadlineState.OPEN: _("due later"),
    DeadlineState.OVERDUE: _("overdue"),
    DeadlineState.MET: _("done in time"),
    DeadlineState.MET_LATE: _("done late"),
}
FRESHNESS: dict[str, LazyText] = {
    Freshness.CURRENT: _("current"),
    Freshness.DUE: _("review due soon"),
    Freshness.STALE: _("stale"),
}


_LABELS: dict[type, Mapping[str, LazyText]] = {
    Status: STATUS,
    Reason: REASON,
    Cause: CAUSE,
    Motion: MOTION,
    Confidence: CONFIDENCE,
    SourceClass: SOURCE_CLASS,
    Position: POSITION,
}


def status_word(status: str) -> str:
    """A status in the register's own words, if a page displays them, else in those of the methodology."""
    return own_word(status) or str(STATUS[status])


def code_text(value: object) -> str:
    """A value of a refusal in the reader's language: codes as labels, sentences translated, others unchanged."""
    if isinstance(value, tuple):
        return ", ".join(map(code_text, value))
    if isinstance(value, Refusal) and value.words:
        values = {name: code_text(inner) for name, inner in value.values.items()}
        return with_particles(gettext(value.words), values).format(**values)
    if words := _LABELS.get(type(value)):
        return str(words[str(value)])
    return str(KIND_NAME.get(str(value), value))


_DAY_PATTERNS = {
    ("en", "long"): {4: "y", 7: "MMMM y", 10: "d MMMM y"},
    ("en", "short"): {4: "y", 7: "MMM y", 10: "d MMM y"},
    ("ko", "long"): {4: "y년", 7: "y년 M월", 10: "y년 M월 d일"},
    ("ko", "short"): {4: "y년", 7: "y.M.", 10: "y.M.d."},
}
"""By the length of a written day: a year, a month or a day. Other languages take the patterns of their locale."""
_SKELETONS = {
    "long": {4: "y", 7: "yMMMM", 10: "yMMMMd"},
    "short": {4: "y", 7: "yMMM", 10: "yMMMd"},
}
_INSTANT_PATTERNS = {"en": "d MMMM y, HH:mm", "ko": "y년 M월 d일 HH:mm"}


def day(value: str | date | None, form: str = "long") -> Markup | str:
    """A day in a `time` element, as precise as it was entered."""
    if value is None or value == "":
        return ""
    return _day(value if isinstance(value, str) else value.isoformat(), form, page_language())


@lru_cache(maxsize=20_000)
def _day(text: str, form: str, language: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(text, _day_text(text, form, language))


def day_text(text: str, form: str = "long") -> str:
    """The same without markup."""
    return _day_text(text, form, page_language())


def on_day(text: str) -> Markup:
    """When something happened, in a `time` element: “on 2 March 2024”, “in March 2024”."""
    return Markup(_when(text)) % {"day": day(text)}  # noqa: S704 - a text of the interface, or its translation


def on_day_text(text: str) -> str:
    """The same without markup."""
    return _when(text) % {"day": day_text(text)}


def _when(text: str) -> str:
    return gettext("on %(day)s") if len(text) == len("2024-01-01") else gettext("in %(day)s")


@lru_cache(maxsize=20_000)
def _day_text(text: str, form: str, language: str) -> str:
    return str(format_date(first_day(text), _day_pattern(language, form, len(text)), locale=locale_of(language)))


def _day_pattern(language: str, form: str, length: int) -> str:
    if (language, form) in _DAY_PATTERNS:
        return _DAY_PATTERNS[language, form][length]
    locale = locale_of(language)
    if (form, length) == ("long", 10):
        return str(locale.date_formats["long"].pattern)
    skeleton = match_skeleton(_SKELETONS[form][length], locale.datetime_skeletons)
    return str(locale.datetime_skeletons[skeleton].pattern if skeleton else "y-MM-dd"[:length])


def day_short(value: str | date | None) -> Markup | str:
    return day(value, "short")


def month_day(text: str) -> str:
    """A day of every year, written as `09-30`."""
    day_of_year = date(2000, int(text[:2]), int(text[3:]))  # a leap year has all of them
    return str(format_skeleton("MMMMd", day_of_year, locale=locale_of(page_language())))


def instant(value: datetime) -> Markup:
    """An instant to the minute, in UTC."""
    return Markup('<time datetime="{}">{} UTC</time>').format(value.isoformat(), _instant_text(value, UTC))


def instant_on_clock(value: datetime, zone: str) -> Markup:
    """An instant to the minute on a clock that the page names."""
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), _instant_text(value, ZoneInfo(zone)))


_IN_CITY = _("%(at)s in %(city)s")


def local_instant(value: datetime, zone: str) -> Markup:
    """An instant to the minute on the clock of a register, with the name of its city."""
    city = get_timezone_location(zone, locale=locale_of(page_language()), return_city=True)
    return Markup(str(_IN_CITY)) % {"at": instant_on_clock(value, zone), "city": city}  # noqa: S704 - a text of the interface


def _instant_text(value: datetime, zone: tzinfo) -> str:
    language = page_language()
    pattern = _INSTANT_PATTERNS.get(language) or f"{_day_pattern(language, 'long', 10)} HH:mm"
    return str(format_datetime(value.astimezone(zone), pattern, locale=locale_of(language)))


def percent(pair: tuple[int, int]) -> str:
    """Whole percent of a numerator and a denominator; a dash if the denominator is 0."""
    n, of = pair
    if not of:
        return "–"
    whole, language = round(100 * n / of), page_language()
    if language == SOURCE:
        return f"{whole} %"
    return format_percent(whole / 100, locale=locale_of(language))


def whole_number(number: int) -> str:
    """A number with its thousands separated."""
    return str(format_decimal(number, locale=locale_of(page_language())))


def choices(words: Mapping[str, LazyText]) -> list[tuple[str, str]]:
    """Codes with their labels, as choices of a form field."""
    return [(str(code), str(label)) for code, label in words.items()]


def _label(words: Mapping[str, LazyText]) -> Callable[[str], str]:
    return lambda code: str(words.get(code, code))


FILTERS: dict[str, Callable[..., object]] = {
    "translated": gettext,
    "day": day,
    "day_short": day_short,
    "whole_number": whole_number,
    "on_day": on_day,
    "instant": instant,
    "percent": percent,
    "status_label": status_word,
    "precise_status": _label(STATUS),
    "bucket_label": _label(BUCKET),
    "kind_label": _label(KIND),
    "reason_label": _label(REASON),
    "cause_label": _label(CAUSE),
    "motion_label": _label(MOTION),
    "confidence_label": _label(CONFIDENCE),
    "source_class_label": _label(SOURCE_CLASS),
    "source_class_meaning": _label(SOURCE_CLASS_MEANING),
    "direction_label": _label(DIRECTION),
    "deadline_label": _label(DEADLINE_STATE),
    "deadline_count": _label(DEADLINE_COUNT),
    "freshness_label": _label(FRESHNESS),
    "position_label": _label(POSITION),
    "relation_label": _label(RELATION),
}
