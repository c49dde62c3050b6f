"""A button for the person's own browser that carries a page's address, title and publisher to the form of a source."""

from pathlib import Path
from urllib.parse import quote, urlencode

from flask import current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import SIGNED_IN, allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.evidence.evidence import CARRIED_FIELDS, MAX_CARRIED
from app.presentation.i18n.localize import localized_text
from projections.catalogue import queries as catalogue

SCRIPT = "js/browser_button.js"
"""What the button does on the page that the person reads."""


@staff.get("/browser-button/")
@allowed(SIGNED_IN)
def browser_button() -> str:
    """Explains the button, and offers it as a link to drag and as a text to copy."""
    address = services().settings.base_url + url_for("staff.carried_source")
    lines = (Path(current_app.static_folder or "") / SCRIPT).read_text("utf-8").splitlines()
    script = " ".join(line.strip() for line in lines if not line.startswith("//")).replace("ADDRESS", address)
    return render_template("staff/browser_button.html", script=f"javascript:{quote(script)}")


@staff.get("/add-source/")
@allowed(SIGNED_IN)
def carried_source() -> str | Response:
    """Asks for the register, and opens its form for a new source with what the browser carried. Stores nothing."""
    person = current_person()
    carried = {name: request.args.get(name, "")[:MAX_CARRIED] for name in CARRIED_FIELDS}
    with services().views.connect() as db:
        registers = [r for r in catalogue.registers(db) if person.may("propose", r.id)]
    query = urlencode(carried)
    pages = [
        (localized_text(r.settings, "title"), f"{url_for('staff.new_source', register=r.id)}?{query}")
        for r in registers
    ]
    if len(pages) == 1:
        return redirect(pages[0][1])
    return render_template("staff/carried_source.html", pages=pages, title=carried["title"] or carried["url"])
