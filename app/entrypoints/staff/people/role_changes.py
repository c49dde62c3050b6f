"""What a page asks before a role changes, and what it says afterwards."""

from sqlalchemy.orm import Session

from app.entrypoints.staff.confirmation import Confirmation
from app.entrypoints.staff.outcomes import announce
from app.entrypoints.staff.people.roles import role_meaning, role_name
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.translation import _
from app.services.accounts.actors import Person
from app.services.accounts.models import User
from app.services.accounts.permissions import StaffRole
from app.services.container import Services
from app.services.mail.models import mail_preferences_of
from projections.catalogue.entries import RegisterEntry


def shown_name(user: User) -> str:
    return user.name or user.email


def known_person_confirmation(user: User, before: StaffRole | None, after: StaffRole) -> Confirmation:
    """For an invitation of a person who has an account: with another role here, or with none."""
    if before is None:
        return _stranger_confirmation(user, after)
    name = shown_name(user)
    return Confirmation(
        title=_("%(name)s already has the role “%(role)s” here. Change it?", name=name, role=role_name(before)),
        about=user.email,
        happens=_effects(user, after),
        button=_("Change to “%(role)s”", role=role_name(after)),
        fields={"seen": [before.value]},
    )


def _stranger_confirmation(user: User, role: StaffRole) -> Confirmation:
    """The name is not shown: it is of people whom this register does not know."""
    words = {"email": user.email, "role": role_name(role)}
    return Confirmation(
        title=_("“%(email)s” has an account already. Give it the role “%(role)s”?", **words),
        about=user.email,
        happens=(
            _("The account was set up through another register. The person who signs in with it has the role at once."),
            _("Ask the person first, in another way than by this address, whether the account is theirs."),
            role_meaning(role),
        ),
        button=_("Give the role “%(role)s”", role=role_name(role)),
    )


def role_confirmation(user: User, entry: RegisterEntry, before: StaffRole, after: StaffRole | None) -> Confirmation:
    name, register = shown_name(user), localized_text(entry.settings, "title")
    if after is None:
        title = _("Remove %(name)s from “%(register)s”?", name=name, register=register)
        return Confirmation(title=title, about=user.email, happens=_removal(user), button=_("Remove the role"))
    words = {"name": name, "before": role_name(before), "after": role_name(after)}
    return Confirmation(
        title=_("Change the role of %(name)s from “%(before)s” to “%(after)s”?", **words),
        about=user.email,
        happens=_effects(user, after),
        button=_("Change to “%(role)s”", role=role_name(after)),
    )


def _effects(user: User, role: StaffRole) -> tuple[str, ...]:
    words = {"name": shown_name(user), "role": role_name(role)}
    return (
        _("What %(name)s may do with the role “%(role)s”:", **words) + " " + role_meaning(role),
        _("It applies at once, also to tokens for scripts."),
        _("Everything that %(name)s proposed, decided or scheduled stays.", name=shown_name(user)),
    )


def _removal(user: User) -> tuple[str, ...]:
    name = shown_name(user)
    return (
        _("%(name)s can no longer open this register on the staff pages, from the next page on.", name=name),
        _("Everything that %(name)s proposed, decided or scheduled stays.", name=name),
        _("Recommendations that are assigned to %(name)s stay so until you assign them to another person.", name=name),
        _("The account stays, with its roles in other registers."),
        _("%(name)s gets no message about it. You can invite the same address again at any time.", name=name),
    )


def announce_role(services: Services, db: Session, user: User, role: StaffRole | None, by: Person) -> None:
    """Say what a role change did, and who learns of it."""
    name = shown_name(user)
    if role is None:
        announce(
            _("%(name)s has no role in this register now", name=name),
            _("%(name)s gets no message about it.", name=name),
        )
        return
    title = _("%(name)s has the role “%(role)s” now", name=name, role=role_name(role))
    announce(title, role_meaning(role), *_who_is_told(services, db, user, by))


def _who_is_told(services: Services, db: Session, user: User, by: Person) -> tuple[str, ...]:
    name = shown_name(user)
    if not user.active:
        return (_("The account of %(name)s is disabled, so %(name)s cannot sign in.", name=name),)
    if user.is_invited:
        return (_("%(name)s has not accepted the invitation yet.", name=name),)
    if user.person == by.id:
        return ()
    if services.settings.smtp_url and mail_preferences_of(db, user).wants("role"):
        return (_("%(name)s gets a notice and an e-mail about it.", name=name),)
    return (_("%(name)s gets a notice about it.", name=name),)


def announce_unchanged(user: User, role: StaffRole, *, everywhere: bool) -> None:
    """Say that an invited person has the role already."""
    words = {"name": shown_name(user), "role": role_name(role)}
    if everywhere:
        announce(_("%(name)s already has the role “%(role)s” in every register", **words), _("Nothing was changed."))
    else:
        announce(_("%(name)s already has the role “%(role)s” here", **words), _("Nothing was changed."))
