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
from app.entrypoints.http.database_errors import add_database_errors
from app.entrypoints.http.errors import register_errors
from app.entrypoints.http.guard import add_guard, limit_forms_of_strangers
from app.entrypoints.http.headers import add_headers
from app.entrypoints.http.hosts import add_host_check
from app.entrypoints.http.languages import add_languages
from app.entrypoints.http.page_scopes import add_page_scopes
from app.entrypoints.http.replica_reads import ReplicaReads, add_replica_reads
from app.entrypoints.http.security import add_security
from app.entrypoints.http.shared_caches import add_shared_caching
from app.entrypoints.http.site import Site
from app.entrypoints.http.site_files import site_files
from app.entrypoints.http.staff_bar import add_staff_bar
from app.entrypoints.http.terms import add_terms
from app.entrypoints.http.url_converters import DayConverter, IdentConverter, NumberConverter, RegisterConverter
from app.entrypoints.http.url_rules import LazyRule
from app.entrypoints.http.urls import absolute_url, with_parameters
from app.entrypoints.public import public
from app.entrypoints.public.error_reports import report_error
from app.entrypoints.public.follow import confirm_follow, follow, has_mail_server, stop_following
from app.entrypoints.staff import staff
from app.entrypoints.staff.account.shortcuts import add_shortcuts
from app.entrypoints.staff.account.sign_in_outcomes import add_sign_in_outcomes
from app.entrypoints.staff.clock import add_clock
from app.entrypoints.staff.confirmation import add_confirmations
from app.entrypoints.staff.evidence.source_support import add_source_support
from app.entrypoints.staff.outcomes import add_outcomes
from app.entrypoints.staff.people.roles import add_role_names
from app.entrypoints.staff.proposals.drafts import add_drafts
from app.entrypoints.staff.sent_forms import add_sent_forms
from app.entrypoints.staff.titles import add_titles
from app.entrypoints.staff.workspace_bar import add_workspace_bar
from app.presentation.charts.drawing import GLOBALS as DRAWINGS
from app.presentation.i18n.labels import FILTERS
from app.presentation.narrative.status_dates import GLOBALS as STATUS_DATES
from app.services.container import Services


class _OrderedJson(DefaultJSONProvider):
    """JSON with keys in the given order, and with letters as they are."""

    sort_keys = False
    ensure_ascii = False


def create_app(services: Services, reads: ReplicaReads | None = None) -> Flask:
    """Create the application. Call it after the process has forked, since it opens connections.

    With `reads`, the public is answered from a read replica while that is up to date.
    """
    app = Site(
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
    app.url_rule_class = LazyRule
    app.url_map.converters |= {"register": RegisterConverter, "ident": IdentConverter}
    app.url_map.converters |= {"day": DayConverter, "number": NumberConverter}
    app.url_map.strict_slashes = True
    if services.settings.metrics_token:
        from app.bootstrap.metrics import add_metrics  # slow to load, and not always needed

        add_metrics(app)
    add_shared_caching(app)  # first, so that its part of a response comes last
    if reads:
        add_replica_reads(app, reads)
    add_languages(app)
    add_host_check(app)
    app.before_request(limit_forms_of_strangers)
    add_database_errors(app)
    add_assets(app)
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(again=with_parameters, absolute=absolute_url, **DRAWINGS, **STATUS_DATES)
    app.jinja_env.globals["sends_mail"] = lambda: has_mail_server(services)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    add_security(app, services)
    add_titles(app)  # before the guard, whose refusals name things too
    add_guard(app)
    add_drafts(app)
    add_sent_forms(app)
    add_outcomes(app)
    add_role_names(app)
    add_shortcuts(app)
    add_clock(app)
    add_source_support(app)
    add_sign_in_outcomes(app)
    add_confirmations(app)
    add_staff_bar(app)
    add_page_scopes(app)
    add_terms(app)
    add_workspace_bar(app)
    app.register_blueprint(staff)
    app.register_blueprint(public)
    app.register_blueprint(site_files)
    app.register_blueprint(api)
    app.extensions["csrf"].exempt(api)  # a foreign page cannot send a token in a header
    for view in (report_error, follow, confirm_follow, stop_following):
        app.extensions["csrf"].exempt(view)  # no one is signed in there
    add_health(app)
    if services.settings.development:
        add_style_page(app)
    register_errors(app)
    app.after_request(add_headers)
    return app
