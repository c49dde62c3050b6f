"""The blueprint of the staff's pages; importing the page families adds their addresses to it."""

from importlib import import_module

from flask import Blueprint

staff = Blueprint("staff", __name__, url_prefix="/staff")

FAMILIES = (
    *("welcome", "provider", "account", "leaving", "tokens", "people", "home", "desk", "proposing", "recommendation"),
    *("reviewing", "correcting", "cards", "history", "setting_up", "stocktaking", "amending", "translating"),
    *(
        "commenting",
        "mailing",
        "webhooks",
        "drafting",
        "unchanged",
        "assigning",
        "evidence",
        "source",
        "sheets",
        "opinions",
    ),
)
for _family in FAMILIES:
    import_module(f"app.staff.{_family}")
