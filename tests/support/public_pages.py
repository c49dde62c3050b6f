"""The public pages of the small register, from the routes of their blueprint."""

from flask import Flask

from app.entrypoints.http.url_converters import DayConverter, IdentConverter, NumberConverter, RegisterConverter
from app.entrypoints.public import public
from app.entrypoints.public.sitemap import NOT_IN_SITEMAP
from tests.support.crawl import VALUES

HTML_OUTSIDE_SITEMAP = {"public.search", "public.embed", "public.embed_recommendation"}
WITHOUT_PAGE = (set(NOT_IN_SITEMAP) - HTML_OUTSIDE_SITEMAP) | {"public.review"}
"""What is no HTML page, or none before a review is frozen."""


def public_pages(language: str) -> dict[str, str]:
    """The path of each public HTML page in a language, by endpoint."""
    app = Flask(__name__)
    app.url_map.converters |= {"register": RegisterConverter, "ident": IdentConverter}
    app.url_map.converters |= {"day": DayConverter, "number": NumberConverter}
    app.register_blueprint(public)
    paths = {}
    for rule in app.url_map.iter_rules():
        if (rule.defaults or {}).get("lang") == language and rule.endpoint not in WITHOUT_PAGE:
            built = rule.build({name: VALUES[name][0] for name in rule.arguments - {"lang"}} | {"lang": language})
            assert built
            paths[rule.endpoint] = built[1]
    return paths
