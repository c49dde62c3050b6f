"""Small files of each kind that the locker keeps or refuses."""

import io
from typing import Any

from PIL import Image

PDF_BYTES = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
SVG_BYTES = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML_BYTES = b"\n<!-- saved -->\n<!DOCTYPE html><html><body onload='alert(1)'><script>alert(2)</script></body></html>"


def picture_bytes(kind: str = "PNG", size: tuple[int, int] = (12, 8), **options: Any) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(buffer, kind, **options)
    return buffer.getvalue()
