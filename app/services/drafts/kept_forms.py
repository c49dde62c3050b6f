"""Forms that were sent after their login session had ended, kept for the person and the browser that sent them."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.services.accounts import login_sessions
from app.services.accounts.models import User
from app.services.drafts import drafts
from app.services.drafts.models import Draft, KeptForm

MAX_KEPT_FORMS, KEPT_FORM_TTL = 20, login_sessions.MAX_AGE
"""Per login session, and for how long."""


def keep_form(
    db: Session,
    secret: str,
    path: str,
    fields: Mapping[str, list[str]],
    now: datetime,
    *,
    register: str = "",
    about: str = "",
) -> bool:
    """Keep a form that a browser sent after its login session had ended. Returns whether it was kept."""
    login, at = login_sessions.find_session(db, secret), now.replace(tzinfo=None)
    text = drafts.fields_text(fields)
    if login is None or text == "{}" or not drafts.fits(path, text):
        return False
    is_replaced = (KeptForm.session_id == login.id) & (KeptForm.path == path)
    db.execute(delete(KeptForm).where(is_replaced | (KeptForm.at < at - KEPT_FORM_TTL)))
    db.add(KeptForm(session_id=login.id, path=path, fields=text, at=at, register=register[:80], about=about[:80]))
    db.flush()
    for old in _kept_in(db, login.id)[MAX_KEPT_FORMS:]:
        db.delete(old)
    return True


def has_kept_forms(db: Session, secret: str) -> bool:
    login = login_sessions.find_session(db, secret)
    return login is not None and bool(_kept_in(db, login.id))


def give_back(db: Session, secret: str, user: User) -> int:
    """Make drafts of what an ended session kept, for the person it belonged to; returns how many.

    Deletes it if another person signed in. A draft that was saved later stays.
    """
    login = login_sessions.find_session(db, secret)
    if login is None:
        return 0
    given = 0
    for form in reversed(_kept_in(db, login.id)):
        draft = drafts.find_draft(db, user.id, form.path)
        if login.user_id == user.id and (draft is None or draft.at <= form.at):
            db.execute(delete(Draft).where(Draft.user_id == user.id, Draft.path == form.path))
            db.add(
                Draft(
                    user_id=user.id,
                    path=form.path,
                    register=form.register,
                    about=form.about,
                    fields=form.fields,
                    at=form.at,
                )
            )
            given += 1
        db.delete(form)
    return given


def _kept_in(db: Session, session_id: int) -> list[KeptForm]:
    """The forms that a session kept, newest first."""
    query = select(KeptForm).where(KeptForm.session_id == session_id)
    return list(db.scalars(query.order_by(KeptForm.at.desc(), KeptForm.id.desc())))
