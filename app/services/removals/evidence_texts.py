"""Removes the texts of a source permanently, with its copies and notes, and what people typed or uploaded of them."""

from collections.abc import Collection, Iterable

from msgspec import Struct

from app.services.accounts.actors import OPERATOR, Actor, authorize
from app.services.container import Services
from app.services.removals.beside_sources import delete_beside, delete_with_words, words_of
from app.services.removals.overwriting import overwrite_files
from app.services.removals.removal_list import RemovedTexts, add_to_list
from domain.commands import RemoveEvidence, RemoveEvidenceText
from domain.evidence.aggregate import Evidence
from domain.evidence.record import read_evidence_text
from domain.ids import evidence_id


class RemovalResult(Struct, frozen=True):
    """`forms` counts drafts, forms and uploaded files that held the texts and are deleted. `not_overwritten` says which
    files may still hold old bytes in their free space, and why.
    """

    forms: int
    not_overwritten: tuple[str, ...]


def remove_evidence_text(services: Services, actor: Actor, command: RemoveEvidenceText) -> RemovalResult:
    """Remove all texts that a source ever had, permanently. Raises `NotAllowed`, `Refused` and `Conflict`."""
    authorize(actor, RemoveEvidenceText, command.register)
    keys = services.log.record_keys(command.register, evidence_id(command.register, command.evidence))
    forms = _remove(services, actor, command, keys)
    at = services.clock()
    add_to_list(services.settings, RemovedTexts(command.register, command.evidence, keys, command.reason, at))
    return RemovalResult(forms, overwrite_files(services))


def remove_evidence(services: Services, actor: Actor, command: RemoveEvidence) -> None:
    """Remove a source of a register that is being prepared, with all that is stored about it. Raises `Refused`."""
    _remove(services, actor, command, ())


def remove_texts_again(services: Services, removed: RemovedTexts) -> int:
    """Remove the texts of a source that a restored backup brought back, with what is beside it; returns how many."""
    if texts := services.log.records(removed.keys):
        words = words_of(map(read_evidence_text, texts.values()))
        with services.accounts.work() as db:  # first: without the words, a second try would find nothing
            digests = delete_beside(db, removed.register, removed.evidence)
            delete_with_words(db, removed.register, words)
        _drop(services, digests)
    return services.log.erase(removed.keys)


def record_again(services: Services, removed: RemovedTexts) -> bool:
    """Record a removal that a restored log does not know, with its day and reason, unless the source has a new text.

    Returns whether it did. Raises `Refused` if nothing can be recorded now, because the log is older than what was
    signed.
    """
    source = services.tracker.find(Evidence, evidence_id(removed.register, removed.evidence))
    if not (source and removed.reason and source.record in removed.keys) or source.text_removal:
        return False
    command = RemoveEvidenceText(
        removed.register, evidence=removed.evidence, reason=removed.reason, removed_at=removed.at
    )
    services.execute_for(OPERATOR, command)
    return True


def _remove(
    services: Services, actor: Actor, command: RemoveEvidence | RemoveEvidenceText, keys: Collection[str]
) -> int:
    """Returns how many drafts, forms and uploaded files are deleted, because they hold a text with one of the keys."""
    words = _words(services, keys)
    with services.accounts.work() as db:  # rolled back if the log refuses the command
        digests = delete_beside(db, command.register, command.evidence)
        forms = delete_with_words(db, command.register, words)
        db.flush()
        services.execute_for(actor, command)
    _drop(services, digests)
    return forms


def _words(services: Services, keys: Collection[str]) -> set[str]:
    return words_of(map(read_evidence_text, services.log.records(keys).values()))


def _drop(services: Services, digests: Iterable[str]) -> None:
    for digest in digests:
        services.blobs.drop(digest)
    services.mark_copies_changed()
