"""Which logo a register can have: a small PNG picture that can be drawn, with words for people who cannot see it."""

from collections.abc import Iterator

from msgspec.structs import replace

from domain.errors import Refusal, refusal
from domain.png import PngError, clean_png, png_size
from domain.text import MAX_NAME_LENGTH
from domain.values import Logo

MAX_BYTES = 60_000
MAX_SIDE_PX = 1_200


def logo_refusals(logo: Logo) -> list[Refusal]:
    """Why a logo cannot be stored; one without a picture removes it."""
    return [*_picture_refusals(logo.png), *_text_refusals(logo)] if logo.png else []


def stored_logo(logo: Logo) -> Logo:
    """A valid logo as it is stored: only what draws the picture, and no words without a picture."""
    return replace(logo, png=clean_png(logo.png)) if logo.png else Logo()


def _picture_refusals(png: bytes) -> Iterator[Refusal]:
    if len(png) > MAX_BYTES:
        yield refusal(
            "The file has {size} kB; the limit is {limit} kB. Save the logo smaller.",
            size=-(-len(png) // 1000),
            limit=MAX_BYTES // 1000,
            field="png",
        )
        return
    try:
        size = png_size(png)
        if max(size.width, size.height) > MAX_SIDE_PX:
            yield refusal(
                "The picture has {width} × {height} pixels; the limit is {limit} × {limit}. Save the logo smaller.",
                width=size.width,
                height=size.height,
                limit=MAX_SIDE_PX,
                field="png",
            )
            return
        clean_png(png)
    except PngError as e:
        yield refusal(
            "The file cannot be shown as a picture: {why}. Save the logo as PNG and choose it again.",
            why=e.reason,
            field="png",
        )


def _text_refusals(logo: Logo) -> Iterator[Refusal]:
    if not logo.alt:
        yield refusal(
            "Describe the logo in a few words for people who cannot see it, such as “Logo of Example University”.",
            field="alt",
        )
    texts = {"alt": logo.alt} | {f"alt_{code}": texts.get("alt", "") for code, texts in logo.translations.items()}
    for name, text in texts.items():
        if len(text) > MAX_NAME_LENGTH:
            yield refusal(
                "“{text}” is too long. Use at most {limit} characters.",
                text=f"{text[:40]}…",
                limit=MAX_NAME_LENGTH,
                field=name,
            )
