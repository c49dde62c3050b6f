"""Removes again what a restored backup brought back."""

from collections.abc import Iterable

from msgspec import Struct
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


class RemovedAgain(Struct):
    """How many texts, people and packages had come back, how many removals of texts the log did not know and has now,
    and why people stay or a removal is not recorded.
    """

    texts: int = 0
    others: int = 0
    recorded: int = 0
    problems: list[str] = []

    @property
    def sentences(self) -> list[str]:
        count = self.texts + self.others
        back = "1 text, person or package that was removed had come back and is removed again."
        recorded = "1 removal of texts was not in the log and is recorded in it again."
        if count != 1:
            back = f"{count:,} texts, people and packages that were removed had come back and are removed again."
        if self.recorded != 1:
            recorded = f"{self.recorded:,} removals of texts were not in the log and are recorded in it again."
        return [back, *([recorded] if self.recorded else [])]


def remove_again(services: Services, removals: Iterable[Removal]) -> RemovedAgain:
    """Remove what a list names, and note it in the list of this installation."""
    done = RemovedAgain()
    own = removals_of(services.settings)
    for removal in removals:
        if removal not in own:  # the list was kept elsewhere
            add_to_list(services.settings, removal)
        match removal:
            case RemovedTexts():
                done.texts += remove_texts_again(services, removal)
                _record(services, removal, done)
            case WithdrawnPackage(package):
                done.others += package_store.remove(services.settings, package)
            case ErasedPerson(person):
                try:
                    done.others += _erase_again(services, person)
                except Refused as refused:
                    done.problems.append(f"{person} is not removed: {refused}")
    if done.texts:
        services.views.rebuild()
    return done


def _record(services: Services, removal: RemovedTexts, done: RemovedAgain) -> None:
    try:
        done.recorded += record_again(services, removal)
    except Refused as refused:
        about = f"{removal.register}/{removal.evidence}"
        done.problems.append(f"The texts of {about} are removed, but that is not recorded yet: {refused}")


def _erase_again(services: Services, person: str) -> bool:
    """Returns whether there was anything. Raises `Refused` for the last administrator."""
    with services.accounts.work() as db:
        user = db.scalars(select(User).where(User.person == person)).one_or_none()
        if user is None:
            return erase_data(db, person)
        remove_user(db, user, erase=True)
    return True
