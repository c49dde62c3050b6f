"""Explains the words of a public page: the first use of a word leads to the glossary of the register."""

from flask import Flask, g, request, url_for
from markupsafe import Markup

from app.presentation.narrative.glossary import TERMS

ANCHORS = {term.anchor for term in TERMS}


def add_terms(app: Flask) -> None:
    app.jinja_env.globals["explained"] = explained


def explained(anchor: str, words: Markup | str) -> Markup | str:
    """The words, as a link to the glossary where the page uses the term for the first time.

    Staff pages, frames on other sites and pages without a register show only the words.
    """
    register = (request.view_args or {}).get("register")
    endpoint = request.endpoint or ""
    if not register or not endpoint.startswith("public.") or endpoint.startswith("public.embed"):
        return words
    seen: set[str] = g.setdefault("explained_terms", set())
    if anchor in seen or endpoint == "public.glossary":
        return words
    if anchor not in ANCHORS:
        raise LookupError(f"The glossary has no term {anchor}.")
    seen.add(anchor)
    address = url_for("public.glossary", register=register, _anchor=f"term-{anchor}")
    return Markup('<a class="term" href="{}">{}</a>').format(address, words)
