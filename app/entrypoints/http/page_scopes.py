"""What each public page depends on, so that the front cache keeps it while that stays as it is."""

from flask import Flask, Response, request

from app.entrypoints.http.front_cache import SCOPE
from app.services.site_state import SITE, WHOLE_STORE

ABOUT_ONE_REGISTER = frozenset(
    {
        *("public.scorecard", "public.recommendation", "public.recommendations", "public.editions", "public.changes"),
        *("public.corrections", "public.compare", "public.compare_csv", "public.theme", "public.themes"),
        *("public.body", "public.bodies", "public.calendar", "public.due_calendar", "public.reviews", "public.review"),
        *("public.series", "public.review_series", "public.methodology", "public.glossary", "public.press"),
        *("public.download", "public.download_csv", "public.download_csv_for_people", "public.download_workbook"),
        *("public.download_bundle", "public.printed_list", "public.logo", "public.search_description"),
        *("public.feed", "public.corrections_feed", "public.recommendation_feed", "public.theme_feed"),
        *("public.body_feed", "public.cite", "public.cite_recommendation", "public.cite_review", "public.embed"),
        *("public.embed_recommendation", "public.badge", "public.badge_of_recommendation", "public.over_time_chart"),
        *("public.scorecard_chart", "public.recommendation_chart", "public.comparison_chart", "public.picture"),
        *("public.picture_of_theme", "public.picture_of_body", "public.picture_of_review"),
        *("public.picture_of_comparison", "public.picture_of_recommendation", "public.sitemap_of_register"),
        *("api.register", "api.reviews", "api.methodology", "api.errata", "api.scorecard", "api.body_scorecard"),
        *("api.recommendation", "api.compare", "api.history", "api.events", "api.changes", "api.assessments"),
        *("api.deadlines", "api.addressees", "api.responses", "api.relations"),
    }
)
"""The endpoints that show public events of the register in their address, and of those that it refers to."""
ABOUT_THE_SITE = frozenset(
    {
        *("public.registers", "public.about", "public.robots", "public.sitemap", "public.sitemap_of_site"),
        *("public.site_picture", "public.api_guide", "api.registers", "api.openapi", "site.security_txt"),
    }
)
"""The endpoints that show public events of several registers, or none."""


def add_page_scopes(app: Flask) -> None:
    app.after_request(_set_scope)


def scope_of(endpoint: str, register: str) -> str:
    """The scope of a page; one that is not listed depends on the whole store."""
    if endpoint in ABOUT_ONE_REGISTER and register:
        return register
    return SITE if endpoint in ABOUT_THE_SITE else WHOLE_STORE


def _set_scope(response: Response) -> Response:
    request.environ[SCOPE] = scope_of(request.endpoint or "", (request.view_args or {}).get("register", ""))
    return response
