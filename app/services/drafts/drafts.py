"""Saves, finds and deletes drafts of forms."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.services.accounts.models import User
from app.services.drafts.models import Draft

MAX_DRAFTS, DRAFT_TTL, MAX_DRAFT_LENGTH = 50, timedelta(days=90), 100_000
"""Per person, and for how long; the length is in characters of JSON."""
UNSAVED_FIELDS = {"csrf_token", "action", "confirmed", "password", "code", "credential", "on_page", "form_id"}
BEFORE_TYPING = "was."
"""Begins the name of a field that has the value of another before anyone typed."""


def save_draft(
    db: Session,
    user_id: int,
    path: str,
    fields: Mapping[str, list[str]],
    now: datetime,
    *,
    register: str = "",
    about: str = "",
) -> bool:
    """Save the fields of a form, replacing its earlier draft. Returns whether it was saved."""
    at = now.replace(tzinfo=None)
    text = fields_text(fields)
    if text == "{}" or not fits(path, text):
        return False
    db.execute(delete(Draft).where(Draft.user_id == user_id, (Draft.path == path) | (Draft.at < at - DRAFT_TTL)))
    db.add(Draft(user_id=user_id, path=path, fields=text, at=at, register=register[:80], about=about[:80]))
    db.flush()
    mine = select(Draft).where(Draft.user_id == user_id).order_by(Draft.at.desc(), Draft.id.desc())
    for old in list(db.scalars(mine))[MAX_DRAFTS:]:
        db.delete(old)
    return True


def fields_text(fields: Mapping[str, list[str]]) -> str:
    """The fields of a form as they are stored, without secrets. An empty field stays empty when it is restored."""
    return json.dumps(
        {n: v for n, v in fields.items() if n not in UNSAVED_FIELDS and not n.startswith(BEFORE_TYPING)},
        ensure_ascii=False,
    )


def fits(path: str, text: str) -> bool:
    return len(text) <= MAX_DRAFT_LENGTH and len(path) <= 400


def find_draft(db: Session, user_id: int, path: str) -> Draft | None:
    return db.scalars(select(Draft).where(Draft.user_id == user_id, Draft.path == path)).one_or_none()


def drafts_of(db: Session, person: str, register: str) -> list[Draft]:
    """The drafts of a person (an id, as in events) in a register, newest first."""
    mine = select(Draft).join(User, User.id == Draft.user_id).where(User.person == person, Draft.register == register)
    return list(db.scalars(mine.order_by(Draft.at.desc(), Draft.id.desc())))


def draft_fields(draft: Draft) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = json.loads(draft.fields)
    return fields


def delete_draft(db: Session, user_id: int, path: str) -> None:
    db.execute(delete(Draft).where(Draft.user_id == user_id, Draft.path == path))
