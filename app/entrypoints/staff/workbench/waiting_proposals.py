"""The open proposals about a recommendation, with what each of them waits for."""

from collections.abc import Iterable

from msgspec import Struct

from app.presentation.i18n.languages import language_name
from app.presentation.i18n.translation import page_language
from app.services.container import Services
from domain.recommendation.judging_context import JudgingContext
from domain.recommendation.policy import needs_second_person
from domain.values import Assessment, TranslatedFact
from projections.catalogue.entries import RegisterEntry
from projections.worklist.queries import Proposal


class WaitingProposal(Struct, frozen=True):
    """`missing` names the languages that its texts are not translated into."""

    proposal: Proposal
    needs_second_person: bool
    missing: list[str]

    @property
    def assessment(self) -> Assessment:
        return self.proposal.assessment


def waiting_proposals(services: Services, entry: RegisterEntry, proposals: Iterable[Proposal]) -> list[WaitingProposal]:
    context = JudgingContext.of(entry.settings, services.clock())
    return [
        WaitingProposal(
            p, needs_second_person(p.assessment, context), missing_languages([p.assessment], entry.settings.languages)
        )
        for p in proposals
    ]


def missing_languages(facts: Iterable[TranslatedFact], languages: Iterable[str]) -> list[str]:
    """The names of the languages of a register in which a text of a fact is missing."""
    texts = [(fact, name) for fact in facts for name in fact.TRANSLATED if getattr(fact, name)]
    _original, *others = languages
    codes = [c for c in others if any(not fact.translations.get(c, {}).get(name) for fact, name in texts)]
    return [language_name(code, page_language()) for code in codes]
