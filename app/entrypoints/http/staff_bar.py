"""The bar of staff on public pages and error pages: back to the workspace, and to where this page is edited.

A separate cookie without a secret asks for it. The cookie of the session is never sent to public pages, so the bar
proves nothing: each staff page checks the session itself.
"""

from flask import Flask, Response, current_app, g, has_request_context, request, url_for
from flask_security import current_user
from msgspec import Struct

from app.entrypoints.http.front_cache import BAR_COOKIES, BAR_VALUE
from app.presentation.i18n.translation import _
from app.services.accounts import login_sessions

PRIVATE_CACHE_CONTROL = "private, no-store"
_REGISTER_PAGES = (
    *("public.scorecard", "public.search", "public.changes", "public.corrections", "public.compare"),
    *("public.methodology", "public.download", "public.theme", "public.body"),
    *("public.bodies", "public.themes", "public.recommendations", "public.glossary", "public.press"),
    "public.calendar",
)
WITHOUT_EDITING = {"public.registers", "public.about", "public.verify", "public.checkpoints", "public.api_guide"}
"""Pages about the whole site: their bar leads home only."""
EDITED_AT = {
    **dict.fromkeys(_REGISTER_PAGES, "staff.desk"),
    "public.recommendation": "staff.recommendation",
    "public.reviews": "staff.stocktakings",
    "public.series": "staff.stocktakings",
    "public.review_series": "staff.stocktakings",
    "public.review": "staff.stocktaking",
}
"""By public page: the staff page where its content is edited, with the same names in the address."""
_NAMES = {
    "staff.desk": ("register",),
    "staff.recommendation": ("register", "recommendation"),
    "staff.stocktakings": ("register",),
    "staff.stocktaking": ("register", "review", "as_of"),
}


class StaffBar(Struct, frozen=True):
    """`address` and `label` lead to where the page is edited; both are empty where that is nowhere."""

    home: str
    address: str = ""
    label: str = ""


def add_staff_bar(app: Flask) -> None:
    app.jinja_env.globals["staff_bar"] = staff_bar
    app.after_request(_keep_cookie)


def asks_for_bar() -> bool:
    return any(request.cookies.get(name) == BAR_VALUE for name in BAR_COOKIES)


def staff_bar() -> StaffBar | None:
    """The bar of this page, or None for readers."""
    if not has_request_context() or not asks_for_bar():
        return None
    home = url_for("staff.home")
    if "error_register" in g:  # an error page; the item in its address may not exist
        register = g.error_register
        return (
            StaffBar(home, url_for("staff.desk", register=register), _labels("staff.desk"))
            if register
            else StaffBar(home)
        )
    target = EDITED_AT.get(request.endpoint or "")
    if target is None:
        return StaffBar(home)
    values = {name: (request.view_args or {})[name] for name in _NAMES[target]}
    return StaffBar(home, url_for(target, **values), _labels(target))


def _labels(target: str) -> str:
    return {
        "staff.desk": _("Edit this register"),
        "staff.recommendation": _("Edit this recommendation"),
        "staff.stocktakings": _("Edit these reviews"),
        "staff.stocktaking": _("Edit this review"),
    }[target]


def _keep_cookie(response: Response) -> Response:
    """Set the cookie for those who are signed in, remove it with the session, and keep the pages with it private."""
    if not request.path.startswith("/staff"):
        if asks_for_bar() and response.mimetype == "text/html":
            response.headers["Cache-Control"] = PRIVATE_CACHE_CONTROL
        return response
    if response.status_code == 503:  # the accounts may be away, and then no one knows who is signed in
        return response
    secure: bool = current_app.config["SESSION_COOKIE_SECURE"]
    if g.get("person") is not None and current_user.is_authenticated:
        if not asks_for_bar():
            response.set_cookie(
                BAR_COOKIES[secure],
                BAR_VALUE,
                max_age=login_sessions.MAX_AGE,
                httponly=True,
                samesite="Lax",
                secure=secure,
            )
    elif asks_for_bar() and not current_user.is_authenticated:
        response.delete_cookie(BAR_COOKIES[secure], httponly=True, samesite="Lax", secure=secure)
    return response
