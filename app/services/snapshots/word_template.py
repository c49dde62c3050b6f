"""Opens the empty Word document, with its page, styles and numbering, from the XML files that make it."""

import io
import zipfile

from docx import Document
from docx.document import Document as WordDocument

from app.adapters.resources import data_dir

PARTS = {
    "[Content_Types].xml": "content_types.xml",
    "_rels/.rels": "package.rels",
    "docProps/core.xml": "core.xml",
    "word/document.xml": "document.xml",
    "word/_rels/document.xml.rels": "document.rels",
    "word/styles.xml": "styles.xml",
    "word/numbering.xml": "numbering.xml",
    "word/settings.xml": "settings.xml",
}
"""The parts of the document by path, and their files."""


def new_document() -> WordDocument:
    """Return an empty document."""
    folder, buffer = data_dir("templates") / "snapshots" / "word", io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, name in PARTS.items():
            archive.writestr(path, (folder / name).read_bytes())
    return Document(buffer)
