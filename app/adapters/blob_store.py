"""Copies of sources, named by their SHA-256. The same bytes are stored once."""

from hashlib import sha256

from app.adapters.objects import COPIES, ObjectStore
from domain.errors import Refused, refusal


class BlobStore:
    """The copies in a store of objects."""

    def __init__(self, objects: ObjectStore) -> None:
        self._objects = objects

    def put(self, content: bytes) -> str:
        """Store bytes durably; returns their digest."""
        digest = sha256(content).hexdigest()
        self._objects.put(_name(digest), content)
        return digest

    def get(self, digest: str) -> bytes:
        """Return the bytes after checking their digest. Raises `Refused`."""
        try:
            content = self._objects.item(_name(digest)).read_bytes()
        except FileNotFoundError:
            raise Refused(refusal("The saved file is missing. Contact your administrator.")) from None
        if sha256(content).hexdigest() != digest:
            raise Refused(refusal("The saved file is damaged, so you cannot download it. Contact your administrator."))
        return content

    def drop(self, digest: str) -> None:
        self._objects.remove(_name(digest))


def _name(digest: str) -> str:
    assert len(digest) == 64
    assert digest.isalnum()
    return f"{COPIES}/{digest[:2]}/{digest}"
