"""Who gives a command, and what they may do. Knows no database of accounts, so that it loads at once."""

from msgspec import Struct

from app.services.accounts.permissions import ALL_REGISTERS, COMMAND_PERMISSIONS, RANK, NotAllowed, StaffRole, allows
from domain.commands import Command


class Person(Struct, frozen=True):
    """A person who is signed in or uses a token."""

    id: str
    name: str
    roles: dict[str, StaffRole]
    language: str = "en"
    uses_shortcuts: bool = True

    def role_in(self, register: str) -> StaffRole | None:
        roles = [r for r in (self.roles.get(register), self.roles.get(ALL_REGISTERS)) if r]
        return max(roles, key=RANK.__getitem__, default=None)

    def may(self, permission: str, register: str) -> bool:
        return allows(self.role_in(register), permission)

    def require(self, permission: str, register: str) -> None:
        """Raises `NotAllowed`."""
        if not self.may(permission, register):
            raise NotAllowed(permission, register)


class Operator(Struct, frozen=True):
    """The operator of the installation, under an id that no account has; may do everything."""

    id: str

    def may(self, permission: str, register: str) -> bool:
        """Always true."""
        return True

    def require(self, permission: str, register: str) -> None:
        """Never raises."""


OPERATOR = Operator("operator")

Actor = Person | Operator
"""Who gives a command."""


def authorize(actor: Actor, command: type[Command], register: str) -> None:
    """Check that the actor may give a command of this type in the register. Raises `NotAllowed`."""
    actor.require(COMMAND_PERMISSIONS[command], register)
