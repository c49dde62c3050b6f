"""The blueprint of the public pages; importing the page families adds their addresses to it."""

from importlib import import_module

from flask import Blueprint

public = Blueprint("public", __name__)

for _family in ("registers", "scorecard", "recommendation", "compare", "changes", "search", "reading"):
    import_module(f"app.public.{_family}")
