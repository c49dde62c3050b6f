"""Rewrites zips inside the package without compression, so that their bytes do not depend on a compressor."""

import io
import tempfile
import zipfile

from app.services.bundles.writing import write_zip


def store_uncompressed(archive: bytes) -> bytes:
    """Return the same files in the same order, stored, with one fixed time."""
    with zipfile.ZipFile(io.BytesIO(archive)) as source, tempfile.TemporaryFile() as copy:
        write_zip(((info.filename, source.read(info)) for info in source.infolist()), copy)
        copy.seek(0)
        return copy.read()
