"""The bar on top of every staff page."""

from flask import Flask, g, url_for
from msgspec import Struct

from app.entrypoints.http.guard import current_person
from app.entrypoints.http.services import services
from app.presentation.i18n.translation import _
from app.services.inbox.workspace import workspace_of
from projections.catalogue.entries import RegisterEntry


class WorkspaceBar(Struct, frozen=True):
    """`overview` is empty for a person without a register, else a list of them or the only one."""

    overview: str
    to_review: int
    unread: int
    public: str
    public_label: str
    zones: frozenset[str]
    """The time zones of the registers."""


def add_workspace_bar(app: Flask) -> None:
    app.jinja_env.globals["workspace_bar"] = workspace_bar


def workspace_bar() -> WorkspaceBar:
    """The bar of the person who is signed in, made once for a request."""
    if "workspace_bar" not in g:
        workspace = workspace_of(services(), current_person())
        label, address = _public_page(workspace.registers)
        g.workspace_bar = WorkspaceBar(
            overview=_overview(workspace.registers),
            to_review=workspace.to_review,
            unread=workspace.unread,
            public=address,
            public_label=label,
            zones=frozenset(entry.settings.time_zone for entry in workspace.registers),
        )
    bar: WorkspaceBar = g.workspace_bar
    return bar


def _overview(registers: list[RegisterEntry]) -> str:
    if len(registers) == 1:
        return url_for("staff.desk", register=registers[0].id)
    return url_for("staff.registers") if registers else ""


def _public_page(registers: list[RegisterEntry]) -> tuple[str, str]:
    """Its label and its address: of the only register, or of the site."""
    if len(registers) == 1 and registers[0].is_open:
        return _("Public page"), url_for("public.scorecard", register=registers[0].id, lang="en")
    return _("Public pages"), url_for("public.registers", lang="en")
