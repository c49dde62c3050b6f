"""Who may do what: one table, used by pages, the API and the command line."""

from enum import StrEnum

from msgspec import Struct

from domain import commands as c
from domain.errors import refusal


class StaffRole(StrEnum):
    """A person's role in one register; each may do all that those before it may."""

    READER = "reader"
    ANALYST = "analyst"
    EDITOR = "editor"
    ADMINISTRATOR = "administrator"


RANK = {role: n for n, role in enumerate(StaffRole)}


class Permission(Struct, frozen=True):
    least: StaffRole
    to: str
    """What it permits, as words for a refusal."""


PERMISSIONS = {
    "read": Permission(StaffRole.READER, "read what is not public and comment on it"),
    "propose": Permission(StaffRole.ANALYST, "propose a status, add evidence and write success criteria"),
    "publish": Permission(StaffRole.EDITOR, "publish, return and decline proposals, and approve success criteria"),
    "withdraw": Permission(StaffRole.EDITOR, "withdraw what is published"),
    "people": Permission(StaffRole.ADMINISTRATOR, "invite people and give roles"),
    "settings": Permission(StaffRole.ADMINISTRATOR, "change and open a register"),
}

COMMAND_PERMISSIONS: dict[type[c.Command], str] = {
    c.EstablishRegister: "settings",
    c.OpenRegister: "settings",
    c.NameTheme: "settings",
    c.AddPublication: "settings",
    c.NameBody: "settings",
    c.ScheduleReview: "settings",
    c.DraftSummary: "propose",
    c.SignOffReview: "publish",
    c.EmbargoReview: "publish",
    c.FreezeReview: "publish",
    c.TimestampReview: "publish",
    c.AmendRegister: "settings",
    c.AmendTheme: "settings",
    c.AmendPublication: "settings",
    c.AmendBody: "settings",
    c.AmendReview: "settings",
    c.AmendRecommendation: "settings",
    c.AmendElement: "settings",
    c.AmendAddressees: "settings",
    c.MergeBodies: "settings",
    c.NoteEvidence: "propose",
    c.KeepFile: "propose",
    c.RecordDevelopment: "settings",
    c.StateDeadline: "publish",
    c.WithdrawDeadline: "withdraw",
    c.RegisterRecommendation: "settings",
    c.AddElement: "settings",
    c.DraftCriteria: "propose",
    c.ApproveCriteria: "publish",
    c.ProposeAssessment: "propose",
    c.PublishAssessment: "publish",
    c.DeclineAssessment: "publish",
    c.ScheduleAssessment: "publish",
    c.ReturnAssessment: "publish",
    c.ReviseAssessment: "propose",
    c.WithdrawAssessment: "withdraw",
    c.WithdrawRecommendation: "withdraw",
    c.StateRelation: "publish",
    c.WithdrawRelation: "withdraw",
    c.ProposeResponse: "propose",
    c.PublishResponse: "publish",
    c.DeclineResponse: "publish",
    c.WithdrawResponse: "withdraw",
    c.AmendEvidence: "publish",
    c.DiscardRegister: "settings",
    c.RemoveTheme: "settings",
    c.RemovePublication: "settings",
    c.RemoveBody: "settings",
    c.RemoveReview: "settings",
    c.RemoveEvidence: "settings",
    c.RemoveDevelopment: "settings",
    c.RemoveDeadline: "settings",
    c.RemoveRelation: "settings",
    c.RemoveResponse: "settings",
    c.RemoveRecommendation: "settings",
    c.RemoveElement: "settings",
    c.RemoveCriteria: "settings",
    c.RemoveAssessment: "settings",
}
"""The permission that each command requires in its register; `Services.execute_for` checks it."""


def allows(role: StaffRole | None, permission: str) -> bool:
    return role is not None and RANK[role] >= RANK[PERMISSIONS[permission].least]


class NotAllowed(Exception):
    """The role of a person does not permit the action; `refusal` is the sentence for them."""

    def __init__(self, permission: str, register: str) -> None:
        required = PERMISSIONS[permission]
        self.refusal = refusal(
            "To {to} in “{register}”, you need the role {role}. Ask an administrator for it.",
            to=required.to,
            register=register,
            role=required.least.value,
        )
        super().__init__(str(self.refusal))
