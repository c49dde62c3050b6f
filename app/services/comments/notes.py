"""Keeps what a file says for staff only as comments on its recommendations."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.services.comments.conversation import MAX_LENGTH
from app.services.comments.models import Comment

_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def add_notes(db: Session, author: str, register: str, notes: Mapping[str, Sequence[str]], now: datetime) -> int:
    """Store the notes on each recommendation as a comment of their author; return how many are new.

    A note that is there already is not stored again. An @ in a note mentions no one.
    """
    stored = select(Comment.recommendation, Comment.text).where(Comment.register == register)
    known = {(recommendation, text) for recommendation, text in db.execute(stored)}
    at, added = now.replace(tzinfo=None), 0
    for recommendation, texts in notes.items():
        for text in _comments(texts):
            if (recommendation, text) not in known:
                known.add((recommendation, text))
                db.add(Comment(register=register, recommendation=recommendation, author=author, at=at, text=text))
                added += 1
    return added


def _comments(texts: Sequence[str]) -> Iterator[str]:
    """The texts as few comments, none of them longer than a comment may be."""
    text = unicodedata.normalize("NFC", _UNSEEN.sub("", "\n".join(texts).replace("\r\n", "\n"))).strip()
    while text:
        end = len(text) if len(text) <= MAX_LENGTH else text.rfind(" ", 1, MAX_LENGTH)
        end = end if end > 0 else MAX_LENGTH
        yield text[:end].strip()
        text = text[end:].strip()
