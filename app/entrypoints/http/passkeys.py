"""Passkeys: which kinds are allowed, at which address, and why they cannot work at another one."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Flask, request
from flask_security import UserMixin, WebauthnUtil
from flask_security.utils import get_message
from msgspec import Struct
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app.entrypoints.http.host_names import host_name
from app.entrypoints.http.services import services
from app.presentation.i18n.translation import _

LOCAL_NAME = "localhost"
MAX_NAME_LENGTH = 64


class AnyAuthenticator(WebauthnUtil):
    """Allows passkeys of this device, of a phone or of a security key; the library allows only the last kind."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        self.base = app.extensions["uptake"].settings.base_url

    def origin(self) -> str:
        """The public address, which differs from the request's behind a proxy."""
        return local_address(self.base) if _host() == LOCAL_NAME else str(self.base)

    def name_svn(self, value: str) -> tuple[str | None, str | None]:
        """Refuse also a name that is longer than its column."""
        problem, name = super().name_svn(value)
        if name and len(name) > MAX_NAME_LENGTH:
            return get_message("INVALID_INPUT_LENGTH")[0], None
        return problem, name

    def authenticator_selection(self, user: UserMixin, usage: str) -> AuthenticatorSelectionCriteria:
        alone = usage == "first"  # the passkey alone must identify the account
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED if alone else ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        )


class PasskeyObstacle(Struct, frozen=True):
    """Why browsers allow no passkey at the address of this request; `address` is where they do, or empty."""

    sentence: str
    address: str = ""


def passkey_obstacle() -> PasskeyObstacle | None:
    host, base = _host(), services().settings.base_url
    named_base = local_address(base)
    if _is_number(host):
        if _is_number(urlsplit(named_base).hostname or ""):
            return PasskeyObstacle(
                _("They need the name of a site, and this address is a number. Ask the person who runs this site.")
            )
        return PasskeyObstacle(
            _("They need the name of a site, and this address is a number. Sign in at this address instead:"),
            f"{named_base}/staff/",
        )
    if host != LOCAL_NAME and not base.startswith("https:"):
        sentence = _("They need an encrypted connection (https), and this site has none. Ask the person who runs it.")
        return PasskeyObstacle(sentence)
    return None


def local_address(base: str) -> str:
    """The public address, with a name instead of the number of this computer."""
    parts = urlsplit(base)
    host = parts.hostname or ""
    if not _is_number(host) or not ip_address(host).is_loopback:
        return base
    return f"{parts.scheme}://{LOCAL_NAME}" + (f":{parts.port}" if parts.port else "")


def _host() -> str:
    """The host of the address in the browser, without its port."""
    return host_name(request.host)


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
