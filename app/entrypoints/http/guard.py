"""Guards every page under /staff/: a page that declares no permission answers 404."""

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from flask_security.utils import check_and_update_authn_fresh

from app.entrypoints.http.errors import RequestProblem, handle_request_problem
from app.entrypoints.http.security import ENDED_SESSION, SECURITY_ENDPOINTS, SIGN_IN_ENDPOINTS, has_login_session, log
from app.entrypoints.http.services import services
from app.presentation.i18n.languages import LANGUAGES, SOURCE
from app.presentation.i18n.localize import refusal_text
from app.presentation.i18n.person_labels import person_label
from app.presentation.i18n.translation import _, set_language
from app.services.accounts import second_factor
from app.services.accounts.actors import Person
from app.services.accounts.people import names_for_staff, person_of
from app.services.accounts.permissions import ALL_REGISTERS, NotAllowed
from app.services.container import Services

ANYONE, SIGNED_IN = "anyone", "signed in"
PAGE_FIELD = "on_page"
"""The field with the address of the page, in a form that holds all fields and buttons of its page."""
LARGEST_FORM_OF_STRANGERS = 128 * 1024
"""In bytes. What anyone may send is repeated on the page when it is refused, so it must stay small."""


WITHOUT_SECOND_FACTOR = {
    *("staff.second_factor", "staff.set_up_second_factor", "security.logout"),
    *("security.verify", "security.wan_verify", "security.wan_verify_response"),
}
"""The pages that a person without a required second factor can open: those that lead to one, and the way out."""

View = TypeVar("View", bound=Callable[..., object])


def allowed(permission: str, *, fresh: bool = False) -> Callable[[View], View]:
    """Declare the permission that a staff page needs: one in the register of its address, or one of the two above.

    A `fresh` page also asks a person who signed in a while ago to confirm their identity.
    """

    def declare(view: View) -> View:
        view.permission, view.fresh = permission, fresh  # type: ignore[attr-defined]
        return view

    return declare


def current_person() -> Person:
    person: Person = g.person
    return person


def add_guard(app: Flask) -> None:
    app.before_request(_guard)
    app.register_error_handler(NotAllowed, _not_allowed)
    app.context_processor(lambda: {"person": g.get("person")})
    app.jinja_env.filters["colleague"] = _name_of_colleague


def _name_of_colleague(person: str) -> str:
    return colleague_name(services(), person)


def colleague_name(services: Services, person: str) -> str:
    """How staff pages call a person; each name is read once per request."""
    names: dict[str, str] = g.setdefault("names", {})
    if person not in names:
        with services.accounts.work() as db:
            names[person] = str(person_label(names_for_staff(db, [person]), person))
    return names[person]


def limit_forms_of_strangers() -> None:
    """Runs before anything reads a form: no one needs an account to send these."""
    if request.method == "POST" and request.endpoint in current_app.view_functions:
        is_public = request.endpoint.startswith("public.")
        if is_public or (request.path.startswith("/staff") and permission_of(request.endpoint) == ANYONE):
            request.max_content_length = LARGEST_FORM_OF_STRANGERS


def _guard() -> ResponseReturnValue | None:
    if not request.path.startswith("/staff") or request.endpoint is None:
        return None
    permission = permission_of(request.endpoint)
    if permission is None:
        abort(404)
    if any("\0" in text for texts in request.form.listvalues() for text in texts):  # PostgreSQL cannot store NUL
        abort(400, _("The text contains an invalid character. Retype it."))
    if permission == ANYONE:
        set_language(request.accept_languages.best_match(LANGUAGES) or SOURCE)
        return None
    if not has_login_session(services()):
        if request.method == "POST" and ENDED_SESSION in session:
            current_app.extensions["keep_form"](services(), session[ENDED_SESSION])
        back = request.method == "GET" or ENDED_SESSION in session
        return redirect(url_for("security.login", next=page_of_form() if back else None))
    g.person = person_of(current_user)
    set_language(g.person.language)
    if permission != SIGNED_IN:
        _require(services(), permission)
    if first := _page_before_this(services()):
        if request.method == "POST":
            current_app.extensions["save_form"](services(), current_user.id)
        return redirect(first)
    return None


def _page_before_this(services: Services) -> str:
    """The page that comes first: the set-up of a required second factor, or a new proof of who it is."""
    if request.endpoint not in WITHOUT_SECOND_FACTOR and second_factor.is_missing(services.settings, current_user):
        return url_for("staff.second_factor")
    return url_for("security.verify", next=page_of_form()) if request.method == "POST" and _is_stale() else ""


def _require(services: Services, permission: str) -> None:
    """Raises `NotAllowed`. Keeps a form that was sent after its sender lost the role."""
    try:
        g.person.require(permission, (request.view_args or {}).get("register", ALL_REGISTERS))
    except NotAllowed:
        g.kept_for_role = request.method == "POST" and current_app.extensions["save_form"](services, current_user.id)
        raise


def _is_stale() -> bool:
    """Is a recent sign-in needed, and is this one too old?"""
    if not getattr(current_app.view_functions[request.endpoint or ""], "fresh", False):
        return False
    within = current_app.config["SECURITY_FRESHNESS"], current_app.config["SECURITY_FRESHNESS_GRACE_PERIOD"]
    return not check_and_update_authn_fresh(*within)


def page_of_form() -> str:
    """Returns the page with the form that was sent.

    It is the one that the form names, this address, or the referring one if this only accepts POST.
    """
    if is_staff_page(page := request.form.get(PAGE_FIELD, "")):
        return page
    addresses = current_app.create_url_adapter(request)
    assert addresses is not None  # None only outside a request
    if addresses.test(method="GET"):
        return request.full_path.rstrip("?")
    came_from = urlsplit(request.referrer or "")
    page = came_from.path + (f"?{came_from.query}" if came_from.query else "")
    return page if is_staff_page(page) else "/staff/"


def is_staff_page(address: str) -> bool:
    """Whether a text that a browser sent is the address of a page under /staff/, so that an answer can lead there."""
    return address.startswith("/staff/") and address.isprintable() and "\\" not in address


def permission_of(endpoint: str) -> str | None:
    """Returns the permission that a staff page needs; None if it declares none."""
    if endpoint in SECURITY_ENDPOINTS:
        return ANYONE if endpoint in SIGN_IN_ENDPOINTS else SIGNED_IN
    return getattr(current_app.view_functions[endpoint], "permission", None)


def _not_allowed(error: NotAllowed) -> Response:
    person: Person | None = g.get("person")
    log.warning("%s was refused at %s", person.id if person else "a token", request.endpoint)
    if request.path.startswith("/api/"):
        return handle_request_problem(RequestProblem(403, str(error)))
    sentences = [refusal_text(error.refusal)]
    if g.get("kept_for_role"):
        sentences.append(_("What you typed is kept as a draft. You find it in the form when you get the role back."))
    return Response(render_template("staff/refused.html", status=403, sentences=sentences), 403)
