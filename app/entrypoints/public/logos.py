"""The logo of a register, at an address that names its content, so that it can be cached permanently."""

from hashlib import sha256

from flask import Response

from app.entrypoints.http.assets import IMMUTABLE_CACHE_CONTROL
from app.entrypoints.http.query_params import find_open_register, read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.http.urls import page_url
from app.entrypoints.public.blueprint import public
from domain.errors import NotFound, refusal
from domain.values import Logo
from projections.catalogue import queries as catalogue


@public.get("/<register:register>/logo/<ident:digest>")
def logo(register: str, digest: str) -> Response:
    """`digest` is the SHA-256 of the picture in hexadecimal. Earlier logos of the register keep their address."""
    read_parameters()
    with services().views.connect() as db:
        find_open_register(db, register)
        png = next((one.png for one in catalogue.logos(db, register) if _digest(one) == digest), b"")
    if not png:
        raise NotFound(refusal("There is no logo at this address."))
    response = Response(png, content_type="image/png")
    response.headers["Cache-Control"] = IMMUTABLE_CACHE_CONTROL
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def logo_path(register: str, current: Logo) -> str:
    """The path of a logo; empty if there is none."""
    return page_url("public.logo", register=register, digest=_digest(current)) if current.png else ""


def _digest(logo: Logo) -> str:
    return sha256(logo.png).hexdigest()
