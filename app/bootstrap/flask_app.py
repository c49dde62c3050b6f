"""Creates the Flask application."""

from pathlib import Path

from flask import Flask
from flask.json.provider import DefaultJSONProvider
from werkzeug.middleware.proxy_fix import ProxyFix

from app.adapters import resources
from app.bootstrap.health import add_health
from app.bootstrap.style import add_style_page
from app.entrypoints.api import api
from app.entrypoints.http.assets import add_assets
from app.entrypoints.http.errors import register_errors
from app.entrypoints.http.guard import add_guard
from app.entrypoints.http.headers import add_headers
from app.entrypoints.http.languages import add_languages
from app.entrypoints.http.security import add_security
from app.entrypoints.http.url_converters import DayConverter, IdentConverter, NumberConverter, RegisterConverter
from app.entrypoints.http.urls import absolute_url, with_parameters
from app.entrypoints.public import public
from app.entrypoints.staff import staff
from app.entrypoints.staff.proposals.drafts import add_drafts
from app.presentation.charts.drawing import GLOBALS as DRAWINGS
from app.presentation.i18n.labels import FILTERS
from app.services.container import Services


class _OrderedJson(DefaultJSONProvider):
    """JSON with keys in the given order, and with letters as they are."""

    sort_keys = False
    ensure_ascii = False


def create_app(services: Services) -> Flask:
    """Create the application. Call it after the process has forked, since it opens connections."""
    app = Flask(
        "app",
        template_folder=str(resources.data_dir("templates")),
        static_folder=str(Path(__file__).parents[1] / "static"),
    )
    # Trust proxies for the client address only; the public address is a setting.
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=services.settings.proxies, x_proto=0)  # type: ignore[method-assign]
    app.config.update(MAX_CONTENT_LENGTH=max(33, services.settings.largest_file_mb + 8) * 2**20)
    app.config.update(MAX_FORM_MEMORY_SIZE=8 * 2**20, MAX_FORM_PARTS=20_000)  # tables of many rows
    app.json = _OrderedJson(app)
    app.extensions["uptake"] = services
    app.config["BASE_URL"] = services.settings.base_url
    app.url_map.converters |= {"register": RegisterConverter, "ident": IdentConverter}
    app.url_map.converters |= {"day": DayConverter, "number": NumberConverter}
    app.url_map.strict_slashes = True
    if services.settings.metrics_token:
        from app.bootstrap.metrics import add_metrics  # slow to load, and not always needed

        add_metrics(app)
    add_languages(app)
    add_assets(app)
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(again=with_parameters, absolute=absolute_url, **DRAWINGS)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    add_security(app, services)
    add_guard(app)
    add_drafts(app)
    app.register_blueprint(staff)
    app.register_blueprint(public)
    app.register_blueprint(api)
    app.extensions["csrf"].exempt(api)  # a foreign page cannot send a token in a header
    add_health(app)
    if services.settings.development:
        add_style_page(app)
    register_errors(app)
    app.after_request(add_headers)
    return app
