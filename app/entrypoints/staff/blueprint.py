"""The blueprint of the staff pages; importing the page families registers their routes."""

from flask import Blueprint

from app.entrypoints.http.page_modules import import_page_modules

staff = Blueprint("staff", __name__, url_prefix="/staff")

import_page_modules("app.entrypoints.staff")
