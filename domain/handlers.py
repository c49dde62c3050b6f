"""One function per command: load, ask the aggregate, hand back what changed. Nothing is stored here."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain import commands as c
from domain.amending import against_schedule
from domain.base import Aggregate
from domain.development import Development
from domain.errors import Conflict, NotFound, Refused, refuse, say
from domain.evidence import Evidence, EvidenceRecord
from domain.facts import Assessment, EvidenceFacts
from domain.ids import assessment_claim, evidence_id, recommendation_id, register_id, review_id
from domain.recommendation import Recommendation
from domain.recommendation.setting import Setting
from domain.register import Register
from domain.review import Review
from domain.times import first_day


class Store(Protocol):
    """What handlers need of the store."""

    def find(self, aggregate_id: UUID) -> Any: ...

    def is_claimed(self, name: str) -> bool: ...


class Work(Struct, frozen=True):
    """What a command changed: aggregates to save, names claimed for good and what each stands for, texts kept
    beside the log. `made` is the id of what was made, for the person who asked.
    """

    aggregates: tuple[Aggregate, ...]
    claims: dict[str, str] = {}
    records: tuple[EvidenceRecord, ...] = ()
    made: str = ""


class Asked(Struct, frozen=True):
    """A command with who gave it, when, and where to look things up."""

    command: Any
    by: str
    at: datetime
    store: Store

    def register(self) -> Register:
        found: Register | None = self.store.find(register_id(self.command.register))
        if found is None:
            raise NotFound(f"There is no register “{self.command.register}”.")
        return found

    def recommendation(self) -> Recommendation:
        found: Recommendation | None = self.store.find(
            recommendation_id(self.command.register, self.command.recommendation)
        )
        if found is None:
            raise NotFound(f"There is no recommendation “{self.command.recommendation}” in “{self.command.register}”.")
        seen = getattr(self.command, "seen", None)
        if seen is not None and seen != found.seen:
            raise Conflict("Somebody changed this recommendation since you opened it; look again.")
        return found

    def evidence(self, ids: Iterable[str]) -> dict[str, Evidence]:
        found = ((e, self.store.find(evidence_id(self.command.register, e))) for e in ids)
        return {e: item for e, item in found if item is not None}

    def setting(self) -> Setting:
        settings = self.register().settings
        return Setting(settings.time_zone, settings.methodology, settings.peer_review, self.at)


def facts_of(evidence: Mapping[str, Evidence]) -> dict[str, EvidenceFacts]:
    return {e: item.facts for e, item in evidence.items()}


def establish_register(asked: Asked) -> Work:
    command: c.EstablishRegister = asked.command
    if asked.store.find(register_id(command.register)):
        raise Refused(f"There is a register “{command.register}” already.")
    return Work((Register.establish(command.settings, asked.by),))


def open_register(asked: Asked) -> Work:
    register = asked.register()
    register.open(asked.command.origin, asked.by)
    return Work((register,))


def name_theme(asked: Asked) -> Work:
    register = asked.register()
    register.name_theme(asked.command.theme, asked.by)
    return Work((register,))


def add_publication(asked: Asked) -> Work:
    register = asked.register()
    register.add_publication(asked.command.publication, asked.by)
    return Work((register,))


def name_body(asked: Asked) -> Work:
    register, body = asked.register(), asked.command.body
    if body.parent and body.parent not in register.bodies:
        raise Refused(f"“{body.parent}”, of which “{body.id}” is said to be a part, is not a body here.")
    register.name_body(body, asked.by)
    return Work((register,))


def schedule_review(asked: Asked) -> Work:
    register, schedule = asked.register(), asked.command.schedule
    if asked.store.find(review_id(register.settings.id, schedule.id)):
        raise Refused(say("There is a review “{id}” already.", id=schedule.id))
    refuse(against_schedule(schedule))
    return Work((Review.schedule(asked.command.register, asked.command.schedule, asked.by),))


def _review(asked: Asked, ident: str = "") -> Review:
    ident = ident or asked.command.review
    found: Review | None = asked.store.find(review_id(asked.register().settings.id, ident))
    if found is None:
        raise NotFound(say("There is no review “{id}” in this register.", id=ident))
    return found


def draft_summary(asked: Asked) -> Work:
    review, command = _review(asked), asked.command
    review.draft_summary(command.as_of, command.summary, command.summary_ko, asked.by)
    return Work((review,))


def sign_off_review(asked: Asked) -> Work:
    review = _review(asked)
    review.sign_off(asked.command.as_of, asked.by)
    return Work((review,))


def embargo_review(asked: Asked) -> Work:
    review, zone = _review(asked), asked.register().settings.time_zone
    review.embargo(asked.command.as_of, asked.command.freeze_at, zone, asked.by, asked.at)
    return Work((review,))


def freeze_review(asked: Asked) -> Work:
    review = _review(asked)
    review.freeze(asked.command.as_of, asked.command.snapshot, asked.by)
    return Work((review,))


def timestamp_review(asked: Asked) -> Work:
    review = _review(asked)
    review.timestamp(asked.command.as_of, asked.command.timestamp, asked.by)
    return Work((review,))


def amend_register(asked: Asked) -> Work:
    """The register's own settings, or one of its themes, publications and bodies."""
    register, command = asked.register(), asked.command
    register.amend(command.fact, asked.by, command.why, command.checked)
    return Work((register,))


def amend_review(asked: Asked) -> Work:
    register, command = asked.register(), asked.command
    review = _review(asked, command.fact.id)
    review.amend(command.fact, asked.by, command.why, command.checked, is_open=register.is_open)
    return Work((review,))


def amend_recommendation(asked: Asked) -> Work:
    """The facts of a recommendation, or of one of its elements."""
    recommendation, command = asked.recommendation(), asked.command
    is_open = asked.register().is_open
    recommendation.amend(command.fact, asked.by, command.why, command.checked, is_open=is_open)
    return Work((recommendation,))


def note_evidence(asked: Asked) -> Work:
    command: c.NoteEvidence = asked.command
    asked.register()
    if asked.store.find(evidence_id(command.register, command.facts.id)):
        raise Refused(f"There is evidence “{command.facts.id}” already.")
    record = EvidenceRecord(key=command.key, salt=command.salt, text=command.text)
    return Work((Evidence.note(command.register, command.facts, record, asked.by),), records=(record,))


def keep_file(asked: Asked) -> Work:
    command: c.KeepFile = asked.command
    evidence: Evidence | None = asked.store.find(evidence_id(command.register, command.evidence))
    if evidence is None:
        raise NotFound(f"There is no evidence “{command.evidence}” in this register.")
    evidence.keep_file(command.sha256, command.kind, command.size, asked.by)
    return Work((evidence,))


def record_development(asked: Asked) -> Work:
    command: c.RecordDevelopment = asked.command
    asked.register()
    facts = command.development
    first_day(facts.date)
    evidence = asked.evidence(facts.evidence)
    missing = [f"There is no evidence “{e}” in this register." for e in facts.evidence if e not in evidence]
    missing += [
        f"There is no recommendation “{r}” in “{command.register}”."
        for r in facts.recommendations
        if asked.store.find(recommendation_id(command.register, r)) is None
    ]
    refuse(missing)
    for item in evidence.values():
        item.disclose(asked.by)
    return Work((*evidence.values(), Development.record(command.register, facts, asked.by)))


def register_recommendation(asked: Asked) -> Work:
    command: c.RegisterRecommendation = asked.command
    register, facts = asked.register(), command.facts
    if asked.store.find(recommendation_id(command.register, facts.id)):
        raise Refused(f"There is a recommendation “{facts.id}” already.")
    first_day(facts.recommended_on)
    refuse(
        [f"There is no body “{b}” in this register." for b in facts.addressees if b not in register.bodies]
        + [
            f"There is no publication “{p}” in this register."
            for p in (facts.publication, *facts.also_in)
            if p not in register.publications
        ]
    )
    return Work((Recommendation.register_new(command.register, facts, asked.by),))


def add_element(asked: Asked) -> Work:
    recommendation = asked.recommendation()
    recommendation.add_element(asked.command.element, asked.by)
    return Work((recommendation,))


def draft_card(asked: Asked) -> Work:
    recommendation = asked.recommendation()
    recommendation.draft_card(asked.command.card, asked.by)
    return Work((recommendation,))


def approve_card(asked: Asked) -> Work:
    recommendation = asked.recommendation()
    recommendation.approve_card(asked.command.element, asked.by)
    return Work((recommendation,))


def propose_assessment(asked: Asked) -> Work:
    command: c.ProposeAssessment = asked.command
    recommendation, assessment = asked.recommendation(), command.assessment
    assessment = _named(asked, recommendation, assessment)
    sources = facts_of(asked.evidence(assessment.evidence))
    recommendation.propose(assessment, asked.by, asked.setting(), sources)
    claim = assessment_claim(command.register, assessment.id)
    return Work((recommendation,), claims={claim: command.recommendation}, made=assessment.id)


def publish_assessment(asked: Asked) -> Work:
    command: c.PublishAssessment = asked.command
    recommendation = asked.recommendation()
    proposal = recommendation.proposals.get(command.assessment)
    evidence = asked.evidence(proposal.evidence if proposal else ())
    recommendation.publish(command.assessment, asked.by, asked.setting(), facts_of(evidence))
    for item in evidence.values():
        item.disclose(asked.by)
    return Work((*evidence.values(), recommendation))


def decline_assessment(asked: Asked) -> Work:
    recommendation = asked.recommendation()
    recommendation.decline(asked.command.assessment, asked.command.why, asked.by)
    return Work((recommendation,))


def schedule_assessment(asked: Asked) -> Work:
    command: c.ScheduleAssessment = asked.command
    recommendation = asked.recommendation()
    proposal = recommendation.proposals.get(command.assessment)
    sources = facts_of(asked.evidence(proposal.evidence if proposal else ()))
    recommendation.schedule(command.assessment, command.publish_at, asked.by, asked.setting(), sources)
    return Work((recommendation,))


def return_assessment(asked: Asked) -> Work:
    recommendation = asked.recommendation()
    recommendation.hand_back(asked.command.assessment, asked.command.note, asked.by)
    return Work((recommendation,))


def revise_assessment(asked: Asked) -> Work:
    command: c.ReviseAssessment = asked.command
    recommendation, assessment = asked.recommendation(), command.assessment
    sources = facts_of(asked.evidence(assessment.evidence))
    recommendation.revise(assessment, asked.by, asked.setting(), sources)
    return Work((recommendation,), made=assessment.id)


def withdraw_assessment(asked: Asked) -> Work:
    command: c.WithdrawAssessment = asked.command
    recommendation = asked.recommendation()
    if command.replacement:
        return _replace_assessment(asked, recommendation, command.replacement)
    recommendation.withdraw_assessment(
        command.assessment, command.reason, asked.by, asked.setting(), command.replaced_by
    )
    return Work((recommendation,))


def _replace_assessment(asked: Asked, recommendation: Recommendation, better: Assessment) -> Work:
    command: c.WithdrawAssessment = asked.command
    element = recommendation.standing(command.assessment).assessment.element
    better = _named(asked, recommendation, replace(better, element=element))
    evidence = asked.evidence(better.evidence)
    setting, sources = asked.setting(), facts_of(evidence)
    if recommendation.replace_assessment(command.assessment, command.reason, better, asked.by, setting, sources):
        for item in evidence.values():
            item.disclose(asked.by)
    claim = assessment_claim(command.register, better.id)
    return Work((*evidence.values(), recommendation), claims={claim: command.recommendation}, made=better.id)


def withdraw_recommendation(asked: Asked) -> Work:
    recommendation = asked.recommendation()
    recommendation.withdraw(asked.command.reason, asked.by, asked.setting().peer_review)
    return Work((recommendation,))


def _named(asked: Asked, recommendation: Recommendation, assessment: Assessment) -> Assessment:
    """With an id: `<recommendation>[-<element>]-<effective_on>`, then `-2`, `-3` …, cut to 80 characters."""
    if assessment.id:
        return assessment
    parts = (recommendation.facts.id, assessment.element, assessment.effective_on)
    stem = "-".join(part for part in parts if part)
    number = 1
    while True:
        suffix = f"-{number}" if number > 1 else ""
        candidate = stem[: 80 - len(suffix)] + suffix
        claim = assessment_claim(asked.command.register, candidate)
        if not recommendation.knows(candidate) and not asked.store.is_claimed(claim):
            return replace(assessment, id=candidate)
        number += 1


HANDLERS: dict[type[c.Command], Callable[[Asked], Work]] = {
    c.EstablishRegister: establish_register,
    c.OpenRegister: open_register,
    c.NameTheme: name_theme,
    c.AddPublication: add_publication,
    c.NameBody: name_body,
    c.ScheduleReview: schedule_review,
    c.DraftSummary: draft_summary,
    c.SignOffReview: sign_off_review,
    c.EmbargoReview: embargo_review,
    c.FreezeReview: freeze_review,
    c.TimestampReview: timestamp_review,
    c.AmendRegister: amend_register,
    c.AmendTheme: amend_register,
    c.AmendPublication: amend_register,
    c.AmendBody: amend_register,
    c.AmendReview: amend_review,
    c.AmendRecommendation: amend_recommendation,
    c.AmendElement: amend_recommendation,
    c.NoteEvidence: note_evidence,
    c.KeepFile: keep_file,
    c.RecordDevelopment: record_development,
    c.RegisterRecommendation: register_recommendation,
    c.AddElement: add_element,
    c.DraftCard: draft_card,
    c.ApproveCard: approve_card,
    c.ProposeAssessment: propose_assessment,
    c.PublishAssessment: publish_assessment,
    c.DeclineAssessment: decline_assessment,
    c.ScheduleAssessment: schedule_assessment,
    c.ReturnAssessment: return_assessment,
    c.ReviseAssessment: revise_assessment,
    c.WithdrawAssessment: withdraw_assessment,
    c.WithdrawRecommendation: withdraw_recommendation,
}
