"""The way in to work on many rows at once."""

from flask import render_template

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.translation import LazyText

_ = LazyText
TASKS = (
    ("staff.bulk_sources", "propose", _("Add many sources"), _("From pasted addresses, with what the pages say.")),
    ("staff.bulk_criteria", "propose", _("Write success criteria"), _("For items that have none, as drafts.")),
    (
        "staff.bulk_approvals",
        "publish",
        _("Approve success criteria"),
        _("Drafts of others, with their texts in full."),
    ),
    (
        "staff.bulk_statuses",
        "propose",
        _("Propose status changes"),
        _("For selected recommendations, or with a sheet."),
    ),
    ("staff.bulk_publish", "publish", _("Publish proposals"), _("Those that wait, with every difference.")),
    ("staff.bulk_source_facts", "publish", _("Change many sources"), _("Their facts, with one public reason.")),
)
"""Endpoint, permission, name and explanation of each task, in the order in which a register is prepared."""


@staff.get("/<register:register>/bulk/")
@allowed("propose")
def bulk_work(register: str) -> str:
    entry, person = register_entry(services(), register), current_person()
    tasks = [task for task in TASKS if person.may(task[1], register)]
    return render_template("staff/bulk/work.html", entry=entry, tasks=tasks)
