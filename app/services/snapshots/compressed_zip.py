"""Compresses the zips inside the package so that their bytes do not depend on the machine."""

import io
import struct
import zipfile
import zlib

from app.adapters.deflate import deflate

STORED, DEFLATED, VERSION = 0, 8, 20
COMPRESSED_ALREADY = (".png", ".jpeg", ".jpg")
FIRST_DAY = 1 << 5 | 1
"""1 January 1980 as zips write it: no time is in the bytes."""


def compress(archive: bytes) -> bytes:
    """Return the same files in the same order, compressed, with one fixed time. Sizes are of less than 4 GB."""
    files, directory, count = bytearray(), bytearray(), 0
    with zipfile.ZipFile(io.BytesIO(archive)) as source:
        for info in source.infolist():
            content, name = source.read(info), info.filename.encode()
            is_packed = not info.filename.endswith(COMPRESSED_ALREADY)
            packed = deflate(content) if is_packed else content
            facts = struct.pack(
                "<5H3L2H",
                *(VERSION, 0, DEFLATED if is_packed else STORED, 0, FIRST_DAY),
                *(zlib.crc32(content), len(packed), len(content), len(name), 0),
            )
            directory += (
                b"PK\x01\x02" + struct.pack("<H", VERSION) + facts + struct.pack("<3H2L", 0, 0, 0, 0, len(files))
            )
            directory += name
            files += b"PK\x03\x04" + facts + name + packed
            count += 1
    end = struct.pack("<4H2LH", 0, 0, count, count, len(directory), len(files), 0)
    return bytes(files + directory) + b"PK\x05\x06" + end
