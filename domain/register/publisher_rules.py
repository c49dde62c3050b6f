"""What a register says about its publisher for citations and the look of its reports: normal forms and checks."""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from domain.errors import Refusal, refusal
from domain.identifiers import bare_doi, contains_orcid, doi_refusal, orcid_address, ror_address
from domain.text import MAX_NAME_LENGTH
from domain.times import shown
from domain.values import Author, RegisterSettings

MAX_AUTHORS = 100
MAX_CITATION_LENGTH = 1_000
MIN_CONTRAST = 4.5
"""Of white text on the colour, as WCAG 2.2 asks for texts of usual size (success criterion 1.4.3)."""
_COLOUR = re.compile("#[0-9a-f]{6}")


def normal_settings(settings: RegisterSettings) -> RegisterSettings:
    """Settings with each identifier in the one form in which it is stored; what is none stays as it was typed.

    The words of a citation have no full stop at their end, because more follows them.
    """
    translations = {
        code: {name: text.removesuffix(".") if name == "cite_as" else text for name, text in texts.items()}
        for code, texts in settings.translations.items()
    }
    return replace(
        settings,
        ror=ror_address(settings.ror) or settings.ror,
        authors=tuple(replace(a, orcid=orcid_address(a.orcid) or a.orcid) for a in settings.authors),
        colour=settings.colour.lower(),
        doi=bare_doi(settings.doi) or settings.doi,
        cite_as=settings.cite_as.removesuffix("."),
        translations=translations,
    )


def publisher_refusals(settings: RegisterSettings) -> Iterator[Refusal]:
    """Why settings in their normal form are not valid."""
    if settings.ror and ror_address(settings.ror) != settings.ror:
        yield refusal(
            "“{text}” is not a ROR id. Look your institution up at https://ror.org and copy its address, such as "
            "https://ror.org/05gq02987.",
            text=shown(settings.ror),
            field="ror",
        )
    yield from _author_refusals(settings.authors)
    if settings.colour:
        yield from _colour_refusals(settings.colour)
    if settings.doi and bare_doi(settings.doi) != settings.doi:
        yield doi_refusal(settings.doi)
    for name, text in [("cite_as", settings.cite_as), *_translated_citations(settings)]:
        if len(text) > MAX_CITATION_LENGTH:
            yield refusal(
                "This has {length} characters; the limit is {limit}. Shorten it.",
                length=len(text),
                limit=MAX_CITATION_LENGTH,
                field=name,
            )


def contrast_with_white(colour: str) -> float:
    """The contrast of a colour, `#rrggbb`, with white: from 1 to 21, as WCAG 2.2 defines it."""
    red, green, blue = (_linear(int(colour[place : place + 2], 16) / 255) for place in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _colour_refusals(colour: str) -> Iterator[Refusal]:
    if not _COLOUR.fullmatch(colour):
        yield refusal(
            "“{text}” is not a colour. Write it as # and six digits or letters from a to f, such as #0b5394.",
            text=shown(colour),
            field="colour",
        )
    elif (contrast := contrast_with_white(colour)) < MIN_CONTRAST:
        yield refusal(
            "White text on {colour} is hard to read: the contrast is {contrast} to 1, and at least {least} to 1 is "
            "needed. Choose a darker colour.",
            colour=colour,
            contrast=f"{int(contrast * 10) / 10:.1f}",
            least=str(MIN_CONTRAST),
            field="colour",
        )


def _author_refusals(authors: tuple[Author, ...]) -> Iterator[Refusal]:
    if len(authors) > MAX_AUTHORS:
        yield refusal(
            "There are {n} authors; the limit is {limit}. Name the others in the summary.",
            n=len(authors),
            limit=MAX_AUTHORS,
            field="authors",
        )
    for number, author in enumerate(authors, 1):
        if not author.name:
            yield refusal("Enter the name of author {n}.", n=number, field="authors")
        if ";" in author.name:
            yield refusal("Write the name of author {n} without a semicolon.", n=number, field="authors")
        if contains_orcid(author.name):
            yield refusal(
                "“{text}” holds an ORCID iD. Put semicolons between name, ORCID iD and institution.",
                text=shown(author.name),
                field="authors",
            )
        for text in (author.name, author.affiliation):
            if len(text) > MAX_NAME_LENGTH:
                yield refusal(
                    "“{text}” is too long. Use at most {limit} characters.",
                    text=shown(text),
                    limit=MAX_NAME_LENGTH,
                    field="authors",
                )
        if author.orcid and orcid_address(author.orcid) != author.orcid:
            yield refusal(
                "“{text}” is not an ORCID iD. Copy it from orcid.org, such as https://orcid.org/0000-0002-1825-0097.",
                text=shown(author.orcid),
                field="authors",
            )
    identified = [author.orcid for author in authors if author.orcid]
    for orcid in sorted({one for one in identified if identified.count(one) > 1}):
        yield refusal("Two authors have the ORCID iD {orcid}. Correct one of them.", orcid=orcid, field="authors")


def _translated_citations(settings: RegisterSettings) -> list[tuple[str, str]]:
    return [(f"cite_as_{code}", texts.get("cite_as", "")) for code, texts in settings.translations.items()]
