"""The pages that show a change, as paths in the language of the page."""

from app.presentation.i18n.languages import url_prefix
from app.presentation.i18n.translation import page_language
from projections.changes.queries import PublicChange


def change_path(register: str, change: PublicChange) -> str:
    """The public page that shows a change."""
    if change.recommendation:
        anchor = f"#a-{change.assessment}" if change.assessment else ""
        return f"{_recommendation_page(register, change)}{anchor}"
    entry = f"corrections/?before={change.position + 1}#c-{change.position}"
    return subject_path(register, change) or f"{_root(register)}{entry}"


def subject_path(register: str, change: PublicChange) -> str | None:
    """The page of what a change is about that is not about a recommendation; None if it has none of its own."""
    match change.kind:
        case "opened" | "register_amended":
            return _root(register)
        case "theme_amended":
            return f"{_root(register)}themes/{change.subject}/"
        case "body_amended" | "body_merged":
            return f"{_root(register)}bodies/{change.subject}/"
        case "review_amended":
            return f"{_root(register)}reviews/"
    return None


def dated_page(register: str, change: PublicChange) -> str | None:
    """The page that shows what a change is about as it was on any day; None if there is none."""
    if change.recommendation:
        return _recommendation_page(register, change)
    return None if change.kind == "review_amended" else subject_path(register, change)


def _recommendation_page(register: str, change: PublicChange) -> str:
    return f"{_root(register)}recommendations/{change.recommendation}/"


def _root(register: str) -> str:
    return f"{url_prefix(page_language())}/{register}/"
