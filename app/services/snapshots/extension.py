"""Whether the log in one package extends the log in another: every event of the first is there, unchanged."""

from app.services.snapshots.proof import log_root
from app.services.snapshots.verify import VerifiedPackage
from domain.errors import Refused


def check_extends(earlier: VerifiedPackage, later: VerifiedPackage) -> None:
    """Raise `Refused` unless the log in the later package begins with that in the earlier one.

    The roots are computed from the lines. Packages of two registers of an installation hold the same leaves: an event
    of the other register is there as its hash.
    """
    size, all_events = len(earlier.lines), len(later.lines)
    if all_events < size:
        raise Refused(
            f"{later.metadata.name} holds {all_events} events, fewer than the {size} of {earlier.metadata.name}. "
            "Name the package with the shorter log first."
        )
    if log_root(later.lines[:size]).hex() != earlier.root:
        raise Refused(
            f"The log in {later.metadata.name} does not extend that in {earlier.metadata.name}: its first {size} "
            "events have another root. The packages are of two logs, or an event was changed, removed or inserted."
        )
