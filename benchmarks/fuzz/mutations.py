"""Damages real inputs a little, at random: bytes of a file, and members of a zip."""

import io
import random
import zipfile

TOKENS = (
    *(
        b"\x00",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\r",
        b"\n",
        b'"',
        b",",
        b";",
        b"\t",
        b"{",
        b"[",
        b"]",
        b"<",
        b"&",
        b"%00",
    ),
    *("\u202e", "\u0301" * 40, "\ud55c", "\U0001f600", "=1+1", "-", "--", "..", "/", "\\", "(?", "^"),
    *("0", "-1", "1e999", "9" * 40, "0000-00-00", "9999-12-31", "2024-02-30", "null", "true", "NaN", "ko", "a" * 5000),
)
"""Texts that readers have stumbled over elsewhere."""
MAX_CHANGES = 4


def damage(chance: random.Random, sample: bytes) -> bytes:
    """A few changes: bytes are flipped, cut, repeated, exchanged or inserted."""
    content = bytearray(sample)
    for _ in range(chance.randint(1, MAX_CHANGES)):
        start = chance.randint(0, len(content))
        end = min(len(content), start + chance.choice((1, 1, 2, 8, 40)))
        change = chance.randrange(6)
        if change == 0:
            content[start:end] = b""
        elif change == 1:
            content[start:start] = content[start:end] * chance.choice((1, 2, 50))
        elif change == 2:
            content[start:end] = bytes(chance.randrange(256) for _ in range(end - start))
        elif change == 3 and chance.random() < 0.2:
            del content[start:]
        else:
            token = chance.choice(TOKENS)
            content[start : start if change == 4 else end] = token if isinstance(token, bytes) else token.encode()
    return bytes(content)


def damage_text(chance: random.Random, sample: bytes) -> bytes:
    """The same, and then valid UTF-8: what a form or an address can hold."""
    return damage(chance, sample).decode("utf-8", "ignore").encode()


def damage_zip(chance: random.Random, sample: bytes) -> bytes:
    """A zip in which one member is damaged, removed, renamed or doubled; one in five is damaged as bytes."""
    if chance.random() < 0.2:
        return damage(chance, sample)
    with zipfile.ZipFile(io.BytesIO(sample)) as archive:
        members = [(info, archive.read(info)) for info in archive.infolist()]
    index = chance.randrange(len(members))
    info, content = members[index]
    change = chance.randrange(8)
    if change == 0:
        del members[index]
    elif change == 1:
        members.append((info, damage(chance, content)))
    elif change == 2:
        renamed = zipfile.ZipInfo(damage_text(chance, info.filename.encode()).decode() or "x", info.date_time)
        members[index] = (renamed, content)
    else:
        members[index] = (info, damage(chance, content))
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as archive:
        for member, data in members:
            archive.writestr(member, data, zipfile.ZIP_STORED)
    return result.getvalue()
