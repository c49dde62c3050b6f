"""How to cite a frozen review, in one line that names who made it, both of its dates and its address."""

from msgspec import Struct

from app.presentation.i18n.labels import day_text
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.translation import _
from app.presentation.narrative.keeper import Keeper, author_names
from app.presentation.narrative.review_days import ReviewDay
from domain.identifiers import doi_address
from domain.values import RegisterSettings


class CitedReview(Struct, frozen=True):
    """`as_of` and `known_on` are days, `doi` that of the review itself, or empty."""

    register: str
    title: str
    as_of: str
    known_on: str
    address: str
    doi: str = ""


def how_to_cite(settings: RegisterSettings, keeper: Keeper, review: CitedReview) -> str:
    """In the language of the page. The register's own words stand in place of names, year and title of the register."""
    own_words = localized_text(settings, "cite_as")
    authors = author_names(settings) or keeper.name
    year = review.known_on[:4]
    parts = [_sentence(own_words)] if own_words else [f"{_without_stop(authors)} ({year}).", _sentence(review.register)]
    parts += [_sentence(review.title), dates_sentence(review)]
    if not own_words and authors != keeper.name:
        parts.append(_sentence(keeper.name))
    parts.append(doi_address(review.doi) if review.doi else review.address)
    return " ".join(parts)


def cited_title(review: ReviewDay) -> str:
    """The title of a review, with its anniversary if it has one."""
    return review.title if review.years is None else f"{review.title}: {review.label}"


def dates_sentence(review: CitedReview) -> str:
    return _("As of %(day)s, as known on %(known)s.", day=day_text(review.as_of), known=day_text(review.known_on))


def _sentence(text: str) -> str:
    return f"{_without_stop(text)}."


def _without_stop(text: str) -> str:
    return text.strip().removesuffix(".")
