"""What is known about the hosts of links: which are a government's own, and which words name a publisher."""

import re

from domain.codes import SourceClass
from domain.text import is_web_address

_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"|]+", re.IGNORECASE)
_BARE = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,24}(?:/[^\s<>\"]*)?", re.IGNORECASE)
_HOST = re.compile(r"https?://(?:[^/?#@\s]*@)?([^/?#:@\s]+)", re.IGNORECASE)
_OFFICIAL = re.compile(
    r"(?:^|\.)(?:gov|gob|gouv|govt|gub|go|gc|gv|mil|parliament|admin|government|bund|europa|un)\.[a-z]{2,4}(?:\.[a-z]{2})?$"
    r"|\.(?:gov|mil|int)$|(?:^|\.)(?:un|ohchr|legislation|parliament|congress|whitehouse|regeringen|riksdagen|bundestag)\."
)
_RECORD = re.compile(r"(?:^|\.)(?:courts?|law|data|statistics|stat|docs)\.(?:go|gov|un)\b")


def find_addresses(text: str) -> tuple[str, ...]:
    """The addresses of pages in a cell, complete with `https://`, each once."""
    found = [_complete(match.rstrip(".,;:)]}’”'")) for match in _ADDRESS.findall(text)]
    if not found and _BARE.fullmatch(text.strip()) and "/" in text:
        found = [_complete(text.strip())]
    return tuple(dict.fromkeys(address for address in found if is_web_address(address) and _HOST.match(address)))


def _complete(address: str) -> str:
    return address if address.lower().startswith("http") else f"https://{address}"


def host_of(address: str) -> str:
    """The host of an address in lower case and without `www.`; empty if it has none."""
    match = _HOST.match(address)
    host = match[1].lower().removeprefix("www.") if match else ""
    return host if "." in host else ""


def guess_source_class(host: str) -> str:
    """`official` for hosts of governments, parliaments and the like; empty where only a person can say."""
    if _RECORD.search(host):
        return SourceClass.RECORD
    return SourceClass.OFFICIAL if _OFFICIAL.search(host) else ""
