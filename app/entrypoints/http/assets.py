"""Serves static files at addresses that change with their content, and all styles as one file."""

import re
from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Flask, Response

from app.adapters.style_sheets import STYLE_SHEETS, style_sheet

IMMUTABLE_CACHE_CONTROL = "public, max-age=31536000, immutable"
PRELOADED_FONTS = ("fonts/sans-latin-400.woff2", "fonts/serif-latin.woff2")
"""The fonts of the headline and of most text."""
FONT_ADDRESS = re.compile(r'url\("(fonts/[^"]+)"\)')
HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
_FOLDER = Path(__file__).parents[2] / "static"


def add_assets(app: Flask) -> None:
    styles = _with_asset_addresses("fonts-latin.css") + "".join(map(style_sheet, STYLE_SHEETS))
    app.jinja_env.globals.update(
        asset=asset,
        stylesheet=_serve_styles(app, "stylesheet", styles),
        frame_stylesheets={
            "light": _serve_styles(app, "light_stylesheet", _in_one_scheme(styles, "light")),
            "dark": _serve_styles(app, "dark_stylesheet", _in_one_scheme(styles, "dark")),
        },
        hangul_stylesheet=_serve_styles(app, "hangul_stylesheet", _with_asset_addresses("fonts-hangul.css")),
        preloaded_fonts=PRELOADED_FONTS,
        has_hangul=has_hangul,
    )


@cache
def asset(name: str) -> str:
    """The address of a static file, with a digest of its content."""
    return f"/static/{name}?v={_digest((_FOLDER / name).read_bytes())}"


def is_current_asset(address: str) -> bool:
    """Whether an address carries the digest of the file that it serves."""
    return address == asset(address.partition("?")[0].removeprefix("/static/"))


def has_hangul(text: str) -> bool:
    """Whether a text needs the Korean fonts."""
    return bool(HANGUL.search(text))


def _in_one_scheme(styles: str, scheme: str) -> str:
    """The styles of pages that are light or dark, whatever the reader's device is set to."""
    styles = styles.replace("color-scheme: light dark", f"color-scheme: {scheme}")
    return styles.replace("(prefers-color-scheme: dark)", "all" if scheme == "dark" else "not all")


def _serve_styles(app: Flask, endpoint: str, styles: str) -> str:
    """Serve a style sheet at an address of its own, and return the address."""
    content = styles.encode()
    address = f"/static/{_digest(content)}.css"

    def respond() -> Response:
        return Response(content, mimetype="text/css", headers={"Cache-Control": IMMUTABLE_CACHE_CONTROL})

    app.add_url_rule(address, endpoint, respond)
    return address


def _with_asset_addresses(name: str) -> str:
    """A style sheet of fonts, whose files may be cached for a year."""
    text = (_FOLDER / name).read_text("utf-8")
    return FONT_ADDRESS.sub(lambda match: f'url("{asset(match[1])}")', text)


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()[:10]
