"""The address under which a review is published: it stays in the package, so it must be right when it is frozen."""

from app.adapters.local_hosts import is_local_host
from app.adapters.settings import Settings
from app.services.transparency.signing_keys import host_problem
from domain.errors import Refusal, refusal


def address_problem(settings: Settings, *, is_fictional: bool = False) -> Refusal | None:
    """Why nothing can be frozen under the address of this site; None if it can.

    At a local address only trials are frozen: invented registers, and any register of an installation for trials. Their
    pages say so.
    """
    if is_local_host(settings.origin) and not (is_fictional or settings.trial):
        return refusal(
            "The address of this site, {address}, is a local one, and a frozen review names it permanently. Set "
            "UPTAKE_BASE_URL to the public address and make a key for it with “uptake key rotate”. To try it out "
            "here, set UPTAKE_TRIAL=yes: the review then says that it is a trial.",
            address=settings.base_url,
        )
    return host_problem(settings)
