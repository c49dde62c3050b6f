"""Withdraws the package of a frozen review: it is deleted here, and its address says why. The record of it stays."""

from app.adapters.settings import Settings
from app.services.accounts.actors import Actor, authorize
from app.services.container import Services
from app.services.removals.removal_list import WithdrawnPackage, add_to_list, removals_of
from app.services.snapshots import package_store
from app.services.snapshots.review_schedule import find_snapshot, review_occurrences
from domain.commands import WithdrawPackage
from domain.review.state import PackageWithdrawal, Stocktaking
from domain.values import Snapshot
from projections.catalogue import queries as catalogue


def withdraw_package(services: Services, actor: Actor, command: WithdrawPackage) -> Snapshot:
    """Withdraw a package; returns what was frozen. Raises `NotAllowed`, `NotFound`, `Refused` and `Conflict`."""
    authorize(actor, WithdrawPackage, command.register)
    with services.views.connect() as db:
        _occurrence, snapshot = find_snapshot(db, command.register, command.review, command.as_of)
    services.execute_for(actor, command)
    services.mark_copies_changed()
    add_to_list(services.settings, WithdrawnPackage(snapshot.package, command.reason, services.clock()))
    package_store.remove(services.settings, snapshot.package)
    return snapshot


def withdrawal_of(settings: Settings, preparation: Stocktaking) -> PackageWithdrawal | None:
    """When and why a package was withdrawn: by the log or, after a backup was restored, by the list of removals."""
    snapshot = preparation.snapshot
    if preparation.withdrawal or snapshot is None or package_store.has(settings, snapshot.package):
        return preparation.withdrawal
    found = _listed(settings).get(snapshot.package)
    return PackageWithdrawal(found.reason, found.at) if found else None


def finish_withdrawals(services: Services) -> None:
    """List and delete the packages that the log says are withdrawn: the process may have ended before it did."""
    until, listed = services.clock().date(), _listed(services.settings)
    with services.views.connect() as db:
        for register in catalogue.registers(db):
            for occurrence in review_occurrences(db, register.id, until):
                snapshot, withdrawal = occurrence.preparation.snapshot, occurrence.preparation.withdrawal
                if snapshot and withdrawal:
                    if snapshot.package not in listed:
                        at = withdrawal.at or services.clock()
                        add_to_list(services.settings, WithdrawnPackage(snapshot.package, withdrawal.reason, at))
                    package_store.remove(services.settings, snapshot.package)


def _listed(settings: Settings) -> dict[str, WithdrawnPackage]:
    """The withdrawals in the list of removals, by the digest of the package."""
    return {r.package: r for r in removals_of(settings) if isinstance(r, WithdrawnPackage)}
