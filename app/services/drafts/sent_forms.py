"""Forms that were sent and accepted, so that one that a browser sends again is not carried out twice."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.services.accounts.models import User
from app.services.drafts.models import SentForm

SENT_FORM_TTL = timedelta(days=7)


def find_sent_form(db: Session, key: str) -> SentForm | None:
    """The form with its answer, if it was accepted in the last days."""
    form = db.get(SentForm, key)
    return form if form and form.answer else None


def keep_sent_form(db: Session, user_id: int, key: str, answer: str, now: datetime) -> None:
    """Keep the answer to a form that was accepted, and forget those of an earlier time.

    An account that the form removed needs no answer to it.
    """
    at = now.replace(tzinfo=None)
    db.execute(delete(SentForm).where(SentForm.at < at - SENT_FORM_TTL))
    if db.get(User, user_id):
        db.merge(SentForm(key=key, user_id=user_id, at=at, answer=answer))
