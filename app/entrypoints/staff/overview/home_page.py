"""What the home page shows, over all registers of a person."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import current_app, url_for
from msgspec import Struct
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from app.entrypoints.staff.overview.recent_activity import RecentActivity
from app.presentation.i18n.translation import _, ngettext
from app.presentation.i18n.word_lists import word_list
from app.services.demos import demo_names, demo_settings
from app.services.drafts.drafts import draft_fields
from app.services.drafts.models import Draft
from app.services.inbox.first_steps import FirstSteps, Step
from app.services.inbox.inbox import RegisterInbox, Tasks
from app.services.mapping.models import SheetImport
from domain.codes import Status
from domain.register.settings_rules import SAMPLE_PREFIX, is_sample
from domain.values import RegisterSettings
from projections.worklist.inbox import ProposalGroup

LISTS: dict[str, tuple[str, dict[str, Any]]] = {
    "late": ("staff.desk", {"due": "late"}),
    "assigned": ("staff.desk", {"assigned": "me"}),
    "responses": ("staff.paste_responses", {}),
    "error_reports": ("staff.error_reports", {}),
}
"""The pages that list all tasks of a kind, and nothing else."""
OPEN_PROPOSALS: tuple[str, dict[str, Any]] = "staff.desk", {"proposal": "open"}
"""The list with all tasks of the other kinds, among others."""


class DraftLine(Struct, frozen=True):
    """A form that was begun: what it is about and, for a proposal, the status chosen so far."""

    draft: Draft
    inbox: RegisterInbox
    form: str
    status: Status | None

    @property
    def is_about_item(self) -> bool:
        return self.draft.about in self.inbox.facts


class HomePage:
    """Sections over all registers; a task names its register when there are several."""

    def __init__(
        self,
        inboxes: Sequence[RegisterInbox],
        imports: Sequence[SheetImport],
        activity: dict[str, list[RecentActivity]],
        now: datetime,
    ) -> None:
        self.inboxes, self.imports, self.activity, self.now = inboxes, imports, activity, now
        self.drafts = [_draft_line(inbox, draft) for inbox in inboxes for draft in inbox.drafts.shown]
        self.drafts.sort(key=lambda line: line.draft.saved_at, reverse=True)

    @property
    def is_beginning(self) -> bool:
        """Whether no register has recommendations yet; samples do not count."""
        return all(
            is_sample(inbox.entry.settings)
            or (inbox.first_steps is not None and Step.RECOMMENDATIONS not in inbox.first_steps.done)
            for inbox in self.inboxes
        )

    @property
    def first_steps(self) -> list[FirstSteps]:
        """Of the registers that are being prepared; those before the first register if there is none."""
        steps = [inbox.first_steps for inbox in self.inboxes if inbox.first_steps]
        return steps or ([FirstSteps()] if self.is_beginning else [])

    @property
    def demos(self) -> list[tuple[str, RegisterSettings, bool]]:
        """The name, the settings, and whether it is loaded as a sample, of each invented register."""
        here = {inbox.entry.id for inbox in self.inboxes}
        bundles = [(name, demo_settings(name).settings) for name in demo_names()]
        return [(name, settings, SAMPLE_PREFIX + name in here) for name, settings in bundles if settings]

    @property
    def samples(self) -> list[RegisterInbox]:
        return [inbox for inbox in self.inboxes if is_sample(inbox.entry.settings)]

    @property
    def names_registers(self) -> bool:
        return len(self.inboxes) > 1

    @property
    def draft_count(self) -> int:
        return len(self.drafts) + len(self.imports)

    def total(self, kind: str) -> int:
        return sum(getattr(inbox, kind).total for inbox in self.inboxes)

    def count(self, kind: str) -> str:
        """How many tasks of a kind there are, and how many of them the page lists if it is not all."""
        tasks = [task for inbox in self.inboxes for task in getattr(inbox, kind).shown]
        shown = sum(task.number if isinstance(task, ProposalGroup) else 1 for task in tasks)
        total = self.total(kind)
        return _("%(n)s of %(all)s", n=shown, all=total) if shown < total else str(total or "")

    def whole_lists(self, kind: str) -> list[tuple[RegisterInbox, str, str]]:
        """The address of the whole list, and its name, in each register with more tasks of a kind than are shown."""
        endpoint, parameters = LISTS.get(kind, OPEN_PROPOSALS)
        links = []
        for inbox in self.inboxes:
            tasks: Tasks[object] = getattr(inbox, kind)
            if len(tasks.shown) < tasks.total:
                name = _("All %(num)d", num=tasks.total) if kind in LISTS else _("All open proposals")
                links.append((inbox, url_for(endpoint, register=inbox.entry.id, **parameters), name))
        return links

    @property
    def overdue(self) -> int:
        return sum(inbox.overdue for inbox in self.inboxes)

    @property
    def heading(self) -> str:
        """Counts what waits for this person."""
        parts = self._counts()
        if self.is_beginning and not parts:
            return _("Welcome. Your workspace is empty") if not self.samples else _("Welcome")
        if len(self.inboxes) == 1 and self.first_steps and not parts:
            return _("First steps: %(n)d of 7 done", n=self.first_steps[0].number_done)
        if parts:
            return _("You have %(things)s", things=word_list(parts))
        if due := self.total("late"):
            return ngettext(
                "%(num)d recommendation is stale or due for review",
                "%(num)d recommendations are stale or due for review",
                due,
            )
        return _("You’re up to date")

    @property
    def title(self) -> str:
        parts = self._counts()
        return word_list(parts) if parts else _("Home")

    def _counts(self) -> list[str]:
        drafts, review, returned = self.draft_count, self.total("to_review"), self.total("returned")
        assigned, mentions, criteria = self.total("assigned"), self.total("mentions"), self.total("criteria_drafts")
        responses, opinions = self.total("responses"), self.total("opinions")
        errors = self.total("error_reports")
        counts = (
            (drafts, ngettext("%(num)d draft", "%(num)d drafts", drafts)),
            (review, ngettext("%(num)d proposal to review", "%(num)d proposals to review", review)),
            (
                returned,
                ngettext("%(num)d proposal returned to you", "%(num)d proposals returned to you", returned),
            ),
            (
                assigned,
                ngettext("%(num)d recommendation assigned to you", "%(num)d recommendations assigned to you", assigned),
            ),
            (mentions, ngettext("%(num)d unread mention", "%(num)d unread mentions", mentions)),
            (
                criteria,
                ngettext("%(num)d draft of criteria to approve", "%(num)d drafts of criteria to approve", criteria),
            ),
            (responses, ngettext("%(num)d response to publish", "%(num)d responses to publish", responses)),
            (errors, ngettext("%(num)d reported error", "%(num)d reported errors", errors)),
            (opinions, ngettext("%(num)d opinion to give", "%(num)d opinions to give", opinions)),
        )
        return [text for number, text in counts if number]


def _draft_line(inbox: RegisterInbox, draft: Draft) -> DraftLine:
    endpoint = _endpoint(draft.path)
    status = None
    if endpoint == "staff.propose":
        (chosen,) = draft_fields(draft).get("status") or [""]
        status = Status(chosen) if chosen in set(Status) else None
    return DraftLine(draft, inbox, _form_name(endpoint), status)


def _endpoint(path: str) -> str:
    urls: MapAdapter = current_app.url_map.bind("localhost")
    try:
        endpoint, _values = urls.match(path.split("?")[0], method="GET")
    except HTTPException:
        return ""
    return str(endpoint)


def _form_name(endpoint: str) -> str:
    names = {
        "staff.propose": _("Proposal"),
        "staff.proposal": _("Review"),
        "staff.comments": _("Comment"),
        "staff.card": _("Success criteria"),
        "staff.respond": _("Response"),
        "staff.response": _("Response"),
        "staff.new_source": _("New source"),
        "staff.new_search": _("New search"),
        "staff.withdraw": _("Withdrawal"),
        "staff.deadlines": _("Deadline"),
        "staff.opinion": _("Second opinion"),
        "staff.stocktaking": _("Preparation of a review"),
        "staff.addressees": _("Addressees"),
        "staff.relations": _("Editions"),
        "staff.unchanged": _("Reviewed, no change"),
        "staff.people": _("Invite a person"),
    }
    return names.get(endpoint, _("Form"))
