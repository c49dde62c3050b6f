"""How pages call a source, also one whose text was removed permanently."""

from markupsafe import Markup

from app.presentation.i18n.labels import day_text
from app.presentation.i18n.localize import in_own_language
from app.presentation.i18n.translation import LazyText, _
from domain.codes import RemovalReason
from projections.catalogue.entries import EvidenceEntry

REMOVAL_REASON: dict[str, LazyText] = {
    RemovalReason.SAFETY: LazyText("safety of a person"),
    RemovalReason.REQUEST: LazyText("request of the person concerned"),
    RemovalReason.COURT_ORDER: LazyText("court order"),
    RemovalReason.RIGHTS: LazyText("rights or licence"),
    RemovalReason.MISTAKE: LazyText("entered by mistake"),
}


def source_title(source: EvidenceEntry) -> Markup | str:
    """The title in its own language, or what became of it; the id of a source that was never given a title."""
    return removal_text(source) if source.removed else in_own_language(source.title or source.id, source.language)


def plain_source_title(source: EvidenceEntry) -> str:
    """The same without markup."""
    return removal_text(source) if source.removed else source.title or source.id


def removal_text(source: EvidenceEntry) -> str:
    """When and why the text was removed, in the page's language, as far as the public may know it."""
    if not source.removed_because:
        return _("Text removed")
    day, reason = day_text(source.removed_on), str(REMOVAL_REASON[source.removed_because])
    return _("Text removed on %(day)s: %(reason)s", day=day, reason=reason)


GLOBALS = {"source_title": source_title, "plain_source_title": plain_source_title, "removal_text": removal_text}
