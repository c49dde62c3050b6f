"""What a register has and lacks before it opens, and the question whether to open it."""

from msgspec import Struct

from app.entrypoints.staff.confirmation import Confirmation
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.translation import _
from app.services.container import Services
from app.services.shown_versions import shown_version
from domain.codes import Status
from domain.ids import register_id
from domain.times import day_in
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.engine.position import last_applied_at
from projections.scorecards.queries import counts
from projections.scorecards.results import TimePair


class ChecklistLine(Struct, frozen=True):
    """One thing to look at before a register opens. Only keeper and licence prevent the opening."""

    is_complete: bool
    sentence: str


def opening_checklist(services: Services, entry: RegisterEntry) -> list[ChecklistLine]:
    settings = entry.settings
    with services.views.connect() as db:
        known_at = last_applied_at(db)
        items, with_criteria = catalogue.count_items(db, entry.id, known_at)
        scorecard = counts(db, entry.id, TimePair(day_in(settings.time_zone, services.clock()), known_at))
    total = scorecard.on_scorecard
    assessed = total - scorecard.totals[Status.NOT_ASSESSED]
    return [
        ChecklistLine(bool(settings.kept_by), _("Kept by: %(name)s", name=settings.kept_by or _("not entered"))),
        ChecklistLine(bool(settings.licence), _("Licence: %(name)s", name=settings.licence or _("not entered"))),
        ChecklistLine(total > 0, _("Recommendations: %(num)d", num=total)),
        ChecklistLine(
            0 < items == with_criteria,
            _("Success criteria approved: %(n)d of %(all)d", n=with_criteria, all=items),
        ),
        ChecklistLine(0 < total == assessed, _("Recommendations assessed: %(n)d of %(all)d", n=assessed, all=total)),
    ]


def _translations(services: Services, entry: RegisterEntry) -> list[ChecklistLine]:
    """Whether the titles are translated; empty for a register in one language."""
    others = entry.settings.languages[1:]
    if not others:
        return []
    with services.views.connect() as db:
        entries = catalogue.recommendations(db, entry.id, last_applied_at(db)).values()
    complete = sum(all(e.facts.translations.get(code, {}).get("title") for code in others) for e in entries)
    sentence = _("Titles in every language: %(n)d of %(all)d", n=complete, all=len(entries))
    return [ChecklistLine(complete == len(entries), sentence)]


def opening_confirmation(services: Services, entry: RegisterEntry) -> Confirmation:
    with services.views.connect() as db:
        version = shown_version(services, db, register_id(entry.id))
    checklist = [*opening_checklist(services, entry), *_translations(services, entry)]
    return Confirmation(
        title=_("Open “%(title)s” to the public?", title=localized_text(entry.settings, "title")),
        happens=(
            _("Everyone can read the register at once, and search engines may find it."),
            _("From now on nothing is removed: facts are amended and assessments withdrawn, with public reasons."),
            _("You can no longer import an earlier record with its own dates."),
            _("You cannot undo this."),
            *(line.sentence for line in checklist if line.is_complete),
        ),
        notes=tuple(line.sentence for line in checklist if not line.is_complete),
        button=_("Open it to the public"),
        fields={"version": [str(version)]},
    )
