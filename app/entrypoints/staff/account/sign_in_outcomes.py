"""What the pages of the sign-in library say in our words: why a person must sign in, and what their action did."""

from flask import Flask, Response, g, redirect, request, session, url_for
from flask_security import current_user, logout_user
from flask_security.signals import password_changed, wan_deleted, wan_registered
from werkzeug.wrappers import Response as BaseResponse

from app.entrypoints.http.security import why_ended
from app.entrypoints.http.services import services
from app.entrypoints.staff.outcomes import announce
from app.presentation.i18n.translation import _, ngettext
from app.services.accounts import people, second_factor
from app.services.accounts.login_sessions import EndReason
from app.services.accounts.models import User
from app.services.container import Services


def add_sign_in_outcomes(app: Flask) -> None:
    app.jinja_env.globals["sign_in_reasons"] = sign_in_reasons
    password_changed.connect(_say_password_changed, app)
    wan_registered.connect(_say_passkey_added, app)
    wan_deleted.connect(_say_passkey_removed, app)
    app.after_request(_say_what_worked)


def sign_in_reasons() -> list[str]:
    """Why a browser is asked to sign in. Only the browser of an ended session learns anything about it."""
    reason, has_kept_form = why_ended(services())
    sentences = []
    if reason and reason is not EndReason.SIGNED_OUT:
        sentences.append(_reason_text(reason))
    elif request.args.get("next"):
        sentences.append(_("Sign in to open this page."))
    if has_kept_form:
        sentences.append(_("What you typed is kept. Sign in again with the same account, and you get it back."))
    return sentences


def _reason_text(reason: EndReason) -> str:
    return {
        EndReason.EXPIRED: _("Your session ended: sessions end after 12 hours without use, and after 7 days."),
        EndReason.ENDED: _("This session was ended on another device."),
        EndReason.CHANGED: _("The password of this account was changed. Sign in with the new one."),
        EndReason.ACCOUNT: _("Your account was disabled. Ask an administrator of your register."),
        EndReason.SIGNED_OUT: _("You signed out."),
    }[reason]


def say_confirmed() -> None:
    announce(_("You confirmed your identity"), _("Nothing was sent yet: press the button again."))


def signed_out(title: str, *details: str) -> BaseResponse:
    """Sign the person out in this browser; the sign-in page says why."""
    logout_user()
    session.clear()
    g.person = None
    announce(title, *details)
    return redirect(url_for("security.login"))


def _say_password_changed(_app: Flask, user: User, **_more: object) -> None:
    announce(_("Your password is changed"), _("Your other devices are signed out."))


def _say_passkey_added(_app: Flask, user: User, name: str, **_more: object) -> None:
    announce(
        _("The passkey “%(name)s” is added", name=name),
        _("You can sign in with it on this device, without your password."),
    )


def _say_passkey_removed(_app: Flask, user: User, name: str, **_more: object) -> None:
    announce(_("The passkey “%(name)s” is removed", name=name), _("It no longer signs you in."))


def _say_what_worked(response: Response) -> Response:
    """For actions without a signal. The library answers success with a redirect; failures show the page again."""
    if request.method != "POST" or response.status_code != 302 or not current_user.is_authenticated:
        return response
    wrong_passkey = response.location.endswith(url_for("security.wan_verify"))
    if request.endpoint == "security.verify" or (
        request.endpoint == "security.wan_verify_response" and not wrong_passkey
    ):
        say_confirmed()
    if request.endpoint == "security.mf_recovery" and "seat" in session:
        _say_recovery_code_used(services())
    return response


def _say_recovery_code_used(services: Services) -> None:
    with services.accounts.work() as db:
        left = second_factor.recovery_codes_left(people.find_user(db, current_user.person))
    announce(
        _("You signed in with a recovery code"),
        _("It does not work again."),
        ngettext("%(num)d code is left.", "%(num)d codes are left.", left) if left else _("You have none left."),
        links=[(_("Second factor"), url_for("staff.second_factor"))],
    )
