"""Every event of a register as a sentence, those that are not public too."""

from flask import render_template, request

from app.accounts.guard import allowed
from app.staff.blueprint import staff
from app.staff.registers import register_entry
from app.web.asking import applied
from app.web.local import said_text
from app.web.sentences import sentence, who
from app.web.services import services
from domain.errors import Refused, say
from projections.catalogue import queries as catalogue
from projections.timeline import queries as timeline

PAGE = 100


@staff.get("/<register:register>/history/")
@allowed("read")
def history(register: str) -> str:
    before = request.args.get("before", "")
    if before and not (before.isascii() and before.isdigit() and len(before) < 16):
        raise Refused(say("“{place}” is no place in the log; use the link at the foot of the page.", place=before[:40]))
    entry = register_entry(register)
    with services().views.connect() as db:
        found = timeline.newest(db, register, before=int(before) if before else None, limit=PAGE + 1, private=True)
        titles = {e.element.id: said_text(e.element, "title") for e in catalogue.elements(db, register, applied(db))}
    lines = [(e, sentence(e.event, titles), who(e.event)) for e in found[:PAGE]]
    older = found[PAGE - 1].position if len(found) > PAGE else None
    return render_template("staff/history.html", entry=entry, lines=lines, older=older)
