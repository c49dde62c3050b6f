"""What caches between this site and its readers may keep, and under which keys; without the setting they keep nothing.

Closed by default: only a public page that depends on public events of known registers may be kept, and nothing of
anyone who is signed in.
"""

from flask import Flask, Response, g, request

from app.entrypoints.http.assets import IMMUTABLE_CACHE_CONTROL
from app.entrypoints.http.cached_response import SHARED_DIRECTIVE
from app.entrypoints.http.page_scopes import scope_of
from app.entrypoints.http.services import services
from app.entrypoints.http.staff_bar import asks_for_bar
from app.services.purging import ALL_PAGES_KEY, SITE_KEY, register_key
from app.services.site_state import SITE, WHOLE_STORE

STALE_ON_ERROR_SECONDS = 24 * 3600
FINAL_WHEN_PINNED = frozenset(
    {
        *("public.over_time_chart", "public.scorecard_chart", "public.recommendation_chart", "public.badge"),
        *("public.badge_of_recommendation", "public.picture", "public.picture_of_theme", "public.picture_of_body"),
        *("public.picture_of_recommendation", "public.embed", "public.scorecard", "public.theme", "public.body"),
    }
)
"""The endpoints whose pages never change once both of their dates are past. Pages with texts of sources are not among
them, since such a text can be removed permanently; nor are answers that name the position of the log."""


def add_shared_caching(app: Flask) -> None:
    """Register this before other functions that run after a request, so that it sees what they decided."""
    app.after_request(_allow_shared_caching)


def _allow_shared_caching(response: Response) -> Response:
    seconds = services().settings.cdn_seconds
    if not seconds:
        return response
    response.headers.setdefault("Cache-Control", "no-store")  # without it, a cache may guess
    scope = scope_of(request.endpoint or "", (request.view_args or {}).get("register", ""))
    if scope == WHOLE_STORE or not _is_public(response):
        return response
    if g.get("is_final") and request.endpoint in FINAL_WHEN_PINNED:
        response.headers["Cache-Control"] = IMMUTABLE_CACHE_CONTROL
        response.headers["Surrogate-Key"] = ALL_PAGES_KEY
    else:
        response.headers["Cache-Control"] = (
            f"public, max-age=0, {SHARED_DIRECTIVE}={seconds}, stale-while-revalidate={seconds},"
            f" stale-if-error={STALE_ON_ERROR_SECONDS}"
        )
        response.headers["Surrogate-Key"] = " ".join(_keys(scope))
    return response


def _is_public(response: Response) -> bool:
    control = response.headers.get("Cache-Control", "")
    return (
        request.method in ("GET", "HEAD")
        and response.status_code in (200, 304)
        and control == "public, no-cache"
        and "Set-Cookie" not in response.headers
        and "Authorization" not in request.headers
        and not asks_for_bar()
    )


def _keys(scope: str) -> list[str]:
    """All pages; then the site, or the register, the kind of page in it, and the recommendation."""
    if scope == SITE:
        return [ALL_PAGES_KEY, SITE_KEY]
    kind = (request.endpoint or "").partition(".")[2]
    keys = [ALL_PAGES_KEY, register_key(scope), f"{register_key(scope)}:kind:{kind}"]
    recommendation = (request.view_args or {}).get("recommendation")
    return [*keys, f"{register_key(scope)}:recommendation:{recommendation}"] if recommendation else keys
