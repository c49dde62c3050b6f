"""What follows when a person is erased: the bytes go too, and a restored backup does not bring the person back."""

from app.services.container import Services
from app.services.removals.overwriting import in_old_store, overwrite_accounts
from app.services.removals.removal_list import ErasedPerson, add_to_list


def finish_erasing(services: Services, person: str) -> tuple[str, ...]:
    """Call it after the transaction that erased a person. Returns why old bytes may be left, if they may."""
    add_to_list(services.settings, ErasedPerson(person))
    try:
        overwrite_accounts(services)
    except OSError as e:
        return (str(e), *in_old_store(services))
    return in_old_store(services)
