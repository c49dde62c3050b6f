"""The languages of a register, as BCP 47 codes in their usual form."""

from functools import cache

from babel import Locale, UnknownLocaleError

from domain.errors import Refused, refusal
from domain.times import shown


@cache
def is_language(code: str) -> bool:
    """Whether it is the code of a known language in its usual form, such as `fr`, `pt-BR` or `zh-Hant`."""
    try:
        return str(Locale.parse(code, sep="-")).replace("_", "-") == code
    except (ValueError, UnknownLocaleError):
        return False


def check_language(code: str) -> str:
    """Return the code of a known language. Raises `Refused` for any other text."""
    if is_language(code):
        return code
    usual = next((form for form in (code.lower(), _usual_form(code)) if form and is_language(form)), "")
    if usual:
        reason = refusal(
            "“{text}” is not the code of a known language.", cure="Write “{usual}”.", text=shown(code), usual=usual
        )
    else:
        reason = refusal(
            "“{text}” is not the code of a known language.",
            cure="Use a code of BCP 47 such as en, fr, ar or pt-BR.",
            text=shown(code),
        )
    raise Refused(reason)


def language_name(code: str) -> str:
    """The English name of a known language."""
    return Locale.parse(code, sep="-").get_display_name("en") or code


def _usual_form(code: str) -> str:
    """A code with the usual case of its parts: language, script and territory."""
    first, *rest = code.replace("_", "-").split("-")
    return "-".join([first.lower(), *(part.title() if len(part) == 4 else part.upper() for part in rest)])
