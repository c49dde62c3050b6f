"""The blueprint of the public pages; importing the page families adds their addresses to it."""

from importlib import import_module

from app.public.bilingual import Bilingual

public = Bilingual("public", __name__)

for _family in ("registers", "scorecard", "portions", "recommendation", "compare", "changes", "search", "reading"):
    import_module(f"app.public.{_family}")
