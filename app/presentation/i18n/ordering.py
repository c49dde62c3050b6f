"""The order of themes, bodies and recommendations in lists, in the language of the page."""

from collections.abc import Iterable, Mapping

from app.presentation.i18n.localize import localized_text
from domain.ordering import ItemKey, NaturalKey, Place, item_key, named_key
from domain.values import Body, RecommendationFacts, Theme

ThemeKey = tuple[Place, NaturalKey, NaturalKey]


def themes_in_order(themes: Iterable[Theme]) -> list[Theme]:
    """By position, then by title in the page's language."""
    return sorted(themes, key=lambda theme: named_key(theme, localized_text(theme, "title")))


def bodies_in_order(bodies: Iterable[Body]) -> list[Body]:
    """By position, then by name in the page's language."""
    return sorted(bodies, key=lambda body: named_key(body, localized_text(body, "name")))


class ItemOrder:
    """Sorts recommendations by theme, and within a theme by position, number and id.

    On pages, themes follow their titles. With `by_theme_id` they follow their ids: the same order in every language.
    """

    def __init__(
        self,
        facts: Mapping[str, RecommendationFacts],
        themes: Mapping[str, Theme],
        *,
        by_theme_id: bool = False,
    ) -> None:
        self._facts, self._themes, self._by_theme_id = facts, themes, by_theme_id
        self._theme_keys: dict[str, ThemeKey] = {}

    def key(self, ident: str) -> tuple[ThemeKey, ItemKey]:
        """The sort key of a recommendation."""
        facts = self._facts[ident]
        return self._theme_key(facts.theme), item_key(facts)

    def sort(self, ids: Iterable[str]) -> list[str]:
        return sorted(ids, key=self.key)

    def _theme_key(self, ident: str) -> ThemeKey:
        if ident not in self._theme_keys:
            theme = self._themes.get(ident) or Theme(id=ident, title=ident)
            name = "" if self._by_theme_id else localized_text(theme, "title")
            self._theme_keys[ident] = named_key(theme, name)
        return self._theme_keys[ident]
