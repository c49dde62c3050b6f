"""People leave, or an administrator of the installation removes them; names can be erased later."""

from flask import redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import SIGNED_IN, allowed
from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.staff.account.sign_in_outcomes import signed_out
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.confirmation import Confirmation, ask_to_confirm, goes_back, is_confirmed
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.list_pages import ROWS_PER_PAGE, list_page
from app.entrypoints.staff.outcomes import announce
from app.entrypoints.staff.people.role_changes import shown_name
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.translation import _
from app.services.accounts import members, people
from app.services.accounts.models import User
from app.services.container import Services
from app.services.removals.people import finish_erasing
from domain.errors import Refused, refusal
from projections.catalogue import queries as catalogue


@staff.get("/accounts/")
@allowed("people")
def accounts() -> str:
    """All accounts and the former names, each list one page at a time; the search is for accounts."""
    parameters = read_parameters("page", "former", "q")
    words = parameters.get("q", "")
    with services().views.connect() as views:
        titles = {entry.id: localized_text(entry.settings, "title") for entry in catalogue.registers(views)}
    with services().accounts.work() as db:
        number, names = members.count_accounts(db, words), people.count_former_names(db)
        page = list_page("staff.accounts", number, parameters.get("page", ""), q=words or None)
        former_page = list_page("staff.accounts", names, parameters.get("former", ""), parameter="former")
        values = {
            "users": members.accounts_of(db, words, skip=page.skip, limit=ROWS_PER_PAGE),
            "former": people.former_names(db, skip=former_page.skip, limit=ROWS_PER_PAGE),
            "page": page,
            "former_page": former_page,
        }
        return render_template("accounts/accounts.html", titles=titles, words=words, **values)


@staff.post("/accounts/<ident:person>/erase/")
@allowed("people", fresh=True)
def erase(person: str) -> str | Response:
    """Erase the name of a person who has left."""
    with services().accounts.work() as db:
        name = people.names_for_staff(db, [person]).get(person, person)
        people.erase_person(db, person)
        if not is_confirmed():
            db.rollback()
            return redirect(url_for("staff.accounts")) if goes_back() else ask_to_confirm(_erasing(name))
    announce(
        _("The name “%(name)s” and the comments are erased", name=name),
        _("The public pages show only the role. No one gets a message about it."),
        *_finish_erasing(services(), person),
    )
    return redirect(url_for("staff.accounts"))


def _erasing(name: str) -> Confirmation:
    return Confirmation(
        title=_("Erase the name “%(name)s” and the comments?", name=name),
        happens=(
            _("The public pages no longer show the name: they show only the role."),
            _("Colleagues no longer see the name, the comments and the reasons of second opinions of this person."),
            _("In comments of others that mention the name, the anonymous id takes its place."),
            _("Proposals and publications stay in the record under an anonymous id."),
            _("You cannot undo this."),
        ),
        button=_("Erase the name and the comments"),
    )


@staff.route("/accounts/<ident:person>/remove/", methods=["GET", "POST"])
@allowed("people", fresh=True)
def remove(person: str) -> tuple[str, int] | Response:
    if person == current_user.person:
        return redirect(url_for("staff.leave"))
    return _page(services(), person)


@staff.route("/account/leave/", methods=["GET", "POST"])
@allowed(SIGNED_IN, fresh=True)
def leave() -> tuple[str, int] | Response:
    return _page(services(), current_user.person)


def _page(services: Services, person: str) -> tuple[str, int] | Response:
    """The form that removes an account; once it is removed, the page that says so."""
    form = Form().read("email", "erase")
    with services.accounts.work() as db:
        user = people.find_user(db, person)
        own, shows_name = user.id == current_user.id, user.shows_name and bool(user.name)
        if request.method == "POST":
            try:
                if form["email"].lower() != user.email:
                    raise Refused(refusal("Type {email} to confirm.", email=user.email, field="email"))
                people.remove_user(db, user, erase=form["erase"] == "yes")
            except Refused as refused:
                form.refuse(refused)
    if request.method == "POST" and not form.errors:
        left = _finish_erasing(services, person) if form["erase"] == "yes" else ()
        stays = user.name if shows_name and not form["erase"] else ""
        return _after_leaving(stays, *left) if own else _after_removal(user, stays, *left)
    return render_template("accounts/leave.html", form=form, user=user, own=own, shows_name=shows_name), form.status


def _after_leaving(stays: str, *left: str) -> Response:
    """`stays` is the name that the public pages keep showing."""
    details = _("You are signed out everywhere. An administrator can invite you again."), _public_name(stays)
    return signed_out(_("Your account has been removed"), *details, *left)


def _after_removal(user: User, stays: str, *left: str) -> Response:
    name = shown_name(user)
    told = _("%(name)s gets no message about it.", name=name)
    announce(_("The account of %(name)s has been removed", name=name), _public_name(stays), told, *left)
    return redirect(url_for("staff.accounts"))


def _finish_erasing(services: Services, person: str) -> tuple[str, ...]:
    """What a person must know of bytes that are left in the files."""
    if not finish_erasing(services, person):
        return ()
    return (_("Old bytes may be left in the files of this site. Ask the operator to run “uptake removals overwrite”."),)


def _public_name(stays: str) -> str:
    if stays:
        return _("The public pages keep showing the name “%(name)s”. An administrator can erase it.", name=stays)
    return _("The public pages show no name.")
