"""PNG pictures for tests, made by another library than the one that checks them."""

import io

from PIL import Image, PngImagePlugin


def png(width: int = 40, height: int = 20, mode: str = "RGBA", comment: str = "") -> bytes:
    picture, buffer, info = Image.new(mode, (width, height)), io.BytesIO(), PngImagePlugin.PngInfo()
    if comment:
        info.add_text("Comment", comment)
    picture.save(buffer, "PNG", pnginfo=info)
    return buffer.getvalue()
