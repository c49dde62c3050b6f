"""The state of every way of signing in to my account, each with what can be done about it."""

from collections.abc import Iterator

from flask import url_for
from msgspec import Struct
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.presentation.i18n.translation import _, ngettext
from app.services.accounts import api_tokens, login_sessions, second_factor
from app.services.accounts.models import Identity, User, WebAuthn
from app.services.container import Services


class SignInWay(Struct, frozen=True):
    name: str
    state: str
    action: str = ""
    address: str = ""


def sign_in_ways(services: Services, db: Session, user: User) -> Iterator[SignInWay]:
    is_on, codes = second_factor.is_on(user), second_factor.recovery_codes_left(user)
    password = _("Set.") if user.password else _("None.")
    yield SignInWay(_("Password"), password, _("Change my password"), url_for("security.change_password"))
    off = _("Off. Your password alone opens your account.")
    factor = _("On. A code from your app is needed with the password.") if is_on else off
    yield SignInWay(_("Second factor"), factor, _("Turn it on or off"), url_for("staff.second_factor"))
    left = ngettext("%(num)d code is left.", "%(num)d codes are left.", codes) if is_on else _("None.")
    yield SignInWay(_("Recovery codes"), left, _("Show or renew them"), url_for("staff.recovery_codes"))
    keys = db.scalar(select(func.count()).select_from(WebAuthn).where(WebAuthn.user_id == user.id)) or 0
    passkeys = ngettext("%(num)d passkey.", "%(num)d passkeys.", keys) if keys else _("None.")
    yield SignInWay(_("Passkeys"), passkeys, _("Add or remove passkeys"), url_for("security.wan_register"))
    if services.settings.oidc_issuer:
        is_linked = db.scalars(select(Identity).where(Identity.user_id == user.id)).first() is not None
        label = services.settings.oidc_label
        linked = _("Linked to %(provider)s.", provider=label)
        unlinked = _("Not used yet. Signing in with %(provider)s links it.", provider=label)
        yield SignInWay(_("Single sign-on"), linked if is_linked else unlinked)
    devices = len(login_sessions.active_sessions(db, user))
    sessions = ngettext("Signed in on %(num)d device.", "Signed in on %(num)d devices.", devices)
    yield SignInWay(_("Sessions"), sessions, _("See and end sessions"), "#h-seats")
    number = len(api_tokens.active_tokens(db, user, services.clock()))
    tokens = ngettext("%(num)d token.", "%(num)d tokens.", number) if number else _("None.")
    yield SignInWay(_("Tokens for scripts"), tokens, _("Make or revoke tokens"), url_for("staff.tokens"))
