"""Removes again what a restored backup brought back."""

from collections.abc import Iterable

from sqlalchemy import select

from app.services.accounts.models import User
from app.services.accounts.people import erase_data, remove_user
from app.services.container import Services
from app.services.removals.evidence_texts import record_again, remove_texts_again
from app.services.removals.removal_list import (
    ErasedPerson,
    Removal,
    RemovedTexts,
    WithdrawnPackage,
    add_to_list,
    removals_of,
)
from app.services.snapshots import package_store
from domain.errors import Refused


def remove_again(services: Services, removals: Iterable[Removal]) -> tuple[int, list[str]]:
    """Remove what a list names, and note it in the list of this installation.

    Returns how many texts, people and packages had come back, and why some people stay or a removal is not recorded.
    """
    texts, people, packages, problems = 0, 0, 0, list[str]()
    own = removals_of(services.settings)
    for removal in removals:
        if removal not in own:  # the list was kept elsewhere
            add_to_list(services.settings, removal)
        try:
            match removal:
                case RemovedTexts(register, evidence):
                    about = f"{register}/{evidence}"
                    texts += remove_texts_again(services, removal)
                    record_again(services, removal)
                case WithdrawnPackage(about):
                    packages += package_store.remove(services.settings, about)
                case ErasedPerson(about):
                    people += _erase_again(services, about)
        except Refused as refused:
            problems.append(f"{about}: {refused}")
    if texts:
        services.views.rebuild()
    return texts + people + packages, problems


def _erase_again(services: Services, person: str) -> bool:
    """Returns whether there was anything. Raises `Refused` for the last administrator."""
    with services.accounts.work() as db:
        user = db.scalars(select(User).where(User.person == person)).one_or_none()
        if user is None:
            return erase_data(db, person)
        remove_user(db, user, erase=True)
    return True
