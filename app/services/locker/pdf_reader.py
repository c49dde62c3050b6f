"""Reads what a PDF says about itself: title, publisher, day and language. Runs as a process of its own, within limits.

Run by `pdf_metadata`: the file comes on standard input, and the answer goes to standard output as JSON.
"""

import json
import resource
import sys
from contextlib import suppress
from io import BytesIO
from typing import Any

from pypdf import PdfReader

MAX_SECONDS = 5
MAX_MEMORY_BYTES = 2**30


def read_values(content: bytes) -> dict[str, str]:
    """The texts of the document information, each completed by those of XMP. Raises what pypdf raises."""
    reader = PdfReader(BytesIO(content))
    if reader.is_encrypted:
        reader.decrypt("")
    info: dict[str, Any] = dict(reader.metadata or {})
    values = {"title": info.get("/Title"), "publisher": info.get("/Author"), "published_on": info.get("/CreationDate")}
    with suppress(Exception):  # XMP is a second document in the first, and often malformed
        xmp = reader.xmp_metadata
        if xmp is not None:
            publisher = ", ".join(xmp.dc_publisher or ())
            values["title"] = values["title"] or next(iter((xmp.dc_title or {}).values()), "")
            values["publisher"] = publisher or values["publisher"] or ", ".join(xmp.dc_creator or ())
            values["published_on"] = values["published_on"] or xmp.xmp_create_date
    root = reader.root_object
    values["language"] = root.get("/Lang") if root else ""
    return {name: str(value) for name, value in values.items() if value}


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    json.dump(read_values(sys.stdin.buffer.read()), sys.stdout)


if __name__ == "__main__":
    main()
