"""Commands about people: accounts, roles, tokens, followers."""

from typing import TypedDict

import click
from sqlalchemy import select

from app.entrypoints.cli.common import as_json, open_services, print_json
from app.entrypoints.cli.group import CommandGroup
from app.services.accounts import api_tokens, one_time_links, people, recovery
from app.services.accounts.actors import OPERATOR
from app.services.accounts.models import User
from app.services.accounts.permissions import ALL_REGISTERS, PERMISSIONS, StaffRole
from app.services.followers.requests import delete_follower
from app.services.mail.account_messages import queue_account_message
from app.services.removals.people import finish_erasing

DAYS = 90


@click.group(cls=CommandGroup)
def user() -> None:
    """Manage staff accounts."""


@user.command()
@click.argument("email")
@click.option("--name", default="", help="The name that colleagues see.")
@click.option("--person", default="", metavar="ID", help="An id that the record already uses.")
@click.option("--administrator", is_flag=True, help="Administrator of every register.")
def add(email: str, name: str, person: str, administrator: bool) -> None:
    """Add an account and print the link to set its password."""
    with open_services() as services:
        with services.accounts.work() as db:
            account = people.add_user(db, email, name, person)
            if administrator:
                people.give_role(db, account, ALL_REGISTERS, StaffRole.ADMINISTRATOR)
            secret, ident = (
                one_time_links.create_link(db, account, services.clock(), by=OPERATOR),
                account.person,
            )
        address = services.settings.base_url
    click.echo(f"Added {email} as {ident}. Give them this link; it works once, for seven days:")
    click.echo(f"{address}/staff/welcome/{secret}/")


@user.command()
@click.option("--email", required=True, help="The address of the account.")
def link(email: str) -> None:
    """Print a link with which a person who cannot sign in chooses a new password."""
    with open_services() as services:
        address, now = services.settings.base_url, services.clock()
        with services.accounts.work() as db:
            account = people.find_user(db, email)
            if is_invited := account.is_invited:
                secret = one_time_links.create_link(db, account, now, by=OPERATOR)
            else:
                secret = recovery.create_recovery_link(db, account, now, by=OPERATOR, settings=services.settings)
                queue_account_message(db, account, "help_link", now, by=OPERATOR.id)
    click.echo(f"Give {email} this link; it works once, for {'seven days' if is_invited else '24 hours'}:")
    click.echo(f"{address}/staff/{'welcome' if is_invited else 'password'}/{secret}/")


def _finish(person: str) -> None:
    """Keep what was erased erased, also in the bytes of the files and after a restore."""
    with open_services() as services:
        problems = finish_erasing(services, person)
    for problem in problems:
        click.echo(f"Old bytes may be left in {problem}. Run “uptake removals overwrite” later.", err=True)


@user.command()
@click.option("--email", required=True, help="The address of the account.")
def reset_second_factor(email: str) -> None:
    """Turn off the second factor of a person who lost the phone and the recovery codes."""
    with open_services() as services, services.accounts.work() as db:
        account = people.find_user(db, email)
        recovery.reset_second_factor(account, by=OPERATOR)
        queue_account_message(db, account, "second_factor_off", services.clock(), by=OPERATOR.id)
    click.echo(f"The second factor of {email} is off: the password alone opens the account.")


@user.command()
@click.argument("who")
@click.argument("register")
@click.argument("role", type=click.Choice([*(r.value for r in StaffRole), "none"]))
def role(who: str, register: str, role: str) -> None:
    """Give WHO (an e-mail address or id) a role in REGISTER; “none” removes it.

    Says which open links end with it: an administrator's link works only while that administrator could give all
    roles of the account.
    """
    with open_services() as services, services.accounts.work() as db:
        account, now = people.find_user(db, who), services.clock()
        before = one_time_links.working_links(db, account, now)
        people.give_role(db, account, register, None if role == "none" else StaffRole(role))
        db.flush()
        after = one_time_links.working_links(db, account, now)
    click.echo(f"{who} is now {role} in {register}." if role != "none" else f"{who} now has no role in {register}.")
    for email in [email for link, email in before.items() if link not in after]:
        click.echo(f"The open link for {email} no longer works: who made it cannot give all roles of the account.")
        click.echo(f"Make a new link: uptake user link --email {email}")


@user.command()
@click.argument("who")
def disable(who: str) -> None:
    """Disable an account; its sessions end at once."""
    with open_services() as services, services.accounts.work() as db:
        people.disable_user(db, people.find_user(db, who))
    click.echo(f"{who} can no longer sign in.")


@user.command()
@click.argument("who")
@click.option("--erase", is_flag=True, help="Erase the name and the comments as well.")
def remove(who: str, erase: bool) -> None:
    """Remove an account; the record keeps its id and, unless erased, the name that was shown."""
    with open_services() as services, services.accounts.work() as db:
        account = people.find_user(db, who)
        people.remove_user(db, account, erase=erase)
    if erase:
        _finish(account.person)
    click.echo(f"The account of {who} is removed{', and the name with it' if erase else ''}.")


@user.command()
@click.argument("person", metavar="ID")
def erase(person: str) -> None:
    """Erase the name and the comments of a person who has left."""
    with open_services() as services, services.accounts.work() as db:
        people.erase_person(db, person)
    _finish(person)
    click.echo(f"The record keeps only the id of {person}.")


@user.command()
@click.argument("who")
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, metavar="SCOPE", help=f"One of {', '.join(PERMISSIONS)}; may repeat.")
@click.option("--days", default=DAYS, show_default=True, help="Days until it expires.")
@click.option("--revoke", is_flag=True, help="Revoke the token of this name instead.")
def token(who: str, name: str, scopes: tuple[str, ...], days: int, revoke: bool) -> None:
    """Create an API token, or revoke one. It is printed once."""
    with open_services() as services, services.accounts.work() as db:
        account = people.find_user(db, who)
        if revoke:
            api_tokens.revoke_token(api_tokens.find_token(db, account, name), services.clock())
        else:
            secret = api_tokens.create_token(db, account, name, list(scopes), days, services.clock())
    click.echo(f"The token “{name}” is revoked." if revoke else secret)


class ListedUser(TypedDict):
    """An account as it is listed, with its role by register."""

    email: str
    person: str
    name: str
    active: bool
    roles: dict[str, str]


@user.command("list")
@as_json
def list_users(as_json: bool) -> None:
    """List all accounts with their roles."""
    with open_services() as services, services.accounts.work() as db:
        rows: list[ListedUser] = [
            {
                "email": u.email,
                "person": u.person,
                "name": u.name,
                "active": u.active,
                "roles": {m.register: m.role for m in u.memberships},
            }
            for u in db.scalars(select(User).order_by(User.email))
        ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        roles = ", ".join(f"{role} of {register}" for register, role in row["roles"].items()) or "no role"
        click.echo(f"{row['email']}  {row['person']}  {roles}{'' if row['active'] else '  (disabled)'}")


@click.command()
@click.argument("email")
def forget_follower(email: str) -> None:
    """Delete the address of a reader who follows something by e-mail, and what it follows."""
    with open_services() as services, services.accounts.work() as db:
        delete_follower(db, email)
    click.echo("The address is deleted. No e-mail is sent to it.")


COMMANDS = (user, forget_follower)
