"""Which statuses each kind of source supports, under the methodology of the register of a page."""

from flask import Flask

from app.entrypoints.staff.typed_days import page_settings
from app.presentation.i18n.labels import status_word
from app.presentation.i18n.translation import _
from domain.codes import SourceClass, Status
from domain.methodology.methodology import Methodology
from domain.methodology.sources import supported_statuses
from domain.methodology.versions import NEWEST, methodology_of


def add_source_support(app: Flask) -> None:
    app.jinja_env.filters["source_support"] = _of_page


def _of_page(code: str) -> str:
    settings = page_settings()
    return source_support(SourceClass(code), methodology_of(settings.methodology if settings else NEWEST))


def source_support(kind: SourceClass, method: Methodology) -> str:
    """What one source of a kind supports, and what two of different publishers support beyond that."""
    alone, together = supported_statuses([kind], method), supported_statuses([kind, kind], method)
    everything = supported_statuses(method.primary[:1], method)
    if set(alone) == set(everything):
        return _("One alone supports every status.")
    more = [status for status in together if status not in alone]
    sentences = [_("One alone supports: %(statuses)s.", statuses=_names(alone))]
    if more:
        sentences.append(_("Two of different publishers also support: %(statuses)s.", statuses=_names(more)))
    return " ".join(sentences)


def _names(statuses: tuple[Status, ...] | list[Status]) -> str:
    return ", ".join(f"“{status_word(status)}”" for status in statuses)
