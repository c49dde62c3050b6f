"""Forms that were sent and accepted, so that one that a browser sends again is not carried out twice."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.services.drafts.models import SentForm

SENT_FORM_TTL = timedelta(days=7)
CARRYING_OUT_TTL = timedelta(minutes=1)
"""How long a form counts as being carried out, if the server stopped before it answered."""


def begin_form(db: Session, user_id: int, key: str, now: datetime) -> SentForm | None:
    """Note that a form is being carried out. Returns the note of an earlier time, if there is one."""
    at = now.replace(tzinfo=None)
    is_abandoned = (SentForm.answer == "") & (SentForm.at < at - CARRYING_OUT_TTL)
    db.execute(delete(SentForm).where(is_abandoned | (SentForm.at < at - SENT_FORM_TTL)))
    if earlier := db.get(SentForm, key):
        return earlier
    db.add(SentForm(key=key, user_id=user_id, at=at, answer=""))
    db.flush()
    return None


def finish_form(db: Session, key: str, answer: str) -> None:
    """Keep the answer to a form; an empty one means that it was refused and may be sent again."""
    if answer == "":
        db.execute(delete(SentForm).where(SentForm.key == key))
    elif form := db.get(SentForm, key):
        form.answer = answer
