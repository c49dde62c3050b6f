"""Sign-in, and confirmation of identity, with a single sign-on provider."""

import time
from hmac import compare_digest

import msgspec
from flask import abort, current_app, redirect, render_template, request, session, url_for
from flask_security import current_user, login_user
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import ANYONE, SIGNED_IN, allowed
from app.entrypoints.http.security import has_login_session
from app.entrypoints.http.services import services
from app.entrypoints.staff.account.sign_in_outcomes import say_confirmed
from app.entrypoints.staff.account.welcome import announce_welcome
from app.entrypoints.staff.blueprint import staff
from app.presentation.i18n.localize import refusal_text
from app.presentation.i18n.translation import set_language
from app.services.accounts.identities import account_of
from app.services.accounts.identity_claims import IdentityClaims
from app.services.accounts.models import User
from app.services.accounts.provider import PendingSignIn, Provider
from app.services.container import Services
from domain.errors import Refused, refusal

SIGN_IN_TIMEOUT_SECONDS = 15 * 60
"""How long a sign-in at the provider may take."""
CLOCK_LEEWAY_SECONDS = 60
PageOrRedirect = tuple[str, int] | Response


@staff.get("/provider/")
@allowed(ANYONE)
def at_provider() -> PageOrRedirect:
    """A GET page, because our content security policy forbids forms that redirect to other sites."""
    return _redirect_to_provider(again=False)


@staff.get("/provider/confirm/")
@allowed(SIGNED_IN)
def confirm_at_provider() -> PageOrRedirect:
    return _redirect_to_provider(again=True)


@staff.get("/provider/back/")
@allowed(ANYONE)
def back_from_provider() -> PageOrRedirect:
    provider = _provider()
    try:
        begun = _pending_sign_in()
        if error := request.args.get("error"):
            raise Refused(_error_sentence(error, provider))
        if begun.again and not has_login_session(services()):
            return redirect(url_for("security.login", next=begun.next))
        claims = provider.finish(begun, request.args.get("code", ""))
        with services().accounts.work() as db:
            user, is_accepted = account_of(db, claims, provider.label, services().clock())
            if begun.again:
                _require_same(user, claims, begun, provider)
    except Refused as refused:
        return _refused_page(refused)
    if not begun.again:
        _sign_in(services(), user.id, is_accepted=is_accepted)
    # A sign-in that is old at the provider is not fresh here.
    session["fs_paa"] = min(time.time(), claims.signed_in_at or time.time())
    if begun.again:
        say_confirmed()
    return redirect(begun.next)


def _sign_in(services: Services, account: int, *, is_accepted: bool) -> None:
    """Sign in; a person who accepted an invitation by it is welcomed, as with a password."""
    user = services.accounts.session.get_one(User, account)
    login_user(user, authn_via=["oidc"])
    if is_accepted:
        set_language(user.language)
        announce_welcome(services, user)


def _redirect_to_provider(*, again: bool) -> PageOrRedirect:
    target = request.args.get("next", "")
    is_staff_page = target.startswith("/staff/") and "\\" not in target
    try:
        url, begun = _provider().begin(target if is_staff_page else "/staff/", again=again)
    except Refused as refused:
        return _refused_page(refused)
    session["provider"] = msgspec.to_builtins(begun)
    return redirect(url)


def _pending_sign_in() -> PendingSignIn:
    """Takes the pending sign-in from the session. Raises `Refused` if there is none or it has timed out."""
    state = session.pop("provider", None)
    begun = msgspec.convert(state, PendingSignIn) if state else None
    matches_state = begun and compare_digest(begun.state.encode(), request.args.get("state", "").encode())
    if begun is None or not matches_state or time.time() - begun.at > SIGN_IN_TIMEOUT_SECONDS:
        raise Refused(refusal("This sign-in was started in another browser or has timed out. Sign in again."))
    return begun


def _error_sentence(error: str, provider: Provider) -> str:
    if error == "access_denied":
        return refusal("The sign-in with {provider} was cancelled. Try again.", provider=provider.label)
    return refusal("{provider} did not sign you in. Try again later.", provider=provider.label)


def _require_same(user: User, claims: IdentityClaims, begun: PendingSignIn, provider: Provider) -> None:
    """Raises `Refused` unless the person of this session has just signed in at the provider."""
    if user.id != current_user.id:
        raise Refused(refusal("You signed in with {provider} as a different person.", provider=provider.label))
    if not claims.signed_in_at or claims.signed_in_at < begun.at - CLOCK_LEEWAY_SECONDS:
        raise Refused(
            refusal(
                "{provider} did not ask you to confirm your identity. Use another way to confirm it.",
                provider=provider.label,
            )
        )


def _provider() -> Provider:
    provider: Provider | None = current_app.extensions["provider"]
    return provider or abort(404)


def _refused_page(refused: Refused) -> PageOrRedirect:
    return render_template("staff/refused.html", status=403, sentences=[refusal_text(r) for r in refused.refusals]), 403
