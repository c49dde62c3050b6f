"""The blueprint of the public pages; importing the page families adds their addresses to it."""

from importlib import import_module

from app.public.bilingual import Bilingual

public = Bilingual("public", __name__)

FAMILIES = (
    *("registers", "scorecard", "portions", "recommendation", "compare", "changes", "search", "reading", "locker"),
    *("feeds", "citing", "downloads", "embeds", "crawling", "verifying", "stocktaking", "series", "packages"),
)
for _family in FAMILIES:
    import_module(f"app.public.{_family}")
