"""The place of a recommendation in lists and what filters find it by, as columns."""

from msgspec import Struct

from domain import ordering
from domain.values import RecommendationFacts


class ListPlace(Struct, frozen=True):
    """`place_key` and `title_key` sort as bytes: by place under its theme, by original title and id.

    `publications` holds ids, each between commas.
    """

    place_key: bytes = b""
    title_key: bytes = b""
    priority: bool = False
    publications: str = ""


def place_of(facts: RecommendationFacts) -> ListPlace:
    return ListPlace(
        place_key=ordering.place_key(facts),
        title_key=ordering.title_key(facts),
        priority=facts.priority,
        publications=f",{','.join((facts.publication, *facts.also_in))},",
    )
