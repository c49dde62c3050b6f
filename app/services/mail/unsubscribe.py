"""The signed link in each message that turns off messages of that kind, without signing in."""

from itsdangerous import BadData, URLSafeSerializer

from app.adapters.settings import Settings
from app.services.accounts.web_secrets import load_web_secrets
from app.services.mail.models import DIGEST, IMMEDIATE_KINDS
from domain.errors import NotFound, refusal

SALT = "uptake-stop-mail"


def stop_link(settings: Settings, person: str, kind: str) -> str:
    token = _signer(settings).dumps([person, kind])
    return f"{settings.base_url}/staff/mail/stop/{token}/"


def read_link(settings: Settings, token: str) -> tuple[str, str]:
    """The person and the kind of a signed link. Raises `NotFound` if the signature is wrong."""
    try:
        person, kind = _signer(settings).loads(token)
    except (BadData, ValueError, TypeError):
        person, kind = "", ""
    if kind not in (*IMMEDIATE_KINDS, DIGEST):
        raise NotFound(
            refusal(
                "This link is not complete. Copy all of it from the e-mail, or change the setting under “My account”."
            )
        )
    return person, kind


def _signer(settings: Settings) -> URLSafeSerializer:
    return URLSafeSerializer(load_web_secrets(settings).session, salt=SALT)
