"""The files that browsers and other machines ask every site for."""

from datetime import timedelta
from pathlib import Path

import msgspec
from flask import Blueprint, Response, abort, jsonify, send_file, send_from_directory, url_for

from app.entrypoints.http.services import services
from app.entrypoints.http.urls import absolute_url
from app.presentation.i18n.languages import LANGUAGES
from app.presentation.narrative.keeper import keeper_of
from app.services.container import Services
from app.services.snapshots import standalone_verifier
from app.services.transparency.signing_keys import key_list
from domain.register.settings_rules import contact_address
from projections.catalogue import queries as catalogue

INK, PAPER = "#15202b", "#ffffff"
ICON_SIZES_PX = (192, 512)
SECURITY_TXT_TTL = timedelta(days=90)
"""How long the contact may be relied on (RFC 9116)."""
STATIC = Path(__file__).parents[2] / "static"
DAY_CACHE_CONTROL = "public, max-age=86400"


site_files = Blueprint("site", __name__)


@site_files.get("/favicon.ico")
def favicon() -> Response:
    return _picture("favicon.ico")


@site_files.get("/apple-touch-icon.png")
def apple_touch_icon() -> Response:
    return _picture("icon-180.png")


@site_files.get("/manifest.webmanifest")
def manifest() -> Response:
    """What a browser needs to put the site on a home screen."""
    icons = [
        {"src": url_for("static", filename=f"img/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in ICON_SIZES_PX
    ]
    response = jsonify(
        name="Uptake",
        short_name="Uptake",
        start_url="/",
        display="minimal-ui",
        theme_color=INK,
        background_color=PAPER,
        icons=icons,
    )
    response.mimetype = "application/manifest+json"
    response.headers["Cache-Control"] = DAY_CACHE_CONTROL
    return response


@site_files.get("/embed.js")
def embed_script() -> Response:
    """The script that other sites may use to fit frames."""
    response = send_from_directory(STATIC / "js", "embed.js")
    response.headers["Cache-Control"] = DAY_CACHE_CONTROL
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@site_files.get("/verify.py")
def verify_program() -> Response:
    """The program that is in every package, from a place that does not come with the package."""
    response = send_file(standalone_verifier.__file__, mimetype="text/x-python", download_name="verify.py")
    response.headers["Cache-Control"] = DAY_CACHE_CONTROL
    return response


@site_files.get("/.well-known/security.txt")
def security_txt() -> Response:
    """Where to report a weakness of this site."""
    contacts = _contacts(services())
    if not contacts:
        abort(404)
    expires = (services().clock() + SECURITY_TXT_TTL).date()
    lines = [
        *(f"Contact: {contact}" for contact in contacts),
        f"Expires: {expires.isoformat()}T00:00:00Z",
        f"Preferred-Languages: {', '.join(LANGUAGES)}",
        f"Canonical: {absolute_url('/.well-known/security.txt')}",
    ]
    response = Response("\n".join(lines) + "\n", mimetype="text/plain")
    response.headers["Cache-Control"] = "public, no-cache"
    return response


@site_files.get("/.well-known/uptake-keys.json")
def public_keys() -> Response:
    """The public keys that sign checkpoints and packages, with their validity."""
    response = Response(msgspec.json.encode(key_list(services().settings)), mimetype="application/json")
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _contacts(services: Services) -> list[str]:
    """The contact that the settings name, else those of the open registers."""
    if contact := services.settings.security_contact:
        return [contact_address(contact)]
    with services.views.connect() as db:
        keepers = [keeper_of(entry) for entry in catalogue.registers(db) if entry.is_open]
    return sorted({keeper.contact_url for keeper in keepers if keeper.contact_url})


def _picture(name: str) -> Response:
    response = send_from_directory(STATIC / "img", name)
    response.headers["Cache-Control"] = DAY_CACHE_CONTROL
    return response
