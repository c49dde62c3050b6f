"""Refuses requests for another host. The addresses of this site never come from a request."""

from urllib.parse import urlsplit, urlunsplit

from flask import Flask, Response, redirect, request

from app.entrypoints.http.errors import error_response
from app.entrypoints.http.host_names import host_name, is_known_host
from app.entrypoints.http.services import services
from app.presentation.i18n.translation import _

CHECKS = ("healthz", "readyz", "metrics")
"""Endpoints that load balancers and monitors ask for under the address of a single machine."""


def add_host_check(app: Flask) -> None:
    app.before_request(_refuse_unknown_host)
    app.after_request(_redirect_within_site)


def _refuse_unknown_host() -> Response | None:
    base_url = services().settings.base_url
    if request.endpoint in CHECKS or is_known_host(host_name(request.host), base_url):
        return None
    sentences = [
        _("This site is at another address: %(address)s. Go there.", address=f"{base_url}/"),
        _(
            "If you run this site: set UPTAKE_BASE_URL to the address that people use, and let the proxy pass on the "
            "header “Host”."
        ),
    ]
    return error_response(services(), 421, sentences)


def _redirect_within_site(response: Response) -> Response:
    """Leave scheme and host out of a redirect to this site: behind a proxy, a request comes without TLS."""
    parts = urlsplit(response.headers.get("Location", ""))
    if parts.netloc and parts.netloc == request.host:
        location = urlunsplit(("", "", "/" + parts.path.lstrip("/"), parts.query, parts.fragment))
        response.headers["Location"], response.data = location, redirect(location).data
    return response
