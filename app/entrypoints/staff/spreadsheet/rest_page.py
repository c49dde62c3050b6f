"""After an import: what was stored, what is left to finish, and what comes next."""

import msgspec
from flask import make_response, redirect, render_template
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import SIGNED_IN, allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.spreadsheet.background import StoredRows, progress_of
from app.entrypoints.staff.spreadsheet.preview_page import REFRESH_SECONDS
from app.entrypoints.staff.spreadsheet.steps import open_import, step_address, step_links


@staff.get("/spreadsheet/<number:number>/rest/")
@allowed(SIGNED_IN)
def spreadsheet_rest(number: int) -> str | Response:
    """What the last import of a file stored; how far it is while it runs."""
    progress = progress_of(services(), current_person(), number)  # first: it may end before the import is read
    opened = open_import(services(), current_person(), number)
    if progress is not None:
        page = render_template(
            "staff/spreadsheet/checking.html", opened=opened, steps=step_links(opened, "rest"), progress=progress
        )
        answer = make_response(page)
        if not progress.problems:
            answer.headers["Refresh"] = REFRESH_SECONDS
        return answer
    if opened.step != "rest" or opened.entry is None:
        return redirect(step_address(number, opened.step if opened.step != "rest" else "preview"))
    stored = msgspec.json.decode(opened.result, type=StoredRows)
    return render_template("staff/spreadsheet/rest.html", opened=opened, entry=opened.entry, stored=stored)
