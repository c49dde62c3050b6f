"""Sign-in: Flask-Security with our own tables, pages and session rows."""

import logging
from datetime import timedelta
from typing import Any

from flask import Flask, Response, abort, after_this_request, current_app, redirect, render_template, request, session
from flask_security import (
    EmailValidateException,
    Security,
    SQLAlchemySessionUserDatastore,
    current_user,
    logout_user,
)
from flask_security.signals import password_changed, user_authenticated, wan_deleted, wan_registered
from flask_wtf import CSRFProtect
from werkzeug.local import LocalProxy
from werkzeug.wrappers import Response as BaseResponse

from app.adapters.settings import Settings
from app.entrypoints.http.library_texts import LibraryTexts, error_text, message_settings
from app.entrypoints.http.one_time_codes import AppCodes, RecoveryCodes
from app.entrypoints.http.passkeys import AnyAuthenticator, passkey_obstacle
from app.entrypoints.http.password_rules import PasswordRules
from app.entrypoints.http.services import services
from app.presentation.i18n.translation import _
from app.services.accounts import known_devices, login_attempts, login_sessions, one_time_links
from app.services.accounts.login_sessions import EndReason
from app.services.accounts.models import Role, User, WebAuthn
from app.services.accounts.provider import Provider
from app.services.accounts.web_secrets import WebSecrets, load_web_secrets
from app.services.container import Services
from app.services.drafts import kept_forms
from app.services.mail.account_messages import queue_account_message

log = logging.getLogger("uptake.security")
"""Who signs in and what is refused, by person id and endpoint: no address and nothing that was typed."""
LOGIN_ENDPOINT = "security.login"
ENDED_SESSION = "ended"
"""The key of a browser's session that holds the secret of its login session that ended."""
SECRET_ENDPOINTS = (LOGIN_ENDPOINT, "security.two_factor_token_validation", "security.mf_recovery")
"""Pages where a person who is not signed in types a secret."""
CONFIRMING_ENDPOINTS = ("security.verify", "security.change_password")
"""Pages where a person who is signed in types the password again."""
COUNTED_ENDPOINTS = (*SECRET_ENDPOINTS, *CONFIRMING_ENDPOINTS)
"""Pages where login attempts are counted."""
SECOND_FACTOR_ENDPOINTS = ("security.two_factor_token_validation", "security.mf_recovery", "security.tf_select")
SIGN_IN_ENDPOINTS = (*SECRET_ENDPOINTS, "security.tf_select", "security.wan_signin", "security.wan_signin_response")
"""The library's pages for people who are not signed in."""
SECURITY_ENDPOINTS = (
    *SIGN_IN_ENDPOINTS,
    *("security.logout", "security.verify", "security.change_password"),
    *("security.wan_register", "security.wan_register_response", "security.wan_delete"),
    *("security.wan_verify", "security.wan_verify_response"),
)
"""The library's pages that we use; its other pages are closed."""


def cookie_name(name: str, *, is_secure: bool) -> str:
    """The name of a cookie; its prefix lets a browser take it over TLS only."""
    return f"__Secure-{name}" if is_secure else name


def _session_settings(settings: Settings, keys: WebSecrets) -> dict[str, object]:
    """Flask and Flask-Security settings for sessions, passwords and pages."""
    is_secure = settings.base_url.startswith("https:")
    return {
        "SECRET_KEY": keys.session,
        "SESSION_COOKIE_NAME": cookie_name("uptake_staff", is_secure=is_secure),
        "SESSION_COOKIE_PATH": "/staff",  # never sent to the public pages
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": is_secure,
        "PERMANENT_SESSION_LIFETIME": login_sessions.MAX_AGE,
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session
        "SECURITY_PASSWORD_SALT": keys.salt,
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_LENGTH_MIN": 12,
        "SECURITY_URL_PREFIX": "/staff",
        "SECURITY_LOGIN_URL": "/sign-in",
        "SECURITY_LOGOUT_URL": "/sign-out",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_VERIFY_URL": "/confirm",
        "SECURITY_CHANGEABLE": True,
        "SECURITY_CHANGE_URL": "/account/password",
        "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
        "SECURITY_POST_LOGIN_VIEW": "/staff/",
        "SECURITY_POST_LOGOUT_VIEW": "/",
        "SECURITY_POST_CHANGE_VIEW": "/staff/account/",
        "SECURITY_POST_VERIFY_VIEW": "/staff/",
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_FRESHNESS": timedelta(minutes=30),
        "SECURITY_FRESHNESS_GRACE_PERIOD": timedelta(minutes=5),
        "SECURITY_DEFAULT_REMEMBER_ME": False,
        "SECURITY_FLASH_MESSAGES": True,  # the errors of passkeys; see templates/security/form.html
    }


def _second_factor_settings(keys: WebSecrets) -> dict[str, object]:
    """Flask-Security settings for authenticator apps, recovery codes and passkeys."""
    return {
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL": "/second-factor",
        "SECURITY_TWO_FACTOR_SELECT_URL": "/second-factor/which",
        "SECURITY_TOTP_SECRETS": {"1": keys.totp},
        "SECURITY_TOTP_ISSUER": "Uptake",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_URL": "/recovery",
        "SECURITY_WEBAUTHN": True,
        "SECURITY_WAN_RP_NAME": "Uptake",
        "SECURITY_WAN_REGISTER_URL": "/account/passkeys",
        "SECURITY_WAN_SIGNIN_URL": "/passkey",
        "SECURITY_WAN_VERIFY_URL": "/confirm/passkey",
        "SECURITY_WAN_DELETE_URL": "/account/passkeys/remove",
        "SECURITY_WAN_ALLOW_USER_HINTS": False,  # hints would reveal which addresses have an account
        "SECURITY_WAN_POST_REGISTER_VIEW": "/staff/account/passkeys",
        "SECURITY_WAN_SIGNIN_WITHIN": timedelta(minutes=5),
        "SECURITY_USE_VERIFY_PASSWORD_CACHE": False,
    }


def add_security(app: Flask, container: Services) -> None:
    keys = load_web_secrets(container.settings)
    app.config.update(_session_settings(container.settings, keys), **_second_factor_settings(keys))
    app.config.update(message_settings())
    CSRFProtect(app)
    store = SQLAlchemySessionUserDatastore(LocalProxy(lambda: container.accounts.session), User, Role, WebAuthn)  # type: ignore[arg-type]
    security = Security(
        app,
        store,
        register_blueprint=True,
        webauthn_util_cls=AnyAuthenticator,
        totp_cls=AppCodes,
        password_util_cls=PasswordRules,
        mf_recovery_codes_util_cls=RecoveryCodes,
    )
    security.i18n_domain = LibraryTexts()  # type: ignore[assignment]
    app.jinja_env.filters["library_error"] = error_text
    app.jinja_env.globals["passkey_obstacle"] = passkey_obstacle
    security.want_json(lambda _request: False)  # failures are counted by status, which only pages show
    user_authenticated.connect(_start_login_session, app)
    password_changed.connect(_after_password_change, app)
    wan_registered.connect(_after_new_passkey, app)
    wan_deleted.connect(_after_removed_passkey, app)
    provider = app.extensions["provider"] = Provider(container.settings) if container.settings.oidc_issuer else None
    app.context_processor(lambda: {"provider": provider})
    app.before_request(_refuse_guessing)
    app.after_request(_count_attempts)
    app.teardown_appcontext(lambda _error: container.accounts.release() if "accounts" in container.__dict__ else None)


def has_login_session(services: Services) -> bool:
    """Is the person signed in with a session that is still active?"""
    secret, token = session.get("seat", ""), session.get("csrf_token")
    with services.accounts.work() as db:
        if current_user.is_authenticated and login_sessions.is_valid(db, secret, current_user, services.clock()):
            return True
    if secret or current_user.is_authenticated:
        logout_user()
        session.clear()
    if secret and token:  # forms that are still open in this browser can be kept until the person signs in again
        session.update({ENDED_SESSION: secret, "csrf_token": token})
        session.permanent = True
    return False


def why_ended(services: Services) -> tuple[EndReason | None, bool]:
    """Why the last session of this browser ended, and whether a form that was sent since then is kept."""
    if not (secret := session.get(ENDED_SESSION) or session.get("seat", "")):
        return None, False
    with services.accounts.work() as db:
        return login_sessions.end_reason(db, secret, services.clock()), kept_forms.has_kept_forms(db, secret)


def end_login_session(services: Services) -> None:
    with services.accounts.work() as db:
        secret = session.get("seat", "none")
        login_sessions.end_sessions(db, current_user, services.clock(), secret=secret, reason=EndReason.SIGNED_OUT)


def hash_new_password(password: str, user: User) -> str:
    """Returns the hash to store. Raises `ValueError` with sentences if the password is too weak."""
    from flask_security import hash_password

    problems, normal = current_app.extensions["security"].password_util.validate(password, False, user=user)
    if problems:
        raise ValueError(*(str(p) for p in problems))
    return str(hash_password(normal))


def _start_login_session(_app: Flask, user: User, **more: Any) -> None:
    """Only a whole sign-in forgets failures, those of its own account: never a form that names an account."""
    services().accounts.session.commit()  # a password hash that was just renewed would lock out the next transaction
    ended = session.pop(ENDED_SESSION, "")
    with services().accounts.work() as db:
        if ended:
            kept_forms.give_back(db, ended, user)
        session["seat"] = login_sessions.start_session(
            db, user, request.headers.get("User-Agent", ""), services().clock()
        )
        login_attempts.clear_failures(db, _account_keys(services().settings, user.email))
    log.info("%s signed in with %s", user.person, " and ".join(more.get("authn_via") or ["a link or a provider"]))
    session.permanent = True
    after_this_request(lambda response: _remember_device(services().settings, response, user.email, user.fs_uniquifier))


def _after_password_change(_app: Flask, user: User, **_more: object) -> None:
    """A new password ends every session but this one, and the links to choose another. Its owner gets a message."""
    services().accounts.session.commit()  # the new password, which would lock out the next transaction
    seat, now = session.get("seat", ""), services().clock()
    log.info("%s has a new password", user.person)
    with services().accounts.work() as db:
        login_sessions.end_sessions(db, user, now, except_secret=seat, reason=EndReason.CHANGED)
        one_time_links.end_links(db, user, now)
        queue_account_message(db, user, "password_changed", now)


def _after_new_passkey(_app: Flask, user: User, **_more: object) -> None:
    """Stored in the transaction of the new passkey."""
    log.info("%s added a passkey", user.person)
    queue_account_message(services().accounts.session(), user, "passkey_added", services().clock())


def _after_removed_passkey(_app: Flask, user: User, **_more: object) -> None:
    log.info("%s removed a passkey", user.person)
    queue_account_message(services().accounts.session(), user, "passkey_removed", services().clock())


def _attempt_keys(settings: Settings) -> dict[str, str]:
    """Keys for counting: a second factor counts for the account of its password, a confirmation by itself.

    So strangers who guess at the sign-in page do not stop a person who is signed in from confirming.
    """
    address = request.remote_addr or ""
    if request.endpoint in CONFIRMING_ENDPOINTS:
        confirmation = current_user.email if current_user.is_authenticated else ""
        return login_attempts.attempt_keys(confirmation=confirmation, address=address)
    if request.endpoint == LOGIN_ENDPOINT:
        account = _normalized_email(request.form.get("email", ""))
    else:  # never trust an address in such a form
        account = str(session.get("tf_user_id", ""))
    return _account_keys(settings, account, address)


def _account_keys(settings: Settings, account: str, address: str = "") -> dict[str, str]:
    """Keys for an account: in a browser where it signed in before, neither guesses made elsewhere nor others count."""
    if device := known_devices.known_device(settings, _device_cookie(), account):
        return login_attempts.attempt_keys(device=f"{account} {device}")
    return login_attempts.attempt_keys(account=account, address=address)


def _device_cookie_name() -> str:
    return cookie_name(known_devices.DEVICE_COOKIE, is_secure=current_app.config["SESSION_COOKIE_SECURE"])


def _device_cookie() -> str:
    return request.cookies.get(_device_cookie_name(), "")


def _remember_device(settings: Settings, response: Response, *accounts: str) -> Response:
    response.set_cookie(
        _device_cookie_name(),
        known_devices.remember_device(settings, _device_cookie(), *accounts),
        max_age=known_devices.DEVICE_TTL,
        path=current_app.config["SESSION_COOKIE_PATH"],
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return response


def _normalized_email(email: str) -> str:
    """An address has many spellings; normalize it so that all count for one account."""
    try:
        return str(current_app.extensions["security"].mail_util.normalize(email))
    except EmailValidateException:
        return email


def _refuse_guessing() -> BaseResponse | None:
    if request.endpoint == "security.logout" and current_user.is_authenticated:
        log.info("%s signed out", current_user.person)
        end_login_session(services())
    if request.endpoint in SECOND_FACTOR_ENDPOINTS and current_user.is_authenticated:
        return redirect(current_app.config["SECURITY_POST_LOGIN_VIEW"])  # the library would sign the person out
    if request.endpoint not in COUNTED_ENDPOINTS or request.method != "POST":
        return None
    if request.is_json:  # the library accepts JSON, but such attempts would not be counted
        abort(400, _("Send this as a form."))
    with services().accounts.work() as db:
        if not login_attempts.is_blocked(db, _attempt_keys(services().settings), services().clock()):
            return None
    log.warning("an attempt after too many failed ones is refused at %s", request.endpoint)
    sentence = _("There were too many failed attempts to sign in. Wait 15 minutes, or ask an administrator.")
    return Response(render_template("staff/refused.html", status=429, sentences=[sentence]), 429)


def _count_attempts(response: Response) -> Response:
    if request.endpoint in COUNTED_ENDPOINTS and request.method == "POST" and response.status_code != 429:
        with services().accounts.work() as db:
            if response.status_code == 200:
                log.warning("an attempt failed at %s", request.endpoint)
                login_attempts.record_failure(db, _attempt_keys(services().settings), services().clock())
            elif response.status_code == 302 and request.endpoint in CONFIRMING_ENDPOINTS:
                login_attempts.clear_failures(db, _attempt_keys(services().settings))
    return response
