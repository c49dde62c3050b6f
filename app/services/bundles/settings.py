"""Reads the settings of a register from plain values, from JSON or a spreadsheet."""

from datetime import datetime
from functools import cache
from zoneinfo import available_timezones

from app.presentation.i18n.translation import LazyText
from app.services.bundles.author_settings import read_authors
from app.services.bundles.converting import parse_id
from app.services.bundles.logo_settings import read_logo_words
from app.services.bundles.problems import BundleProblem
from app.services.bundles.reserved_ids import is_reserved
from app.services.bundles.review_settings import read_reviews
from app.services.bundles.scale_settings import read_scales
from app.services.bundles.setting_checks import FindPlace, SettingsChecker
from app.services.bundles.setting_translations import read_languages, read_translations
from domain.codes import PeerReview
from domain.errors import Refused, refusal
from domain.methodology.versions import VERSIONS
from domain.register.publisher_rules import normal_settings
from domain.register.settings_rules import settings_refusals
from domain.text import without_invisible
from domain.times import first_day, instant
from domain.values import DEFAULT_METHODOLOGY, Logo, RegisterSettings, ReviewSchedule

_TEXTS = ("title", "summary")
_KEEPER = ("kept_by", "contact", "report_errors", "licence", "funded_by")
_PUBLISHER = ("ror", "colour", "doi", "cite_as")
_KEYS = (
    *("id", *_TEXTS, "languages", "time_zone", "methodology", "peer_review", "evidence_to", *_KEEPER, "scales"),
    *("default_scale", "fictional", *_PUBLISHER, "authors", "reviews", "opened_at"),
)
_NO_TIME_ZONE = LazyText("“{text}” is no time zone; write one as Asia/Seoul.").text
_NO_METHODOLOGY = LazyText("“{text}” is no methodology; use {allowed}.").text
_NO_PEER_REVIEW = LazyText("“{text}” is none of {allowed}.").text


class SettingsInput:
    """The valid settings of a register; `languages` is empty as long as they are not known."""

    settings: RegisterSettings | None = None
    opened_at: datetime | None = None
    reviews: tuple[ReviewSchedule, ...] = ()
    languages: tuple[str, ...] = ()
    logo_words: Logo = Logo()


def read_settings(data: object, find_place: FindPlace, problems: list[BundleProblem]) -> SettingsInput:
    """Read settings, and add what is wrong to `problems`."""
    checker, result, before = SettingsChecker(find_place, problems), SettingsInput(), len(problems)
    if not isinstance(data, dict):
        checker.add("", refusal("enter an object with the register's settings."))
        return result
    result.languages = read_languages(data, checker)
    translations = read_translations(data, RegisterSettings.TRANSLATED, result.languages, checker)
    result.logo_words, logo_names = read_logo_words(data, result.languages, checker)
    checker.refuse_unknown(data, (*_KEYS, *translations.names, *logo_names))
    values: dict[str, str] = {"id": without_invisible(checker.text(data, "id", required=True))}
    checker.run("id", _register_id, values["id"])
    for key in _TEXTS:
        values[key] = checker.text(data, key, required=key == "title")
    values["time_zone"] = checker.one_of(data, "time_zone", _zones(), "UTC", _NO_TIME_ZONE)
    values["methodology"] = checker.one_of(data, "methodology", VERSIONS, DEFAULT_METHODOLOGY, _NO_METHODOLOGY)
    peer_review = checker.one_of(data, "peer_review", tuple(PeerReview), "high_stakes", _NO_PEER_REVIEW)
    values["evidence_to"] = checker.text(data, "evidence_to")
    checker.run("evidence_to", first_day, values["evidence_to"])
    for key in (*_KEEPER, *_PUBLISHER, "default_scale"):
        values[key] = checker.text(data, key)
    fictional = checker.flag(data, "fictional")
    scales = read_scales(data.get("scales", []), checker)
    authors = read_authors(data.get("authors", []), checker)
    result.opened_at = checker.run("opened_at", instant, checker.text(data, "opened_at"))
    result.reviews = read_reviews(data.get("reviews", []), result.languages, checker)
    if len(problems) == before:
        settings = RegisterSettings(
            **values,
            languages=result.languages,
            translations=translations.texts,
            peer_review=PeerReview(peer_review),
            scales=scales,
            fictional=fictional,
            authors=authors,
        )
        settings = normal_settings(settings)
        for reason in settings_refusals(settings):
            checker.add(reason.field or "", reason)
        if len(problems) == before:
            result.settings = settings
    return result


def _register_id(text: str) -> None:
    parse_id(text)
    if is_reserved(text):
        raise Refused(refusal("“{text}” is an address of the site itself.", cure="Choose another id.", text=text))


@cache
def _zones() -> frozenset[str]:
    """Return the time zones that every machine has; `localtime` and `Factory` differ between machines."""
    return frozenset(available_timezones() - {"localtime", "Factory"})
