"""Finds the addresses of sources in the text of a cell, with the words around each."""

import re

from msgspec import Struct

from domain.text import is_web_address

_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"“”|]+", re.IGNORECASE)
_BARE = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[^\s<>\"“”|]*)", re.IGNORECASE)
_HOST = re.compile(r"https?://(?:[^/?#@]*@)?(?:www\.)?([^/?#:]+)", re.IGNORECASE)
_PLACE = re.compile(r"^https?://(?:www\.)?|[?#].*$", re.IGNORECASE | re.DOTALL)
_AROUND = " \t:;,.-–—()[]|"


class Link(Struct, frozen=True, gc=False):
    """An address of a source, or a source without one. `title` is what the cell calls it, if anything."""

    address: str
    title: str = ""


def find_links(text: str, separator: str = "", target: str = "") -> list[Link]:
    """The sources that a cell names, in order, each address once. A text without an address is a source by its title.

    `target` is the address behind the displayed text.
    """
    if target and is_web_address(target):
        found = [Link(target, "" if _addresses(text) else " ".join(text.split()))]
        others = [link for link in _links_in(text, separator) if link.address and link.address != target]
        return [*found, *others]
    return _links_in(text, separator)


def host_of(address: str) -> str:
    """The host of an address, as the person sees it: in lower case and without `www.`; empty if it has none."""
    match = _HOST.match(address)
    return match[1].lower() if match else ""


def place_of(address: str) -> str:
    """Host and path of an address, as the title of a source that has no other."""
    return _PLACE.sub("", address).rstrip("/") or address


def _links_in(text: str, separator: str) -> list[Link]:
    links: dict[str, Link] = {}
    for line in text.split("\n"):
        for part in [line] if not separator or separator == "\n" else _split(line, separator):
            for link in _links_of(part):
                links.setdefault(link.address or link.title, link)
    return list(links.values())


def _split(line: str, separator: str) -> list[str]:
    """The parts of a line, if every part has one address or none has: a separator may be a part of an address."""
    parts = line.split(separator)
    counts = {len(_addresses(part)) for part in parts if part.strip()}
    return parts if counts <= {1} or counts <= {0} else [line]


def _links_of(text: str) -> list[Link]:
    if not text.strip():
        return []
    found = _addresses(text)
    if not found:
        return [Link("", " ".join(text.split()).strip(_AROUND) or text.strip())]
    if len(found) > 1:
        return [Link(_with_scheme(address)) for address in found]
    title = " ".join(text.replace(found[0], " ", 1).split()).strip(_AROUND)
    return [Link(_with_scheme(found[0]), title)]


def _addresses(text: str) -> list[str]:
    found = [_trimmed(match) for match in _ADDRESS.findall(text)]
    return found or ([text.strip()] if _BARE.fullmatch(text.strip()) else [])


def _trimmed(address: str) -> str:
    """An address without the punctuation of the sentence that it ends."""
    address = address.rstrip(".,;:!?'’")
    if address.endswith(")") and "(" not in address:
        address = address.rstrip(").,;")
    return address


def _with_scheme(address: str) -> str:
    return address if address[:7].lower() == "http://" or address[:8].lower() == "https://" else f"https://{address}"
