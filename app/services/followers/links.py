"""Signed links in letters to followers. They contain a random key and no address, and work without a cookie."""

from itsdangerous import BadData, URLSafeSerializer

from app.adapters.settings import Settings
from app.presentation.i18n.languages import url_prefix
from app.presentation.i18n.translation import page_language
from app.services.accounts.web_secrets import load_web_secrets
from domain.errors import NotFound, refusal

SALT = "uptake-follow"
CONFIRM, STOP = "confirm", "stop"


def follow_link(settings: Settings, action: str, key: str) -> str:
    """The address of the page that confirms a follow, or stops those of an address, by its key."""
    return f"{settings.base_url}{url_prefix(page_language())}/follow/{action}/{follow_token(settings, action, key)}/"


def follow_token(settings: Settings, action: str, key: str) -> str:
    """The last part of that address."""
    return str(_signer(settings).dumps([action, key]))


def read_key(settings: Settings, action: str, token: str) -> str:
    """The key in a link. Raises `NotFound` if the signature is wrong."""
    try:
        signed, key = _signer(settings).loads(token)
    except (BadData, ValueError, TypeError):
        signed, key = "", ""
    if signed != action:
        raise NotFound(
            refusal("This link is not complete, or it belongs to another site. Copy all of it from the message.")
        )
    return str(key)


def _signer(settings: Settings) -> URLSafeSerializer:
    return URLSafeSerializer(load_web_secrets(settings).session, salt=SALT)
