"""What a sheet does not say, in words."""

from app.presentation.i18n.translation import LazyText

NAMES = {
    "title": LazyText("Title"),
    "kind": LazyText("Kind"),
    "criteria": LazyText("Success criteria"),
    "publication": LazyText("Publication"),
    "theme": LazyText("Theme"),
    "addressees": LazyText("Asked of"),
    "recommended_on": LazyText("Recommended on"),
    "status_on": LazyText("Day of the status"),
    "source": LazyText("Source of the status"),
    "response_on": LazyText("Response given on"),
    "response_source": LazyText("Source of the response"),
}


def missing_name(what: str) -> str:
    """The name of a missing thing; its key if it has none here."""
    return str(NAMES.get(what, what))
