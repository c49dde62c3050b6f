"""The blueprint of the public pages; importing the page families adds their addresses to it."""

from importlib import import_module

from app.entrypoints.public.localized_blueprint import LocalizedBlueprint

public = LocalizedBlueprint("public", __name__)

FAMILIES = (
    *(
        "registers",
        "scorecard",
        "theme_and_body",
        "recommendation",
        "compare",
        "changes",
        "search",
        "methodology",
        "evidence_copies",
    ),
    *(
        "feed_pages",
        "citations",
        "downloads",
        "embeds",
        "sitemap",
        "verification",
        "review_pages",
        "series",
        "packages",
    ),
)
for _family in FAMILIES:
    import_module(f"app.entrypoints.public.{_family}")
