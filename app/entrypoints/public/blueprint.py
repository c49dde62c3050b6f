"""The blueprint of the public pages; importing the page families adds their addresses to it."""

from app.entrypoints.http.page_modules import import_page_modules
from app.entrypoints.public.localized_blueprint import LocalizedBlueprint

public = LocalizedBlueprint("public", __name__)

import_page_modules("app.entrypoints.public")
