"""Templates to fill in: an empty one, and one of each register."""

from flask import Response

from app.entrypoints.http.guard import SIGNED_IN, allowed
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.services.mapping.register_template import build_template

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@staff.get("/spreadsheet/template.xlsx")
@allowed(SIGNED_IN)
def empty_template() -> Response:
    return _workbook("uptake-template.xlsx", build_template(services(), ""))


@staff.get("/<register:register>/template.xlsx")
@allowed("settings")
def register_template(register: str) -> Response:
    return _workbook(f"{register}-template.xlsx", build_template(services(), register))


def _workbook(name: str, content: bytes) -> Response:
    answer = Response(content, content_type=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
