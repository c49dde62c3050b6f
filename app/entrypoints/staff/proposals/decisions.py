"""Carries out the decision on a proposal, and says what happens next.

Publishing in an open register is held for a while: it is scheduled like an embargo, so nothing is public until then,
and the banner offers to undo it.
"""

from datetime import datetime, timedelta
from typing import TypedDict

from flask import url_for

from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.outcomes import Undo, announce
from app.presentation.i18n.clock import instant_text
from app.presentation.i18n.labels import STATUS
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.translation import _, ngettext
from app.services.accounts.actors import Person
from app.services.container import Services
from domain import commands as c
from domain.errors import Refused, refusal
from domain.values import RecommendationFacts
from projections.catalogue.entries import RegisterEntry
from projections.worklist.queries import Proposal


class ProposalTarget(TypedDict):
    recommendation: str
    assessment: str
    expected_version: int | None


class Decision:
    """What one person decides on one proposal, in the version that they saw."""

    def __init__(
        self, services: Services, person: Person, entry: RegisterEntry, proposal: Proposal, form: Form
    ) -> None:
        self.services, self.person, self.entry, self.proposal, self.form = services, person, entry, proposal, form
        self.command = self._command()

    def carry_out(self) -> None:
        """Raises `Refused` with all that publishing now would be refused for, also for a later publication."""
        if isinstance(self.command, c.ScheduleAssessment):
            self.services.check_for(self.person, [c.PublishAssessment(self.entry.id, **self._target())])
        self.services.execute_for(self.person, self.command)

    def announce(self, facts: RecommendationFacts, author: str, waiting: int) -> None:
        """`author` is a name; `waiting` is how many proposals are left to this person."""
        title = localized_text(facts, "title")
        left = (
            ngettext("%(num)d proposal is left to review.", "%(num)d proposals are left to review.", waiting)
            if waiting
            else _("Nothing is left to review.")
        )
        status = str(STATUS[self.proposal.assessment.status])
        match self.command:
            case c.ScheduleAssessment():
                self._announce_scheduled(status, title, author, left)
            case c.PublishAssessment() if self.entry.is_open:
                page = url_for(
                    "public.recommendation",
                    register=self.entry.id,
                    recommendation=self.proposal.recommendation,
                    lang="en",
                )
                links = [(_("See the page"), f"{page}#a-{self.proposal.assessment.id}")]
                announce(_("“%(status)s” is public.", status=status), title, left, links=links)
            case c.PublishAssessment():
                announce(_("“%(status)s” is recorded.", status=status), title, _("This register is not public."), left)
            case c.ReturnAssessment():
                announce(_("Returned to its author."), title, _("%(who)s reads your note.", who=author), left)
            case _:
                announce(_("Declined."), title, _("%(who)s reads your note.", who=author), left)

    def _announce_scheduled(self, status: str, title: str, author: str, left: str) -> None:
        assert isinstance(self.command, c.ScheduleAssessment)
        address = url_for("staff.unschedule", register=self.entry.id, assessment=self.proposal.assessment.id)
        at = instant_text(self.command.publish_at, self.entry.settings.time_zone)
        version = (self.command.expected_version or 0) + 1  # the one that the approval made
        read = " ".join(self.form.lists["read"])
        fields = {"note": self.form["note"], "read": read, "approved_version": str(version)}
        announce(
            _("“%(status)s” goes out at %(at)s.", status=status, at=at),
            title,
            _("Nothing is public yet. %(who)s is told when it is.", who=author),
            left,
            undo=Undo(address, _("Undo"), fields),
        )

    def _target(self) -> ProposalTarget:
        return {
            "recommendation": self.proposal.recommendation,
            "assessment": self.proposal.assessment.id,
            "expected_version": self.form.expected_version or 0,  # a form without one is of no version
        }

    def _command(self) -> c.OfAssessment:
        """Raises `Refused` if no action was chosen, or the time cannot be read."""
        register, target = self.entry.id, self._target()
        match self.form["action"]:
            case "publish":
                at = self._publish_at()
                return (
                    c.ScheduleAssessment(register, **target, publish_at=at)
                    if at
                    else c.PublishAssessment(register, **target)
                )
            case "return":
                self._refuse_time()
                return c.ReturnAssessment(register, **target, note=self.form["note"])
            case "decline":
                self._refuse_time()
                return c.DeclineAssessment(register, **target, why=self.form["note"])
        raise Refused(refusal("Choose whether to publish, return or decline."))

    def _refuse_time(self) -> None:
        if self.form["publish_at"]:
            raise Refused(
                refusal("Clear this time to return or decline the proposal, or publish it then.", field="publish_at")
            )

    def _publish_at(self) -> datetime | None:
        """When it goes out; None for at once."""
        if self.form["publish_at"]:
            return self.form.time("publish_at", self.entry.settings.time_zone)
        hold = self.services.settings.publish_hold_seconds
        return self.services.clock() + timedelta(seconds=hold) if hold and self.entry.is_open else None
