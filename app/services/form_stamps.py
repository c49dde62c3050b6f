"""Stops programs that fill in forms for readers, without asking another site.

A form carries the signed time at which it was shown, since a program sends it at once or sends one that is old; and a
field that people do not see, since a program fills in every field.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, IPv6Network

from itsdangerous import BadData, URLSafeSerializer

from app.adapters.settings import Settings
from app.services.accounts.web_secrets import load_web_secrets
from domain.errors import Refusal, refusal

SALT = "uptake-reader-form"
SHORTEST, LONGEST = timedelta(seconds=3), timedelta(days=1)


def make_stamp(settings: Settings, about: str, now: datetime) -> str:
    """A stamp for a form that is shown now; `about` names the form and its register."""
    return str(_signer(settings).dumps([about, int(now.timestamp())]))


def program_problems(settings: Settings, about: str, stamp: str, trap: str, now: datetime) -> Iterator[Refusal]:
    """Why a form may come from a program; `trap` is the field that people do not see."""
    if trap:
        yield refusal("Clear this field and send the form again. It is there to stop programs.", field="trap")
    age = _age_of(settings, about, stamp, now)
    if age is None or age > LONGEST:
        yield refusal("This page was open for more than a day. What you typed is still here: send it once more.")
    elif age < SHORTEST:
        yield refusal("The form was sent as fast as only a program does. Read it once more and send it again.")


def network_of(address: str) -> str:
    """A network address; of IPv6 its first 64 bits, because one reader has all that follow."""
    try:
        return str(IPv6Network((IPv6Address(address), 64), strict=False))
    except ValueError:
        return address


def _age_of(settings: Settings, about: str, stamp: str, now: datetime) -> timedelta | None:
    """How long ago a form was shown; None if the stamp is not one of this site for it."""
    try:
        stamped, seconds = _signer(settings).loads(stamp)
        return now - datetime.fromtimestamp(seconds, UTC) if stamped == about else None
    except (BadData, ValueError, TypeError, OverflowError):
        return None


def _signer(settings: Settings) -> URLSafeSerializer:
    return URLSafeSerializer(load_web_secrets(settings).session, salt=SALT)
