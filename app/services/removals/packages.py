"""Withdraws the package of a frozen review: it is deleted here, and its address says why. The record of it stays."""

from app.adapters.settings import Settings
from app.services.accounts.actors import Actor, authorize
from app.services.container import Services
from app.services.removals.removal_list import WithdrawnPackage, add_to_list, read_list, removal_file
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
    add_to_list(services.settings, WithdrawnPackage(snapshot.package, command.reason, services.clock()))
    package_store.remove(services.settings, snapshot.package)
    return snapshot


def withdrawal_of(settings: Settings, preparation: Stocktaking) -> PackageWithdrawal | None:
    """When and why a package was withdrawn: by the log or, after a backup was restored, by the list of removals."""
    snapshot = preparation.snapshot
    if preparation.withdrawal or snapshot is None or package_store.has(settings, snapshot.package):
        return preparation.withdrawal
    listed = (r for r in read_list(removal_file(settings)) if isinstance(r, WithdrawnPackage))
    found = next((r for r in listed if r.package == snapshot.package), None)
    return PackageWithdrawal(found.reason, found.at) if found else None


def finish_withdrawals(services: Services) -> None:
    """Delete the packages that the log says are withdrawn: the process may have ended before it deleted one."""
    until = services.clock().date()
    with services.views.connect() as db:
        for register in catalogue.registers(db):
            for occurrence in review_occurrences(db, register.id, until):
                snapshot, withdrawal = occurrence.preparation.snapshot, occurrence.preparation.withdrawal
                if snapshot and withdrawal:
                    package_store.remove(services.settings, snapshot.package)
