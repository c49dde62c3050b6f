"""Which function handles which command."""

from collections.abc import Callable
from typing import Any

from domain import commands as c
from domain.handlers.assessment import (
    decline_assessment,
    propose_assessment,
    publish_assessment,
    return_assessment,
    revise_assessment,
    schedule_assessment,
    take_back_assessment,
    unschedule_assessment,
    withdraw_assessment,
)
from domain.handlers.context import Changes, CommandContext
from domain.handlers.deadline import state_deadline, withdraw_deadline
from domain.handlers.development import record_development
from domain.handlers.evidence import amend_evidence, keep_file, note_evidence, remove_evidence_text
from domain.handlers.facts import check_facts
from domain.handlers.languages import check_languages
from domain.handlers.lineage import state_relation, withdraw_relation
from domain.handlers.recommendation import (
    add_element,
    amend_addressees,
    amend_recommendation,
    approve_criteria,
    draft_criteria,
    register_recommendation,
    withdraw_recommendation,
)
from domain.handlers.register import (
    add_publication,
    amend_register,
    establish_register,
    merge_bodies,
    name_body,
    name_theme,
    open_register,
    set_logo,
)
from domain.handlers.removal import (
    discard_register,
    remove_assessment,
    remove_body,
    remove_criteria,
    remove_deadline,
    remove_development,
    remove_element,
    remove_evidence,
    remove_publication,
    remove_recommendation,
    remove_relation,
    remove_response,
    remove_review,
    remove_theme,
)
from domain.handlers.response import decline_response, propose_response, publish_response, withdraw_response
from domain.handlers.review import (
    amend_review,
    draft_summary,
    embargo_review,
    freeze_review,
    schedule_review,
    set_review_doi,
    sign_off_review,
    timestamp_review,
    withdraw_package,
)

HANDLERS: dict[type[c.Command], Callable[[CommandContext[Any]], Changes]] = {
    c.EstablishRegister: establish_register,
    c.OpenRegister: open_register,
    c.SetLogo: set_logo,
    c.NameTheme: name_theme,
    c.AddPublication: add_publication,
    c.NameBody: name_body,
    c.ScheduleReview: schedule_review,
    c.DraftSummary: draft_summary,
    c.SignOffReview: sign_off_review,
    c.EmbargoReview: embargo_review,
    c.SetReviewDoi: set_review_doi,
    c.FreezeReview: freeze_review,
    c.TimestampReview: timestamp_review,
    c.WithdrawPackage: withdraw_package,
    c.AmendRegister: amend_register,
    c.AmendTheme: amend_register,
    c.AmendPublication: amend_register,
    c.AmendBody: amend_register,
    c.AmendReview: amend_review,
    c.AmendRecommendation: amend_recommendation,
    c.AmendElement: amend_recommendation,
    c.AmendAddressees: amend_addressees,
    c.MergeBodies: merge_bodies,
    c.NoteEvidence: note_evidence,
    c.KeepFile: keep_file,
    c.RemoveEvidenceText: remove_evidence_text,
    c.RecordDevelopment: record_development,
    c.StateDeadline: state_deadline,
    c.WithdrawDeadline: withdraw_deadline,
    c.RegisterRecommendation: register_recommendation,
    c.AddElement: add_element,
    c.DraftCriteria: draft_criteria,
    c.ApproveCriteria: approve_criteria,
    c.ProposeAssessment: propose_assessment,
    c.PublishAssessment: publish_assessment,
    c.DeclineAssessment: decline_assessment,
    c.ScheduleAssessment: schedule_assessment,
    c.UnscheduleAssessment: unschedule_assessment,
    c.TakeBackAssessment: take_back_assessment,
    c.ReturnAssessment: return_assessment,
    c.ReviseAssessment: revise_assessment,
    c.WithdrawAssessment: withdraw_assessment,
    c.WithdrawRecommendation: withdraw_recommendation,
    c.StateRelation: state_relation,
    c.WithdrawRelation: withdraw_relation,
    c.ProposeResponse: propose_response,
    c.PublishResponse: publish_response,
    c.DeclineResponse: decline_response,
    c.WithdrawResponse: withdraw_response,
    c.AmendEvidence: amend_evidence,
    c.DiscardRegister: discard_register,
    c.RemoveTheme: remove_theme,
    c.RemovePublication: remove_publication,
    c.RemoveBody: remove_body,
    c.RemoveReview: remove_review,
    c.RemoveEvidence: remove_evidence,
    c.RemoveDevelopment: remove_development,
    c.RemoveDeadline: remove_deadline,
    c.RemoveRelation: remove_relation,
    c.RemoveResponse: remove_response,
    c.RemoveRecommendation: remove_recommendation,
    c.RemoveElement: remove_element,
    c.RemoveCriteria: remove_criteria,
    c.RemoveAssessment: remove_assessment,
}


def carry_out(context: CommandContext[Any]) -> Changes:
    """What a command changes. Raises `Refused`."""
    check_facts(context)
    check_languages(context)
    return HANDLERS[type(context.command)](context)
