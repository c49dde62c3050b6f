"""Sign-in: Flask-Security with our own tables, pages and session rows."""

from datetime import timedelta

from flask import Flask, Response, abort, current_app, render_template, request, session
from flask_security import (
    EmailValidateException,
    Security,
    SQLAlchemySessionUserDatastore,
    UserMixin,
    WebauthnUtil,
    current_user,
    logout_user,
)
from flask_security.signals import user_authenticated
from flask_wtf import CSRFProtect
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from werkzeug.local import LocalProxy

from app.adapters.settings import Settings
from app.entrypoints.http.services import services
from app.presentation.i18n.translation import _
from app.services.accounts import login_attempts, login_sessions
from app.services.accounts.models import Role, User, WebAuthn
from app.services.accounts.provider import Provider
from app.services.accounts.web_secrets import WebSecrets, load_web_secrets
from app.services.container import Services

LOGIN_ENDPOINT = "security.login"
SECRET_ENDPOINTS = (LOGIN_ENDPOINT, "security.two_factor_token_validation", "security.mf_recovery")
"""Pages where a person who is not signed in types a secret."""
COUNTED_ENDPOINTS = (*SECRET_ENDPOINTS, "security.verify", "security.change_password")
"""Pages where login attempts are counted."""
SIGN_IN_ENDPOINTS = (*SECRET_ENDPOINTS, "security.tf_select", "security.wan_signin", "security.wan_signin_response")
"""The library's pages for people who are not signed in."""
SECURITY_ENDPOINTS = (
    *SIGN_IN_ENDPOINTS,
    *("security.logout", "security.verify", "security.change_password", "security.mf_recovery_codes"),
    *("security.two_factor_setup", "security.two_factor_setup_validate"),
    *("security.wan_register", "security.wan_register_response", "security.wan_delete"),
    *("security.wan_verify", "security.wan_verify_response"),
)
"""The library's pages that we use; its other pages are closed."""


class AnyAuthenticator(WebauthnUtil):
    """Allows passkeys of this device, of a phone or of a security key; the library allows only the last kind."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        self.base = app.extensions["uptake"].settings.base_url

    def origin(self) -> str:
        """The public address, which differs from the request's behind a proxy."""
        return str(self.base)

    def authenticator_selection(self, user: UserMixin, usage: str) -> AuthenticatorSelectionCriteria:
        alone = usage == "first"  # the passkey alone must identify the account
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED if alone else ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        )


def _session_settings(settings: Settings, keys: WebSecrets) -> dict[str, object]:
    """Flask and Flask-Security settings for sessions, passwords and pages."""
    return {
        "SECRET_KEY": keys.session,
        "SESSION_COOKIE_NAME": "uptake_staff",
        "SESSION_COOKIE_PATH": "/staff",  # never sent to the public pages
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.base_url.startswith("https:"),
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
        "SECURITY_FLASH_MESSAGES": False,
    }


def _second_factor_settings(keys: WebSecrets) -> dict[str, object]:
    """Flask-Security settings for authenticator apps, recovery codes and passkeys."""
    return {
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_SETUP_URL": "/account/second-factor",
        "SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL": "/second-factor",
        "SECURITY_TWO_FACTOR_SELECT_URL": "/second-factor/which",
        "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": "/staff/account/",
        "SECURITY_TOTP_SECRETS": {"1": keys.totp},
        "SECURITY_TOTP_ISSUER": "Uptake",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_URL": "/account/recovery-codes",
        "SECURITY_MULTI_FACTOR_RECOVERY_URL": "/recovery",
        "SECURITY_WEBAUTHN": True,
        "SECURITY_WAN_RP_NAME": "Uptake",
        "SECURITY_WAN_REGISTER_URL": "/account/passkeys",
        "SECURITY_WAN_SIGNIN_URL": "/passkey",
        "SECURITY_WAN_VERIFY_URL": "/confirm/passkey",
        "SECURITY_WAN_DELETE_URL": "/account/passkeys/remove",
        "SECURITY_WAN_ALLOW_USER_HINTS": False,  # hints would reveal which addresses have an account
        "SECURITY_WAN_POST_REGISTER_VIEW": "/staff/account/",
        "SECURITY_USE_VERIFY_PASSWORD_CACHE": False,
    }


def add_security(app: Flask, container: Services) -> None:
    keys = load_web_secrets(container.settings)
    app.config.update(_session_settings(container.settings, keys), **_second_factor_settings(keys))
    CSRFProtect(app)
    store = SQLAlchemySessionUserDatastore(LocalProxy(lambda: container.accounts.session), User, Role, WebAuthn)  # type: ignore[arg-type]
    security = Security(app, store, register_blueprint=True, webauthn_util_cls=AnyAuthenticator)
    security.want_json(lambda _request: False)  # failures are counted by status, which only pages show
    user_authenticated.connect(_start_login_session, app)
    provider = app.extensions["provider"] = Provider(container.settings) if container.settings.oidc_issuer else None
    app.context_processor(lambda: {"provider": provider})
    app.before_request(_refuse_guessing)
    app.after_request(_count_attempts)
    app.teardown_appcontext(lambda _error: container.accounts.release() if "accounts" in container.__dict__ else None)


def has_login_session(services: Services) -> bool:
    """Is the person signed in with a session that is still active?"""
    if not current_user.is_authenticated:
        return False
    with services.accounts.work() as db:
        if login_sessions.is_valid(db, session.get("seat", ""), current_user, services.clock()):
            return True
        ran_out = login_sessions.has_expired(db, session.get("seat", ""), current_user)
    before, token = current_user.id, session.get("csrf_token")
    logout_user()
    session.clear()
    if ran_out and token:  # keeps a form that is still open in this browser
        session.update(before=before, csrf_token=token)
    return False


def end_login_session(services: Services) -> None:
    with services.accounts.work() as db:
        login_sessions.end_sessions(db, current_user, services.clock(), secret=session.get("seat", "none"))


def hash_new_password(password: str, user: User) -> str:
    """Returns the hash to store. Raises `ValueError` with sentences if the password is too weak."""
    from flask_security import hash_password

    problems, normal = current_app.extensions["security"].password_util.validate(password, False, user=user)
    if problems:
        raise ValueError(*(str(p) for p in problems))
    return str(hash_password(normal))


def _start_login_session(_app: Flask, user: User, **_more: object) -> None:
    services().accounts.session.commit()  # a password hash that was just renewed would lock out the next transaction
    with services().accounts.work() as db:
        session["seat"] = login_sessions.start_session(
            db, user, request.headers.get("User-Agent", ""), services().clock()
        )
    session.pop("before", None)
    session.permanent = True


def _attempt_keys() -> dict[str, str]:
    """Keys for counting: a second factor counts for the account of its password, a confirmation for its own."""
    if request.endpoint == LOGIN_ENDPOINT:
        account = _normalized_email(request.form.get("email", ""))
    else:  # never trust an address in such a form
        account = current_user.email if current_user.is_authenticated else str(session.get("tf_user_id", ""))
    return login_attempts.attempt_keys(account=account, address=request.remote_addr or "")


def _normalized_email(email: str) -> str:
    """An address has many spellings; normalize it so that all count for one account."""
    try:
        return str(current_app.extensions["security"].mail_util.normalize(email))
    except EmailValidateException:
        return email


def _refuse_guessing() -> Response | None:
    if request.endpoint == "security.logout" and current_user.is_authenticated:
        end_login_session(services())
    if request.endpoint not in COUNTED_ENDPOINTS or request.method != "POST":
        return None
    if request.is_json:  # the library accepts JSON, but such attempts would not be counted
        abort(400, _("Send this as a form."))
    with services().accounts.work() as db:
        if not login_attempts.is_blocked(db, _attempt_keys(), services().clock()):
            return None
    sentence = _("There were too many failed attempts to sign in. Wait 15 minutes, or ask an administrator.")
    return Response(render_template("staff/refused.html", status=429, sentences=[sentence]), 429)


def _count_attempts(response: Response) -> Response:
    if request.endpoint in COUNTED_ENDPOINTS and request.method == "POST" and response.status_code != 429:
        with services().accounts.work() as db:
            if response.status_code == 200:
                login_attempts.record_failure(db, _attempt_keys(), services().clock())
            elif response.status_code == 302:  # not a request that was refused before its password was checked
                login_attempts.clear_failures(db, _attempt_keys())
    return response
