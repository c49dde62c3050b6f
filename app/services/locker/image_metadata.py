"""Removes metadata from pictures, such as place, time, device and author."""

import io
import warnings

from PIL import Image, ImageOps

from app.services.locker.file_types import JPEG, PNG, FileType
from domain.errors import Refused, refusal

MAX_PIXELS = 40_000_000
"""A page scanned at 600 dots an inch has 35 million."""


def strip_metadata(content: bytes, kind: FileType) -> tuple[bytes, FileType]:
    """Encode the picture again from its pixels. A JPEG stays a JPEG, others become PNG. Raises `Refused`.

    Data after or between the parts of the picture is lost, so the file cannot have a second type.
    """
    formats = ("JPEG", "MPO") if kind is JPEG else (kind.name,)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # _check_size limits the size
            with Image.open(io.BytesIO(content), formats=formats) as picture:
                _check_size(picture, kind)
                return _reencode(picture, kind)
    except Refused:
        raise
    except Image.DecompressionBombError:
        raise _too_large() from None
    except Exception:  # decoders raise many errors on damaged bytes
        raise Refused(refusal("The picture is damaged. Save it again.", field="file")) from None


def _check_size(picture: Image.Image, kind: FileType) -> None:
    if picture.width * picture.height > MAX_PIXELS:
        raise _too_large()
    if kind is not JPEG and getattr(picture, "is_animated", False):
        raise Refused(refusal("Animated pictures are not accepted. Save a single frame, or a PDF.", field="file"))


def _too_large() -> Refused:
    return Refused(refusal("The picture must have at most {n} million pixels. Make it smaller.", n=40, field="file"))


def _reencode(picture: Image.Image, kind: FileType) -> tuple[bytes, FileType]:
    upright = ImageOps.exif_transpose(picture)
    upright.load()
    upright.info = {k: v for k, v in upright.info.items() if k == "transparency"}
    output = io.BytesIO()
    if kind is JPEG:
        upright.save(output, "JPEG", quality=95)
        return output.getvalue(), JPEG
    upright.save(output, "PNG")
    return output.getvalue(), PNG
