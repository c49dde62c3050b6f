"""The text of an item of evidence, stored beside the log under its own key."""

from hashlib import sha256

import msgspec

from domain.values import EvidenceText


class EvidenceRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A text stored beside the log under its own key. The salt keeps its digest from being guessed."""

    key: str
    salt: str
    text: EvidenceText

    @property
    def stored(self) -> bytes:
        """The bytes that are stored, and whose digest is in the event."""
        return msgspec.json.encode({"salt": self.salt, **msgspec.to_builtins(self.text)}, order="sorted")

    @property
    def digest(self) -> str:
        """SHA-256 of the stored bytes, in hexadecimal."""
        return sha256(self.stored).hexdigest()
