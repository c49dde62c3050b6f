"""Who may do what: one table, used by pages, the API and the command line. Sentences name roles in words."""

from enum import StrEnum

from msgspec import Struct

from domain import commands as c
from domain.errors import Refusal, refusal

ALL_REGISTERS = "*"
"""Means all registers."""


class StaffRole(StrEnum):
    """A person's role in one register; each may do all that those before it may."""

    READER = "reader"
    ANALYST = "analyst"
    EDITOR = "editor"
    ADMINISTRATOR = "administrator"


RANK = {role: n for n, role in enumerate(StaffRole)}


ROLE_NAMES: dict[StaffRole, Refusal] = {
    StaffRole.READER: refusal("reader"),
    StaffRole.ANALYST: refusal("analyst"),
    StaffRole.EDITOR: refusal("editor"),
    StaffRole.ADMINISTRATOR: refusal("administrator"),
}
"""The names of the roles, as values of sentences."""
NO_ROLE = refusal("no role")
ROLE_MEANINGS: dict[StaffRole, Refusal] = {
    StaffRole.READER: refusal(
        "Reads everything in the register, also what is not public, and comments on it. Cannot propose or publish."
    ),
    StaffRole.ANALYST: refusal(
        "Does what a reader does, proposes statuses, adds sources and writes success criteria. Cannot publish: an "
        "editor decides on each proposal."
    ),
    StaffRole.EDITOR: refusal(
        "Does what an analyst does, publishes, returns and declines proposals, and withdraws what is published. "
        "Cannot give roles or change the settings of the register."
    ),
    StaffRole.ADMINISTRATOR: refusal(
        "Does what an editor does, invites people, gives and removes roles, changes the settings of the register and "
        "opens it to the public."
    ),
}
"""What each role may do and what it may not."""


class Permission(Struct, frozen=True):
    least: StaffRole
    to: Refusal
    """What it permits, as words for a refusal."""
    name: Refusal
    """Its name as a scope of a token."""


PERMISSIONS = {
    "read": Permission(StaffRole.READER, refusal("read what is not public and comment on it"), refusal("Read")),
    "propose": Permission(
        StaffRole.ANALYST, refusal("propose a status, add evidence and write success criteria"), refusal("Propose")
    ),
    "publish": Permission(
        StaffRole.EDITOR,
        refusal("publish, return and decline proposals, and approve success criteria"),
        refusal("Publish"),
    ),
    "withdraw": Permission(StaffRole.EDITOR, refusal("withdraw what is published"), refusal("Withdraw")),
    "people": Permission(StaffRole.ADMINISTRATOR, refusal("invite people and give roles"), refusal("People")),
    "settings": Permission(StaffRole.ADMINISTRATOR, refusal("change and open a register"), refusal("Settings")),
}

COMMAND_PERMISSIONS: dict[type[c.Command], str] = {
    c.EstablishRegister: "settings",
    c.OpenRegister: "settings",
    c.SetLogo: "settings",
    c.NameTheme: "settings",
    c.AddPublication: "settings",
    c.NameBody: "settings",
    c.ScheduleReview: "settings",
    c.DraftSummary: "propose",
    c.SignOffReview: "publish",
    c.EmbargoReview: "publish",
    c.SetReviewDoi: "publish",
    c.FreezeReview: "publish",
    c.TimestampReview: "publish",
    c.WithdrawPackage: "settings",
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
    c.RemoveEvidenceText: "settings",
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
    c.UnscheduleAssessment: "publish",
    c.ReturnAssessment: "publish",
    c.ReviseAssessment: "propose",
    c.TakeBackAssessment: "propose",
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
        to, role = required.to, ROLE_NAMES[required.least]
        if register == ALL_REGISTERS:
            words = refusal("To {to} in every register, you need the role {role} for all registers.", to=to, role=role)
        else:
            words = refusal(
                "To {to} in “{register}”, you need the role {role}. Ask an administrator for it.",
                to=to,
                register=register,
                role=role,
            )
        self.refusal = words
        super().__init__(str(words))
