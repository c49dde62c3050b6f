"""The two fields in which a person chooses a password."""

from app.entrypoints.http.security import hash_new_password
from app.entrypoints.staff.forms import Form
from app.presentation.i18n.translation import _
from app.services.accounts.models import User


def read_new_password(form: Form, user: User) -> str:
    """Read `password` and `again`, and forget what was typed. Returns the hash to store; adds errors to the form."""
    form.read("password", "again")
    password, again = form.values.pop("password"), form.values.pop("again")
    if password != again:
        form.add("again", _("The passwords do not match. Type the same password twice."))
        return ""
    try:
        return hash_new_password(password, user)
    except ValueError as problems:
        for sentence in problems.args:
            form.add("password", sentence)
        return ""
