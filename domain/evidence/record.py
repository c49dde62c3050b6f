"""The text of an item of evidence, stored beside the log under its own key."""

from hashlib import sha256

import msgspec

from domain.values import EvidenceText, arrange_translations


class _StoredText(EvidenceText, frozen=True, kw_only=True):
    """A text as it is stored; older ones have their Korean summary in a field of its own."""

    summary_ko: str = ""


_read_stored = msgspec.json.Decoder(_StoredText).decode


def read_evidence_text(stored: bytes) -> EvidenceText:
    """The text in stored bytes. These never change, because an event holds their digest."""
    text = _read_stored(stored)
    korean = arrange_translations([("ko", "summary", text.summary_ko)])
    return EvidenceText(
        title=text.title,
        url=text.url,
        archived_url=text.archived_url,
        summary=text.summary,
        notes=text.notes,
        translations=text.translations or korean,
    )


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
