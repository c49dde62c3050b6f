"""The fields that a column of a person's sheet can fill."""

from msgspec import Struct

from app.presentation.i18n.translation import LazyText

_ = LazyText


class Field(Struct, frozen=True, kw_only=True):
    """A field, in the words of the pages."""

    label: LazyText
    several: bool = False
    """Whether a cell may hold several values."""
    has_language: bool = False
    """Whether it is a text that can be in another language of the register."""
    is_free_text: bool = False
    """Whether it becomes public as it was typed: pages warn before."""
    by_day: bool = False
    """Whether several columns may fill it, one for each day."""


FIELDS: dict[str, Field] = {
    "number": Field(label=_("Number")),
    "id": Field(label=_("Id")),
    "title": Field(label=_("Title"), has_language=True),
    "summary": Field(label=_("Summary"), has_language=True, is_free_text=True),
    "kind": Field(label=_("Kind")),
    "theme": Field(label=_("Theme"), has_language=True),
    "addressees": Field(label=_("Asked of"), several=True, has_language=True),
    "joint_addressees": Field(label=_("Asked of jointly"), several=True, has_language=True),
    "publication": Field(label=_("Publication"), has_language=True),
    "also_in": Field(label=_("Also in"), several=True),
    "locator": Field(label=_("Place in the publication")),
    "recommended_on": Field(label=_("Recommended on")),
    "priority": Field(label=_("Priority")),
    "instruments": Field(label=_("Instruments"), several=True),
    "aliases": Field(label=_("Other names"), several=True),
    "renews": Field(label=_("Renews an earlier recommendation"), several=True),
    "part": Field(label=_("Part"), has_language=True),
    "counts": Field(label=_("What counts"), has_language=True, is_free_text=True),
    "does_not_count": Field(label=_("What does not count"), has_language=True, is_free_text=True),
    "deadline": Field(label=_("Deadline")),
    "deadline_stated_on": Field(label=_("Deadline stated on")),
    "deadline_stated_by": Field(label=_("Deadline stated by")),
    "status": Field(label=_("Status"), by_day=True),
    "status_on": Field(label=_("Day of the status")),
    "statement": Field(label=_("Where it is now"), has_language=True, is_free_text=True, by_day=True),
    "rationale": Field(label=_("Rationale"), has_language=True, is_free_text=True, by_day=True),
    "cause": Field(label=_("Cause")),
    "motion": Field(label=_("Motion")),
    "confidence": Field(label=_("Confidence")),
    "source": Field(label=_("Source (link)"), several=True, by_day=True),
    "source_title": Field(label=_("Title of the source")),
    "source_publisher": Field(label=_("Publisher of the source")),
    "source_on": Field(label=_("Day of the source")),
    "source_archived": Field(label=_("Archived copy of the source (link)")),
    "response": Field(label=_("Response")),
    "response_by": Field(label=_("Response given by")),
    "response_on": Field(label=_("Response given on")),
    "response_text": Field(label=_("Text of the response"), has_language=True, is_free_text=True),
    "response_source": Field(label=_("Source of the response (link)")),
}
"""By key, in the order in which they are offered."""
