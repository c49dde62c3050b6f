"""Serves static files at addresses that change with their content, and all styles as one file."""

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Flask, Response

from app.adapters.style_sheets import STYLE_SHEETS, style_sheet

IMMUTABLE_CACHE_CONTROL = "public, max-age=31536000, immutable"


def add_assets(app: Flask) -> None:
    folder = Path(app.static_folder or "")
    styles = (folder / "fonts.css").read_text("utf-8") + "".join(map(style_sheet, STYLE_SHEETS))
    content = styles.encode()
    address = f"/static/{_digest(content)}.css"

    def stylesheet() -> Response:
        return Response(content, mimetype="text/css", headers={"Cache-Control": IMMUTABLE_CACHE_CONTROL})

    app.add_url_rule(address, "stylesheet", stylesheet)
    app.jinja_env.globals["asset"] = _asset_address(folder)
    app.jinja_env.globals["stylesheet"] = address


def _asset_address(folder: Path) -> Callable[[str], str]:
    @cache
    def asset(name: str) -> str:
        """The address of a static file, with a digest of its content."""
        return f"/static/{name}?v={_digest((folder / name).read_bytes())}"

    return asset


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()[:10]
