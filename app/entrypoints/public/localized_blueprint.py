"""A blueprint that registers every address in each language: plain in English, with a prefix in others."""

from typing import Any

from flask import Blueprint

from app.presentation.i18n.languages import LANGUAGES, url_prefix
from app.presentation.i18n.translation import page_language


class LocalizedBlueprint(Blueprint):
    """Links in a page lead to pages in the same language; `lang=` asks for another."""

    def __init__(self, name: str, import_name: str) -> None:
        super().__init__(name, import_name)
        self.app_url_defaults(self._keep_language)
        self.url_value_preprocessor(lambda _endpoint, values: values.pop("lang", None) if values else None)

    def add_url_rule(self, rule: str, endpoint: str | None = None, view_func: Any = None, **options: Any) -> None:  # type: ignore[override]
        for language in LANGUAGES:
            defaults = {**options.get("defaults", {}), "lang": language}
            super().add_url_rule(url_prefix(language) + rule, endpoint, view_func, **{**options, "defaults": defaults})

    def _keep_language(self, endpoint: str, values: dict[str, object]) -> None:
        if endpoint.startswith(f"{self.name}."):
            values.setdefault("lang", page_language())
