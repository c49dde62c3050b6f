"""Cached pages while the database is away: with their age, and a note on pages that people read."""

import re
from datetime import UTC, datetime

from markupsafe import Markup

from app.presentation.i18n.clock import instant_text
from app.presentation.i18n.languages import language_of_path
from app.presentation.i18n.translation import _, texts_in

Headers = list[tuple[str, str]]
_MAIN = re.compile(rb"<main\b[^>]*>")


def stale_page(
    path: str, content: bytes, headers: Headers, compared_at: float, age_seconds: int
) -> tuple[bytes, Headers]:
    """A page with a note that says when it was last compared with the record; its bytes are not those of its ETag."""
    with texts_in(language_of_path(path)):
        since = instant_text(datetime.fromtimestamp(compared_at, UTC), "UTC")
        title = _("This page may be out of date.")
        details = _("The record cannot be read at the moment. This is the page as of %(since)s.", since=since)
    note = Markup('<div class="note" role="status"><p><strong>{}</strong> {}</p></div>').format(title, details)
    noted = _MAIN.sub(lambda main: main[0] + note.encode(), content, count=1)
    return noted, [*headers, ("Age", str(age_seconds)), ("Content-Length", str(len(noted)))]
