"""Texts as they are stored: in NFC, without blanks around them, and in the order in which they are read."""

import re
import unicodedata
from ipaddress import IPv6Address
from typing import TypeVar
from urllib.parse import unquote, urlsplit

import msgspec

from domain.errors import Refusal, refusal, refuse
from domain.values import arrange_translations

MAX_LENGTH = 100_000
MAX_NAME_LENGTH = 200
"""Of people and what they name, such as tokens."""
ONE_LINE = frozenset(
    (
        *("title", "titles", "name", "short_name", "labels", "labels_in", "number", "locator", "strength"),
        *("aliases", "instruments", "indicators", "authors", "publisher", "stated_by"),
        *("kept_by", "contact", "report_errors", "licence", "funded_by"),
        *("ror", "orcid", "affiliation", "colour", "doi", "cite_as", "alt"),
    )
)
"""The fields whose texts have no line breaks: they stand in lists, headings and the subjects of letters."""
_BREAK = re.compile(r"\s*[\n\r\u2028\u2029]\s*")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_REORDERING = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
"""Control characters that change the order of reading."""
_INVISIBLE = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
"""Soft hyphens, and characters without a width or that control the direction."""
_TRACKING = re.compile(
    r"(utm_\w+|fbclid|gclid|dclid|msclkid|mc_cid|mc_eid|igshid|yclid|_ga|ref_src)(=|$)", re.IGNORECASE
)
_PREFIX = re.compile(r"^(https?://|www\.)+", re.IGNORECASE)
_CREDENTIALS = re.compile(r"^https?://[^/?#]*@|(?:[a-z]://|https?:/)[^/?#&]*@", re.IGNORECASE)
"""Before the host of an address, or of one that is a part of it."""
_HOST_LABEL = re.compile(r"[^\x00-,/:-@\[-^`{-\x7f.]{1,63}")
_DEFAULT_PORT = re.compile(r":(80|443)?$")
_BLANK_LETTERS = frozenset("\u3164\uffa0")
"""Letters that cannot be seen."""
MAX_ADDRESS_LENGTH = 2_000
"""Without `https://`."""
_WEB_ADDRESS = re.compile(rf"https?://[^\s<>\"]{{1,{MAX_ADDRESS_LENGTH}}}", re.IGNORECASE)
_ADDRESSES = frozenset(("url", "archived_url"))
"""The fields that hold the address of a page."""

Normal = TypeVar("Normal")


def normalize_text(text: str, field: str = "") -> tuple[str, Refusal | None]:
    """A text as it is stored, its line breaks as `\\n`, and what is wrong with it, if anything.

    The refusal is about `field`, where it is given.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if not text.isprintable():
        if _CONTROL.search(text):
            return text, refusal(
                "{label} contains a control character. Type the text again.", label=_label(field), field=field or None
            )
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if reordering := _REORDERING.search(text):
            return text, refusal(
                "{label} contains {character}, which changes the order of reading. Delete it.",
                label=_label(field),
                field=field or None,
                character=f"{unicodedata.name(reordering[0])} (U+{ord(reordering[0]):04X})",
            )
    text = _trimmed(text)
    if len(text) > MAX_LENGTH:
        length, limit = f"{len(text):,}", f"{MAX_LENGTH:,}"
        return text, refusal(
            "{label} has {length} characters; the limit is {limit}.",
            label=_label(field),
            field=field or None,
            length=length,
            limit=limit,
        )
    return text, None


def valid_text(text: str, field: str = "") -> str:
    """A text as it is stored. Raises `Refused` if it is not allowed."""
    text, problem = normalize_text(text, field)
    refuse([problem] if problem else [])
    return text


def valid_name(text: str, field: str = "name") -> str:
    """A name as it is stored, in one line. Raises `Refused`."""
    return in_one_line(valid_text(text, field))[:MAX_NAME_LENGTH]


def in_one_line(text: str) -> str:
    """A text with a space for each line break."""
    return text if text.isprintable() else _BREAK.sub(" ", text)


def is_one_line(field: str) -> bool:
    """Whether texts of a field, or of its translations such as `title_ko`, have no line breaks."""
    return field in ONE_LINE or field.rpartition("_")[0] in ONE_LINE


def without_invisible(text: str) -> str:
    """A text without soft hyphens, zero-width characters and controls of direction, as ids and search keys have it."""
    return text if text.isascii() else _INVISIBLE.sub("", text)


def _trimmed(text: str) -> str:
    """A text without blanks around it. A tab at its beginning is part of it, unless the text is blank."""
    text = text.rstrip()
    start = text.lstrip()
    if len(start) == len(text):
        return text
    blanks = text[: len(text) - len(start)]
    return "\t" * blanks.count("\t") + start


def _label(field: str) -> str:
    return field.replace("_", " ").capitalize() or "the text"


def is_web_address(text: str) -> bool:
    """Whether a text is the address of a page. Any other link target could run as a script."""
    return bool(_WEB_ADDRESS.fullmatch(text))


def has_credentials(address: str) -> bool:
    """Whether an address, or one in it such as that of an archived page, holds a user name or password."""
    return bool(_CREDENTIALS.search(address) or _CREDENTIALS.search(unquote(address)))


def credentials_refusal(field: str | None = None) -> Refusal:
    """Why such an address is not stored."""
    return refusal(
        "The address contains a user name or password, which everyone could read. Delete what is between // and @.",
        field=field,
    )


def address_refusal(text: str, field: str | None = None) -> Refusal | None:
    """Why a text is not stored as the address of a page, if it is not; an empty one is."""
    if not text:
        return None
    if is_web_address(text):
        return _content_refusal(text, field)
    if len(text) > MAX_ADDRESS_LENGTH:
        return refusal("Shorten the address to {n} characters.", n=MAX_ADDRESS_LENGTH, field=field)
    return refusal("Enter an address that starts with http:// or https:// and has no spaces.", field=field)


def _content_refusal(address: str, field: str | None) -> Refusal | None:
    if has_credentials(address):
        return credentials_refusal(field)
    if invisible := next(filter(_is_invisible, address), ""):
        return refusal(
            "The address contains {character}, which cannot be seen. Delete it, or type the address again.",
            character=f"{unicodedata.name(invisible, 'a character')} (U+{ord(invisible):04X})",
            field=field,
        )
    if not _has_host(address):
        return refusal("The address does not name a website. Enter it as in https://www.example.org/page.", field=field)
    return None


def _is_invisible(character: str) -> bool:
    return not character.isprintable() or character in _BLANK_LETTERS or bool(_INVISIBLE.match(character))


def _has_host(address: str) -> bool:
    """Whether an address names a host, and a port that there can be if it names one."""
    try:
        parts = urlsplit(address)
        host, _port = unquote(parts.hostname or ""), parts.port
        if parts.netloc.startswith("["):
            return bool(IPv6Address(host))
    except ValueError:
        return False
    return all(map(_HOST_LABEL.fullmatch, host.removesuffix(".").split(".")))


def archive_refusal(url: str, archived_url: str, field: str | None = "archived_url") -> Refusal | None:
    """Why the address of a copy in an archive does not go with that of its source, if it does not."""
    if archived_url and _spelled_out(archived_url) == _spelled_out(url):
        return refusal(
            "This is the address of the source itself. Enter the address of the copy in the archive.", field=field
        )
    return None


def _spelled_out(url: str) -> str:
    """A comparable address without the port, the dot after the host and the percent signs that say the same."""
    address = _PREFIX.sub("", unquote(url.partition("#")[0]))
    host = re.split("[/?]", address, maxsplit=1)[0]
    return comparable_address(_DEFAULT_PORT.sub("", host).rstrip(".") + address[len(host) :])


def comparable_address(url: str) -> str:
    """An address without what does not tell pages apart.

    That is the scheme, `www.`, the fragment, parameters that only track readers, and a slash at the end.
    """
    address, _, query = url.partition("#")[0].partition("?")
    kept = [part for part in query.split("&") if part and not _TRACKING.match(part)]
    page = _PREFIX.sub("", address).rstrip("/")
    host, slash, path = page.partition("/")
    return host.lower() + slash + path + ("?" + "&".join(kept) if kept else "")


def comparable_source(title: str, publisher: str, published_on: str) -> str:
    """Title, publisher and day as they are compared; empty if one of them is not given."""
    parts = [" ".join(part.split()).casefold() for part in (title, publisher, published_on)]
    return "\n".join(parts) if all(parts) else ""


def normalized(command: Normal) -> Normal:
    """A command with every text as it is stored. Raises `Refused` with a sentence for each text that is not allowed."""
    refusals: list[Refusal] = []
    values = _normalized("", msgspec.to_builtins(command), refusals)
    refuse(refusals)
    return msgspec.convert(values, type(command))


def _normalized(name: str, value: object, refusals: list[Refusal], *, one_line: bool = False) -> object:
    one_line = one_line or is_one_line(name)
    if isinstance(value, str):
        text, problem = normalize_text(value, name)
        text = in_one_line(text) if one_line else text
        if not problem and name in _ADDRESSES:
            problem = address_refusal(text, name)
        refusals += [problem] if problem else []
        return text
    if isinstance(value, dict) and name == "translations":
        texts = ((code, field, text) for code, named in value.items() for field, text in named.items())
        return arrange_translations((c, f, str(_normalized(f"{f}_{c}", text, refusals))) for c, f, text in texts)
    if isinstance(value, dict):
        return {key: _normalized(key, inner, refusals, one_line=one_line) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_normalized(name, inner, refusals) for inner in value]
    return value
