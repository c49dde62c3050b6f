"""The Flask application of a site whose pages have hundreds of links and call thousands of macros.

It answers as Flask does. What Flask and Jinja work out for each link and each part of a page is looked up once.
"""

from collections.abc import MutableMapping
from functools import cache, lru_cache
from types import FunctionType, MethodType
from typing import Any
from urllib.parse import urlencode

from flask import Flask, has_request_context
from flask.templating import Environment
from jinja2.runtime import Context, Macro

MAX_PATHS = 20_000
"""How many addresses are kept without their parameters, about 200 bytes each."""
UNQUOTED = "!$'()*,/:;?@"
"""What Werkzeug leaves as it is in parameters."""


class TemplateContext(Context):
    def call(self, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call macros and plain functions at once; only others may want a context, which Jinja finds out each time."""
        kind = type(called)
        if kind is Macro:
            args = (self.eval_ctx, *args)
        elif (kind is not FunctionType and kind is not MethodType) or hasattr(called, "jinja_pass_arg"):
            return super().call(called, *args, **kwargs)
        kwargs.pop("_loop_vars", None)
        kwargs.pop("_block_vars", None)
        return called(*args, **kwargs)


class TemplateEnvironment(Environment):
    context_class = TemplateContext

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """All templates share those of the site. Jinja compares them at each import, and its chain of maps slowly."""
        return super().make_globals(d) if d else self.globals


class Site(Flask):
    jinja_environment = TemplateEnvironment
    jinja_options = {"cache_size": -1}  # noqa: RUF012 - as in Flask; the templates are few

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._path = lru_cache(MAX_PATHS, typed=True)(super().url_for)
        self._names_in_path = cache(self._find_names_in_path)

    def url_for(self, /, endpoint: str, **values: Any) -> str:
        """The path is looked up, and the parameters are added to it."""
        if endpoint[:1] == "." or not has_request_context() or not all(map(_is_plain, values, values.values())):
            return super().url_for(endpoint, **values)
        self.inject_url_defaults(endpoint, values)
        names = self._names_in_path(endpoint)
        address = self._path(endpoint, **{name: value for name, value in values.items() if name in names})
        parameters = {name: value for name, value in values.items() if name not in names and value is not None}
        if not parameters:
            return address
        return f"{address}{'&' if '?' in address else '?'}{urlencode(parameters, safe=UNQUOTED)}"

    def _find_names_in_path(self, endpoint: str) -> frozenset[str]:
        rules = self.url_map.iter_rules(endpoint) if endpoint in self.view_functions else ()
        return frozenset(name for rule in rules for name in rule.arguments)


def _is_plain(name: str, value: object) -> bool:
    """Whether a value can be part of a path or a parameter as it is; a name of Flask's own begins with a line."""
    return name[:1] != "_" and (value is None or isinstance(value, str | int))
