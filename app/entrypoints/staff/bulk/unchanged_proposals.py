"""Makes the proposals that say “reviewed, no change” of several recommendations, and finds the refused ones."""

from collections.abc import Sequence
from datetime import date

from flask import request
from msgspec.structs import replace

from app.entrypoints.staff.forms import Form, parse_number
from app.entrypoints.staff.overview.selection import SelectedRecommendation
from app.presentation.i18n.translation import _
from app.services.accounts.actors import Person
from app.services.container import Services
from domain import commands as c
from domain.batch import BatchRefused
from domain.codes import Reason, Status
from domain.errors import Refused, refusal
from domain.ids import recommendation_id
from domain.methodology.rules import in_force_on
from domain.recommendation.aggregate import Recommendation
from domain.times import first_day
from domain.values import Assessment

KEEP_SOURCES = "keep_sources"
"""Whether each item keeps the sources of its present assessment."""


def rationale_field(recommendation: str) -> str:
    """The field with a rationale of a recommendation's own."""
    return f"rationale-{recommendation}"


class UnchangedProposals:
    """The proposals of one form. Errors go to the form, next to the recommendation that they are about."""

    def __init__(self, services: Services, person: Person, register: str, form: Form) -> None:
        self.services, self.person, self.register, self.form = services, person, register, form
        self.commands: list[c.ProposeAssessment] = []

    def prepare(self, selection: Sequence[SelectedRecommendation]) -> None:
        """Make the proposals of what is typed."""
        form = self.form
        if not form["rationale"] and any(not form[rationale_field(one.facts.id)] for one in selection):
            form.add("rationale", _("Give the reasons in two or three sentences that a reader can check."))
        on = None
        try:
            on = first_day(form.day("effective_on")) if form["effective_on"] else None
        except Refused as refused:
            form.refuse(refused)
        if not form["effective_on"]:
            form.add("effective_on", _("Enter the last day that you checked."))
        if on and not form.errors:
            for one in selection:
                self._prepare(one.facts.id, on)

    @property
    def refused(self) -> set[str]:
        """The recommendations that cannot be sent."""
        return {e.field.removeprefix("pick-") for e in self.form.errors if e.field.startswith("pick-")}

    @property
    def can_leave_out(self) -> bool:
        """Whether only some recommendations stand in the way of the others."""
        return bool(self.refused) and all(e.field.startswith("pick-") for e in self.form.errors) and bool(self.others)

    @property
    def others(self) -> set[str]:
        """The recommendations that can be sent."""
        return {command.recommendation for command in self.commands} - self.refused

    def leave_out_refused(self) -> None:
        """Go on with the others. They are checked again, because a refused one may have changed what they rest on."""
        others = self.others
        self.form.errors = []
        self.form.lists["pick"] = [ident for ident in self.form.lists["pick"] if ident in others]
        self.commands = [command for command in self.commands if command.recommendation in others]
        self.check()

    def check(self) -> None:
        """Say what cannot be sent, and store nothing."""
        try:
            self.services.check_all(self.commands, by=self.person.id)
        except BatchRefused as batch:
            self._add_refusals(batch)

    def send(self) -> bool:
        """Propose all of them; on any error, store nothing and add it to the form."""
        if self.form.errors or not self.commands:
            return False
        try:
            self.services.execute_all_for(self.person, self.commands)
        except BatchRefused as batch:
            self._add_refusals(batch)
        except Refused as refused:
            self.form.refuse(refused)
        return not self.form.errors

    def _add_refusals(self, batch: BatchRefused) -> None:
        for index, refused in batch.by_index.items():
            ident = self.commands[index].recommendation
            self.form.refuse(Refused(*(r.about(f"pick-{ident}") for r in refused.refusals)))

    def _prepare(self, ident: str, on: date) -> None:
        """One proposal for the recommendation, or for each of its elements with an assessment."""
        aggregate = self.services.tracker.load(Recommendation, recommendation_id(self.register, ident))
        parts = [part for part in list(aggregate.elements) or [""] if in_force_on(aggregate.earlier(part), on)]
        if not parts:
            words = "Nothing was published about it by this day, so there is nothing to confirm."
            self.form.refuse(Refused(refusal(words, field=f"pick-{ident}")))
        version = parse_number(request.form.get(f"version-{ident}", "")) or 0
        self.commands += [
            c.ProposeAssessment(
                self.register,
                recommendation=ident,
                assessment=self._unchanged(aggregate, part, ident, on),
                expected_version=version,
            )
            for part in parts
        ]

    def _unchanged(self, aggregate: Recommendation, element: str, ident: str, on: date) -> Assessment:
        """Repeats the assessment in force on the day with the new rationale."""
        form = self.form
        in_force = in_force_on(aggregate.earlier(element), on)
        assert in_force is not None
        last = aggregate.assessments[in_force.id].assessment
        own, added = form[rationale_field(ident)], form.lists.get("evidence", [])
        start = (last.window_from or last.effective_on) if last.status is Status.IN_EFFECT else ""
        new = Assessment(
            id="",
            element=element,
            status=last.status,
            effective_on=form.day("effective_on"),
            reason=Reason.REVIEWED_NO_CHANGE,
            statement=form["statement"],
            rationale=own or form["rationale"],
            translations=form.translations(*Assessment.TRANSLATED),
            evidence=tuple(dict.fromkeys([*(last.evidence if form[KEEP_SOURCES] else ()), *added])),
            cause=last.cause,
            motion=last.motion,
            window_from=start,
            window_to=last.window_to,
        )
        return replace(new, translations=_without_rationale(new)) if own else new


def _without_rationale(new: Assessment) -> dict[str, dict[str, str]]:
    """The translations without those of the common rationale, which an own one replaces."""
    kept = {
        code: {field: text for field, text in texts.items() if field != "rationale"}
        for code, texts in new.translations.items()
    }
    return {code: texts for code, texts in kept.items() if texts}
