"""An authenticator app on a phone: sets up the second factor of a person and shows its codes."""

import re
from datetime import datetime, timedelta

from passlib.totp import TOTP

from tests.support.staff_client import Member

SECOND_FACTOR = "/staff/account/second-factor/"
SET_UP = "/staff/account/second-factor/set-up/"
STEP = timedelta(seconds=30)


class AuthenticatorApp:
    """Shows the codes of a key, on the clock of the site or one that is off."""

    def __init__(self, key: str) -> None:
        self.totp = TOTP(re.sub(r"[^A-Z2-7]", "", key))

    def code(self, at: datetime, steps: int = 0) -> str:
        return str(self.totp.generate(at + steps * STEP).token)


def scan_key(member: Member) -> AuthenticatorApp:
    """Start the set-up and scan the key that it shows."""
    assert member.post(SECOND_FACTOR, action="begin").location == SET_UP
    return AuthenticatorApp(shown_key(member))


def shown_key(member: Member) -> str:
    page = member.get(SET_UP)
    return next("".join(e.itertext()) for e in page.root.iter("p") if e.get("class") == "mono")


def set_up_second_factor(member: Member, at: datetime) -> AuthenticatorApp:
    phone = scan_key(member)
    assert member.post(SET_UP, code=phone.code(at)).location == "/staff/account/recovery-codes/"
    return phone
