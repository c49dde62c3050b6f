"""The application answers as Flask does, and looks up what Flask works out each time."""

from enum import StrEnum
from typing import Any

import pytest
from flask import Blueprint, Flask, render_template
from jinja2 import DictLoader, pass_context
from jinja2.runtime import Context
from werkzeug.routing import BuildError

from app.entrypoints.http.site import Site


class Colour(StrEnum):
    RED = "red & blue"


def _show_day(day: str = "") -> str:
    return day


def _with_addresses(app: Flask) -> Flask:
    part = Blueprint("part", __name__)
    part.add_url_rule("/<register>/<int:number>/", "number", lambda **_: "")
    part.add_url_rule("/<register>/", "home", lambda **_: "")
    for rule in ("/days/<day>/", "/days/"):
        part.add_url_rule(rule, "either", _show_day)
    app.register_blueprint(part)
    return app


@pytest.mark.parametrize(
    ("endpoint", "values"),
    [
        ("part.home", {"register": "small"}),
        ("part.home", {"register": "a b/ü&?"}),
        ("part.home", {"register": "small", "as_of": "2024-01-01", "q": "a b/ü&?=#'", "empty": "", "none": None}),
        ("part.home", {"register": Colour.RED, "status": Colour.RED}),
        ("part.home", {"register": "small", "_anchor": "list", "page": 2}),
        ("part.home", {"register": "small", "ids": ["a", "b"]}),
        ("part.home", {"register": "small", "_external": True}),
        ("part.number", {"register": "small", "number": 7, "is_new": True}),
        ("part.either", {"day": "2024-01-01", "sort": "last"}),
        ("part.either", {"day": None, "sort": "last"}),
        ("part.either", {"sort": "last"}),
        (".home", {"register": "small"}),
        ("static", {"filename": "img/a b.png", "v": "1"}),
    ],
)
def test_addresses_are_those_of_flask(endpoint: str, values: dict[str, Any]) -> None:
    flask, site = _with_addresses(Flask(__name__)), _with_addresses(Site(__name__))
    with flask.test_request_context("/small/"):
        expected = flask.url_for(endpoint, **values)
    with site.test_request_context("/small/"):
        assert [site.url_for(endpoint, **values) for _ in range(2)] == [expected, expected]


def test_an_address_that_does_not_exist_is_refused() -> None:
    site = _with_addresses(Site(__name__))
    with site.test_request_context("/"), pytest.raises(BuildError):
        site.url_for("part.nothing", register="small")
    with site.test_request_context("/"), pytest.raises(BuildError):
        site.url_for("part.home", as_of="2024-01-01")


def test_defaults_of_a_request_count() -> None:
    site = _with_addresses(Site(__name__))
    register = ["small"]
    site.url_defaults(lambda _endpoint, values: values.setdefault("register", register[0]))
    with site.test_request_context("/"):
        assert site.url_for("part.home", page=1) == "/small/?page=1"
        register[0] = "large"
        assert site.url_for("part.home", page=1) == "/large/?page=1"


def _page_of(app: Flask) -> str:
    app.jinja_env.loader = DictLoader(
        {
            "parts.html": "{% macro bold(text) %}<b>{{ text }}</b>{{ caller() if caller }}{% endmacro %}",
            "page.html": """{% from "parts.html" import bold %}{% block main %}{% for n in (1, 2) %}{% set m = n %}
            {{ bold("<" ~ joined(m, 3)) }}{% call bold("x") %}{{ known("m") }}{% endcall %}{{ known("m") }}
            {% endfor %}{{ "b".upper() }}{{ dict(a=1)["a"] }}{{ self.end() }}{% endblock %}{% block end %}&{% endblock %}""",
        }
    )

    @pass_context
    def known(context: Context, name: str) -> object:
        return context.resolve(name)

    app.jinja_env.globals.update(joined=lambda *numbers: sum(numbers), known=known)
    with app.test_request_context("/"):
        return render_template("page.html")


def test_templates_call_what_jinja_calls() -> None:
    page = _page_of(Site(__name__))
    assert page == _page_of(Flask(__name__))
    assert "<b>&lt;4</b><b>x</b>" in page
