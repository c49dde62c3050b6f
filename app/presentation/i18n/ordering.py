"""The order of themes, bodies and recommendations in lists, in the language of the page."""

from collections.abc import Iterable, Mapping

from app.presentation.i18n.localize import localized_text
from domain.ordering import ItemKey, NaturalKey, Place, Placed, item_key, named_key
from domain.values import Body, Theme
from projections.catalogue.body_tree import BodyTree

ThemeKey = tuple[Place, NaturalKey, NaturalKey]


def themes_in_order(themes: Iterable[Theme]) -> list[Theme]:
    """By position, then by title in the page's language."""
    return sorted(themes, key=lambda theme: named_key(theme, localized_text(theme, "title")))


def bodies_in_order(bodies: Iterable[Body]) -> list[Body]:
    """By position, then by name in the page's language."""
    return sorted(bodies, key=lambda body: named_key(body, localized_text(body, "name")))


def bodies_in_tree_order(tree: BodyTree, top: Body | None = None) -> list[tuple[Body, int]]:
    """Every body with its depth, or one and those below it: in order, each before those below it."""
    current = [body for body in tree.bodies.values() if body.id not in tree.merged_into]
    tops = [top] if top else [body for body in current if tree.parent(body.id) not in tree.bodies]
    waiting = [(body, 0) for body in reversed(bodies_in_order(tops))]
    found: list[tuple[Body, int]] = []
    while waiting:
        body, depth = waiting.pop()
        found.append((body, depth))
        below = bodies_in_order(tree.bodies[ident] for ident in tree.parts(body.id))
        waiting += [(child, depth + 1) for child in reversed(below)]
    return found


class ItemOrder:
    """Sorts recommendations by theme, and within a theme by position, number and id.

    On pages, themes follow their titles. With `by_theme_id` they follow their ids: the same order in every language.
    """

    def __init__(
        self,
        facts: Mapping[str, Placed],
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
