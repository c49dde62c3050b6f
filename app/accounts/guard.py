"""Everything under /staff/ is closed: a page that names no permission is shown to nobody."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, abort, current_app, g, redirect, render_template, request, url_for
from flask_security import current_user

from app.accounts.people import EVERY, Person, person_of
from app.accounts.security import BEFORE, ENDPOINTS, holds_seat
from app.permissions import NotAllowed
from app.web.local import told
from app.web.texts import speak

ANYBODY, SIGNED_IN = "anybody", "signed in"


def allowed(permission: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare what a staff page asks for: a permission in the register of its address, or one of the two above."""

    def declare(view: Callable[..., Any]) -> Callable[..., Any]:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return declare


def current_person() -> Person:
    person: Person = g.person
    return person


def add_guard(app: Flask) -> None:
    app.before_request(_guard)
    app.register_error_handler(NotAllowed, _not_allowed)
    app.context_processor(lambda: {"person": g.get("person")})


def _guard() -> Any:
    if not request.path.startswith("/staff") or request.endpoint is None:
        return None
    permission = permission_of(request.endpoint)
    if permission is None:
        abort(404)
    if permission == ANYBODY:
        return None
    was = current_user._get_current_object() if current_user.is_authenticated else None
    if not holds_seat():
        back = request.method == "GET" or (was is not None and current_app.extensions["keep typed"](was))
        return redirect(url_for("security.login", next=request.full_path.rstrip("?") if back else None))
    g.person = person_of(current_user)
    speak(g.person.language)
    if permission != SIGNED_IN:
        g.person.require(permission, (request.view_args or {}).get("register", EVERY))
    return None


def permission_of(endpoint: str) -> str | None:
    """What a page of staff asks for; None where nobody has said."""
    if endpoint in ENDPOINTS:
        return ANYBODY if endpoint in BEFORE else SIGNED_IN
    return getattr(current_app.view_functions[endpoint], "permission", None)


def _not_allowed(error: NotAllowed) -> Response:
    return Response(render_template("staff/refused.html", status=403, sentences=[told(error.refusal)]), 403)
