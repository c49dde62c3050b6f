"""Which settings of a register are valid, and which it needs before it opens."""

import re
from collections.abc import Iterator

from domain.codes import Status
from domain.errors import Refusal, refusal
from domain.methodology.versions import VERSIONS
from domain.register.publisher_rules import publisher_refusals
from domain.register.spdx import LICENCES
from domain.text import credentials_refusal, has_credentials, is_web_address
from domain.times import shown
from domain.values import DisplayScale, RegisterSettings

STATUSES_SCALE = "statuses"
"""The id under which pages show the statuses in their own words."""
_MAIL_ADDRESS = re.compile(r"[^\s@<>\"]{1,64}@[^\s@<>\"]{1,250}\.[^\s@<>\".]{2,}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
_SCALE_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def settings_refusals(settings: RegisterSettings) -> list[Refusal]:
    """Why settings are not valid; empty if they are."""
    return [
        *_language_refusals(settings),
        *_keeper_refusals(settings),
        *_scale_refusals(settings),
        *publisher_refusals(settings),
    ]


def _language_refusals(settings: RegisterSettings) -> Iterator[Refusal]:
    if not settings.languages:
        yield refusal("Enter at least the language of the originals.", field="languages")
    if len(set(settings.languages)) < len(settings.languages):
        yield refusal("The list names a language twice.", field="languages")
    for code in settings.languages:
        if not _LANGUAGE.fullmatch(code):
            yield refusal("“{code}” is not a code of BCP 47 such as en, fr, ar or pt-BR.", code=code, field="languages")
    for code in sorted(settings.translations.keys() - set(settings.languages[1:])):
        yield refusal("Remove the texts in “{language}” first.", language=code, field="languages")


SAMPLE_PREFIX = "sample-"


def is_sample(settings: RegisterSettings) -> bool:
    """Whether this is an invented register to play in, which the public never sees."""
    return settings.fictional and settings.id.startswith(SAMPLE_PREFIX)


def opening_refusals(settings: RegisterSettings) -> list[Refusal]:
    """What prevents that the public sees a register."""
    if is_sample(settings):
        return [refusal("This is a sample to play in. Only staff see it, so it cannot be opened.")]
    refusals = []
    if not settings.kept_by:
        refusals.append(
            refusal(
                "Enter who keeps this register in its settings before you open it. Citations name them.",
                field="kept_by",
            )
        )
    if not settings.licence:
        refusals.append(
            refusal(
                "Enter the licence of this register in its settings before you open it, such as CC-BY-4.0.",
                field="licence",
            )
        )
    return refusals


def is_licence(text: str) -> bool:
    """Whether a text is an SPDX id or an address."""
    return text in LICENCES.values() or _is_secure_address(text)


def licence_address(licence: str) -> str:
    """The address at which a licence can be read."""
    return licence if _is_secure_address(licence) else f"https://spdx.org/licenses/{licence}"


def contact_address(contact: str) -> str:
    """The address of a contact as a link."""
    return f"mailto:{contact}" if contact and not _is_secure_address(contact) else contact


def _keeper_refusals(settings: RegisterSettings) -> Iterator[Refusal]:
    for name in ("contact", "report_errors", "licence"):
        if has_credentials(getattr(settings, name)):
            yield credentials_refusal(name)
    for name in ("contact", "report_errors"):
        text = getattr(settings, name)
        if text and not _is_secure_address(text) and not _MAIL_ADDRESS.fullmatch(text):
            yield refusal(
                "“{text}” is neither an e-mail address nor an address that starts with https://.",
                text=shown(text),
                field=name,
            )
    licence = settings.licence
    if licence and not is_licence(licence):
        if known := LICENCES.get(licence.casefold()):
            yield refusal("Write the licence as “{id}”.", id=known, field="licence")
        else:
            yield refusal(
                "“{text}” is neither the SPDX id of a licence, such as CC-BY-4.0, nor an address that starts with "
                "https://.",
                text=shown(licence),
                field="licence",
            )


def _scale_refusals(settings: RegisterSettings) -> Iterator[Refusal]:
    methodology = VERSIONS.get(settings.methodology)
    reserved = {STATUSES_SCALE, *(s.code for s in methodology.scales)} if methodology else {STATUSES_SCALE}
    seen: set[str] = set()
    for scale in settings.scales:
        yield from _refuse_scale(scale, reserved, seen)
        seen.add(scale.id)
    if settings.default_scale and settings.default_scale not in seen:
        yield refusal(
            "There is no display scale “{id}” in these settings.",
            id=shown(settings.default_scale),
            field="default_scale",
        )


def _refuse_scale(scale: DisplayScale, reserved: set[str], seen: set[str]) -> Iterator[Refusal]:
    if not _SCALE_ID.fullmatch(scale.id):
        yield refusal(
            "“{id}” is not an id of a display scale. Use at most 40 lower-case letters, digits and hyphens.",
            id=shown(scale.id),
            field="scales",
        )
    elif scale.id in reserved:
        yield refusal("“{id}” is already the id of another scale. Choose another.", id=scale.id, field="scales")
    elif scale.id in seen:
        yield refusal("There are two display scales “{id}”.", id=scale.id, field="scales")
    if not scale.title:
        yield refusal("Enter a title for the display scale “{id}”.", id=shown(scale.id), field="scales")
    for where, labels in (("", scale.labels), *scale.labels_in.items()):
        if missing := tuple(status for status in Status if not labels.get(status)):
            yield refusal(
                "The display scale “{id}” needs a label for every status{where}. Missing: {missing}.",
                id=shown(scale.id),
                where=f" ({where})" if where else "",
                missing=missing,
                field="scales",
            )


def _is_secure_address(text: str) -> bool:
    return text.startswith("https://") and is_web_address(text)
