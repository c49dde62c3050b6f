"""What an item of evidence remembers of its events: as much as its next decision needs."""

from typing import TYPE_CHECKING

from domain.base import Aggregate
from domain.values import EvidenceFacts

if TYPE_CHECKING:
    from domain.evidence.events import TextRemoval


class EvidenceState(Aggregate):
    """`record` is the key of the text beside the log, `digest` its SHA-256."""

    register: str
    facts: EvidenceFacts
    record = ""
    digest: str
    is_public = False
    text_removal: "TextRemoval | None" = None
    """The removal of all its texts, until it has a new one."""

    @property
    def natural_id(self) -> str:
        return self.facts.id

    def __init__(self) -> None:
        super().__init__()
        self.file_digests: set[str] = set()
