"""Reads the languages of a register among its settings, and the translations of its texts."""

from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct

from app.services.bundles.languages import check_language, is_language, language_name
from app.services.bundles.setting_checks import SettingsChecker
from domain.errors import Refused, refusal
from domain.values import DEFAULT_LANGUAGES, arrange_translations


class SettingTranslations(Struct, frozen=True):
    """The translations of some settings, and the names of these settings, valid or not."""

    texts: dict[str, dict[str, str]]
    names: frozenset[str]


def read_languages(data: Mapping[str, object], checker: SettingsChecker) -> tuple[str, ...]:
    """Return the languages, the original first; none if they are not valid."""
    value = data.get("languages", list(DEFAULT_LANGUAGES))
    if not isinstance(value, list) or not value or not all(isinstance(code, str) for code in value):
        reason = refusal('enter a list of codes, the original language first, such as ["fr", "ar"].')
        checker.add("languages", reason)
        return ()
    try:
        codes = tuple(check_language(code) for code in value)
    except Refused as refused:
        checker.add("languages", refused.refusals[0])
        return ()
    if len(set(codes)) < len(codes):
        checker.add("languages", refusal("the list names a language twice."))
        return ()
    return codes


def read_translations(
    data: Mapping[str, object],
    fields: Collection[str],
    languages: Sequence[str],
    checker: SettingsChecker,
    where: str = "",
) -> SettingTranslations:
    """Return the settings such as `title_fr`. One in a language that the register does not have is a problem."""
    found = [
        (field, key.removeprefix(f"{field}_"), key) for key in data for field in fields if key.startswith(f"{field}_")
    ]
    found = [(field, code, key) for field, code, key in found if is_language(code)]
    for _, code, key in found:
        if languages and code not in languages[1:]:
            reason = refusal(
                "the register has no translations into {language}; add it to languages.", language=language_name(code)
            )
            checker.add(where + key, reason)
    texts = arrange_translations((code, field, checker.text(data, key, where=where)) for field, code, key in found)
    return SettingTranslations(texts, frozenset(key for _, _, key in found))
