"""Security headers for every page: nothing from other sites, nothing inline, no framing."""

from flask import Response, request

from app.entrypoints.http.assets import IMMUTABLE_CACHE_CONTROL, is_current_asset
from app.entrypoints.http.services import services

YEAR_SECONDS = 365 * 24 * 3600
"""Strict-Transport-Security, in seconds; other subdomains are not ours, so they are not included."""

POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
STAFF_POLICY = POLICY.replace("img-src 'self'", "img-src 'self' data:") + "; script-src 'self'; connect-src 'self'"
"""Staff pages may run our own scripts, for passkeys and convenience."""
PAGES_WITH_SCRIPT = {"public.verify", "public.scorecard", "public.recommendation"}
"""Public pages that a script of our own makes easier to use: it checks a package, or copies a link."""
ABOUT_SIGNATURES = {
    *("public.verify", "public.checkpoints", "public.checkpoint_file", "public.checkpoint_feed"),
    *("public.newest_checkpoint", "public.package_log_proof", "site.public_keys", "api.checkpoint"),
    "api.checkpoint_list",
}
"""What depends on keys and checkpoints, which change without an entry of the record: not for the cache in front."""
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def add_headers(response: Response) -> Response:
    if request.endpoint == "static" and response.status_code == 200 and is_current_asset(request.full_path):
        response.headers["Cache-Control"] = IMMUTABLE_CACHE_CONTROL
    if response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "public, no-cache")
    if request.endpoint in ABOUT_SIGNATURES:
        response.headers["Cache-Control"] = "no-cache"
    if request.path.startswith("/staff"):
        response.headers["Cache-Control"] = "no-store"
        response.headers.setdefault("Content-Security-Policy", STAFF_POLICY)
    if request.endpoint == "security.logout" and response.status_code == 302:
        response.headers["Clear-Site-Data"] = '"cache", "storage"'  # not cookies: the browser stays known
    if request.endpoint in PAGES_WITH_SCRIPT:
        response.headers["Content-Security-Policy"] = POLICY + "; script-src 'self'"
    if services().settings.base_url.startswith("https:"):
        response.headers["Strict-Transport-Security"] = f"max-age={YEAR_SECONDS}"
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
