"""The blueprint of the staff pages; importing the page families registers their routes."""

from importlib import import_module

from flask import Blueprint

staff = Blueprint("staff", __name__, url_prefix="/staff")

FAMILIES = (
    *("account.welcome", "account.single_sign_on", "account.account", "account.leaving", "account.api_tokens"),
    *("account.mail_preferences", "people.members"),
    *("overview.home", "overview.register_overview", "overview.recommendation", "overview.history"),
    *("overview.assignments", "proposals.proposing", "proposals.reviewing", "proposals.corrections"),
    *("proposals.comments", "proposals.drafts", "proposals.opinions", "bulk.bulk_review", "bulk.sheets"),
    *("evidence.evidence", "evidence.source", "evidence.source_copies", "evidence.source_notes", "reviews.preparation"),
    *("setup.success_criteria", "setup.register_setup", "setup.amendments", "setup.translations", "setup.webhooks"),
)
for _family in FAMILIES:
    import_module(f"app.entrypoints.staff.{_family}")
