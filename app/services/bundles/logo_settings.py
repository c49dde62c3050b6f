"""Reads and writes the logo of a register: a picture beside its tables, and its words in `register.json`."""

from collections.abc import Mapping, Sequence

from app.services.bundles.problems import BundleProblem
from app.services.bundles.setting_checks import SettingsChecker
from app.services.bundles.setting_translations import read_translations
from domain.errors import refusal
from domain.register.logo_rules import logo_refusals, stored_logo
from domain.values import Logo, translations_by_name

LOGO = "logo.png"
_ALT = "logo_alt"


def logo_values(logo: Logo) -> dict[str, str]:
    """Return the words as `register.json` has them, such as `logo_alt` and `logo_alt_fr`."""
    texts = {"alt": logo.alt} | translations_by_name(logo) if logo.png else {}
    return {f"logo_{name}": text for name, text in texts.items()}


def read_logo_words(
    data: Mapping[str, object], languages: Sequence[str], checker: SettingsChecker
) -> tuple[Logo, set[str]]:
    """Return the words as a logo without its picture, and the names of the settings that hold them."""
    translations = read_translations(data, (_ALT,), languages, checker)
    texts = {code: {"alt": named[_ALT]} for code, named in translations.texts.items()}
    return Logo(alt=checker.text(data, _ALT), translations=texts), {_ALT, *translations.names}


def read_logo(words: Logo, png: bytes, problems: list[BundleProblem]) -> Logo:
    """Return the logo of a bundle; `png` is empty if it has no such file."""
    if not png:
        if words != Logo():
            problems.append(BundleProblem(LOGO, 0, "", refusal("the file is missing.")))
        return Logo()
    logo = Logo(png=png, alt=words.alt, translations=words.translations)
    refusals = logo_refusals(logo)
    for reason in refusals:
        is_picture = reason.field == "png"
        file, column = (LOGO, "") if is_picture else ("register.json", f"logo_{reason.field}")
        problems.append(BundleProblem(file, 0, column, reason))
    return Logo() if refusals else stored_logo(logo)
