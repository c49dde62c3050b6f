"""What a PDF says about itself, read by another process: a hostile file takes no more than its time and memory."""

import json
import re
import subprocess
import sys

from app.services.locker.page_metadata import PageMetadata, clean_text, language_of, parse_day
from domain.errors import Refused, refusal

MAX_PDF_BYTES = 20 * 2**20
TIMEOUT_SECONDS = 8
_SIGNATURE = b"%PDF-"
_DATE = re.compile(r"(?:D:)?(\d{4})-?(\d{2})?-?(\d{2})?", re.ASCII)
_FILE_NAME = re.compile(r"^(?:microsoft \w+ - )?\S*\.(?:docx?|pptx?|xlsx?|odt|indd|pdf|qxp|tex|rtf)$")
"""Programs write the name of the file where no one gave a title."""


def is_pdf(content: bytes) -> bool:
    return _SIGNATURE in content[:1024]


def read_pdf(content: bytes) -> PageMetadata:
    """Its metadata; empty where it says nothing. Raises `Refused` if the file cannot be read."""
    command = [sys.executable, "-m", "app.services.locker.pdf_reader"]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=TIMEOUT_SECONDS, check=True)
        values = json.loads(done.stdout)
    except (subprocess.SubprocessError, OSError, ValueError):
        raise Refused(refusal("The PDF could not be read. Fill in the fields yourself.")) from None
    texts = {name: clean_text(str(values.get(name, ""))) for name in ("title", "publisher", "published_on", "language")}
    return PageMetadata(
        title="" if _FILE_NAME.match(texts["title"].lower()) else texts["title"],
        publisher=texts["publisher"],
        published_on=_day(texts["published_on"]),
        language=language_of(texts["language"]),
    )


def _day(text: str) -> str:
    """The day of a date such as `D:20230614093000Z`."""
    match = _DATE.match(text)
    return parse_day("-".join(part for part in match.groups() if part)) if match else ""
