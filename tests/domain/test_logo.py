"""The logo of an institution: a small PNG with words in its place, set and removed."""

import io
import struct
import zlib

import pytest
from PIL import Image

from domain import commands as c
from domain.png import PngError, clean_png
from domain.register.events import LogoSet
from domain.values import Logo
from tests.support.pictures import png
from tests.support.story import REGISTER, Story
from tests.support.uptake import BareUptake

ALT = "Logo of Example University"


def set_logo(content: bytes, alt: str = ALT, **fields: object) -> c.Command:
    return c.SetLogo(REGISTER, logo=Logo(png=content, alt=alt, **fields))  # type: ignore[arg-type]


def test_a_logo_is_set_replaced_and_removed(uptake: BareUptake) -> None:
    story = Story(uptake)
    (event,) = story.events_of(set_logo(png(), translations={"ko": {"alt": "예시대학교 로고"}}))
    assert isinstance(event, LogoSet)
    assert event.logo == Logo(png=clean_png(png()), alt=ALT, translations={"ko": {"alt": "예시대학교 로고"}})
    assert story.refused(set_logo(png(), translations={"ko": {"alt": "예시대학교 로고"}})) == [
        "You have not changed anything."
    ]
    story.do(set_logo(png(60)))
    (event,) = story.events_of(set_logo(b"", alt="Left over"))
    assert isinstance(event, LogoSet)
    assert event.logo == Logo()
    assert story.refused(set_logo(b"", alt="")) == ["You have not changed anything."]


def test_what_does_not_draw_the_picture_is_not_stored(uptake: BareUptake) -> None:
    (event,) = Story(uptake).events_of(set_logo(png(comment="Hana's laptop")))
    assert isinstance(event, LogoSet)
    assert b"laptop" not in event.logo.png
    assert Image.open(io.BytesIO(event.logo.png)).size == (40, 20)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            b"GIF89a",
            "The file cannot be shown as a picture: it is not a PNG. Save the logo as PNG and choose it again.",
        ),
        (png()[:-20], "The file cannot be shown as a picture: it is cut off."),
        (png().replace(b"IDAT", b"IDAS"), "The file cannot be shown as a picture: it is damaged."),
        (png() + b"<script>", "The file cannot be shown as a picture: something follows its end."),
        (png(1201, 10), "The picture has 1201 × 10 pixels; the limit is 1200 × 1200. Save the logo smaller."),
        (png() + b"\0" * 60_000, "The file has 61 kB; the limit is 60 kB. Save the logo smaller."),
    ],
)
def test_another_file_is_refused(uptake: BareUptake, content: bytes, sentence: str) -> None:
    (refused,) = Story(uptake).refused(set_logo(content))
    assert refused.startswith(sentence)


def test_a_logo_needs_words_in_its_place(uptake: BareUptake) -> None:
    story = Story(uptake)
    assert story.refused(set_logo(png(), alt=" ")) == [
        "Describe the logo in a few words for people who cannot see it, such as “Logo of Example University”."
    ]
    (long,) = story.refused(set_logo(png(), alt="n" * 201))
    assert long.endswith("is too long. Use at most 200 characters.")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_is_read(mode: str) -> None:
    content = clean_png(png(37, 23, mode))
    assert clean_png(content) == content
    Image.open(io.BytesIO(content)).load()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def grey(pixels: bytes, *, size: tuple[int, int] = (3, 3), interlaced: bool = False) -> bytes:
    """A grey picture of 8 bits, with any bytes as its lines."""
    header = struct.pack(">IIBBBBB", *size, 8, 0, 0, 0, interlaced)
    parts = [chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(pixels)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def test_lines_that_do_not_fit_the_size_are_refused() -> None:
    assert clean_png(grey(b"\0" * 12))
    for pixels in (b"\0" * 11, b"\0" * 13, b"\5" + b"\0" * 11, b"\0" * 10_000_000):
        with pytest.raises(PngError):
            clean_png(grey(pixels))
    interlaced = grey(b"\0" * (2 + 0 + 0 + 2 + 3 + 2 * 2 + 4), interlaced=True)
    Image.open(io.BytesIO(clean_png(interlaced))).load()


INDEXED = chunk(b"IHDR", struct.pack(">IIBBBBB", 3, 3, 8, 3, 0, 0, 0))
PALETTE, LINES = chunk(b"PLTE", b"\1\2\3"), zlib.compress(b"\0" * 12)
DRAWN, END = chunk(b"IDAT", LINES), chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "parts",
    [
        (INDEXED, DRAWN, PALETTE, END),
        (INDEXED, PALETTE, chunk(b"IDAT", LINES[:5]), chunk(b"sRGB", b"\0"), chunk(b"IDAT", LINES[5:]), END),
        (grey(b"")[8:33], chunk(b"PLTE", b""), DRAWN, END),
    ],
    ids=["palette after the picture", "picture in two places", "empty palette"],
)
def test_what_only_some_programs_draw_is_refused(parts: tuple[bytes, ...]) -> None:
    """The report of a review could not be made with it."""
    assert clean_png(b"\x89PNG\r\n\x1a\n" + b"".join((INDEXED, PALETTE, DRAWN, END)))
    with pytest.raises(PngError):
        clean_png(b"\x89PNG\r\n\x1a\n" + b"".join(parts))
