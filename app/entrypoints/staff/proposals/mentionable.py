"""The names that can be mentioned with @ in a register: a page to search, which the comment field reads too."""

from flask import render_template

from app.entrypoints.http.guard import allowed
from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import parse_number
from app.entrypoints.staff.setup.registers import register_entry
from app.services.comments.mentions import handles_in, search_handles

NAMES_PER_PAGE = 8


@staff.get("/<register:register>/names/")
@allowed("read")
def mentionable(register: str) -> str:
    query = read_parameters("q", "page")
    page = max(parse_number(query.get("page", "")) or 1, 1)
    words = query.get("q", "").lstrip("@")
    with services().accounts.work() as db:
        matches = search_handles(handles_in(db, register), words)
    start = (page - 1) * NAMES_PER_PAGE
    return render_template(
        "staff/mentionable.html",
        entry=register_entry(services(), register),
        words=words,
        names=matches[start : start + NAMES_PER_PAGE],
        total=len(matches),
        next_page=page + 1 if start + NAMES_PER_PAGE < len(matches) else None,
    )
