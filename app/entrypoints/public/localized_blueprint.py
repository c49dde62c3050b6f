"""A blueprint whose every address exists twice: as it is in English, and under /ko/ in Korean."""

from typing import Any

from flask import Blueprint

from app.presentation.i18n.localize import PREFIX
from app.presentation.i18n.translation import is_korean


class Bilingual(Blueprint):
    """Links made while a Korean page is built lead to Korean pages; `lang=` asks for either."""

    def __init__(self, name: str, import_name: str) -> None:
        super().__init__(name, import_name)
        self.app_url_defaults(self._speak_on)
        self.url_value_preprocessor(lambda _endpoint, values: values.pop("lang", None) if values else None)

    def add_url_rule(self, rule: str, endpoint: str | None = None, view_func: Any = None, **options: Any) -> None:  # type: ignore[override]
        for language, prefix in (("en", ""), ("ko", PREFIX)):
            defaults = {**options.get("defaults", {}), "lang": language}
            super().add_url_rule(prefix + rule, endpoint, view_func, **{**options, "defaults": defaults})

    def _speak_on(self, endpoint: str, values: dict[str, Any]) -> None:
        if endpoint.startswith(f"{self.name}."):
            values.setdefault("lang", "ko" if is_korean() else "en")
