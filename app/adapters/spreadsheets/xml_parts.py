"""Parses the XML of a workbook piece by piece. Refuses document types, and so every entity bomb."""

from collections.abc import Callable, Iterable, Iterator
from typing import NoReturn
from xml.parsers import expat

Attributes = dict[str, str]
_BUFFER_BYTES = 2**16


class BadXml(Exception):
    """The XML is damaged, or declares a document type."""


def parse_xml(
    pieces: Iterable[bytes],
    start: Callable[[str, Attributes], object],
    end: Callable[[str], object] | None = None,
    text: Callable[[str], object] | None = None,
) -> None:
    """Call the handlers for each element, with names as the file has them. Raises `BadXml`."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = _BUFFER_BYTES
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as e:
        raise BadXml(str(e)) from None


def _refuse_doctype(*_: object) -> NoReturn:
    raise BadXml("it declares a document type")


def local_name(name: str) -> str:
    """The name of an element or attribute without its prefix."""
    return name.rpartition(":")[2]


def start_tags(pieces: Iterable[bytes]) -> Iterator[tuple[str, str, Attributes]]:
    """Return the elements of a small part: the name of the parent, the name, and the attributes, without prefixes."""
    parents = [""]
    tags: list[tuple[str, str, Attributes]] = []

    def start(name: str, attributes: Attributes) -> None:
        name = local_name(name)
        tags.append((parents[-1], name, {local_name(key): value for key, value in attributes.items()}))
        parents.append(name)

    parse_xml(pieces, start, lambda _: parents.pop())
    return iter(tags)
