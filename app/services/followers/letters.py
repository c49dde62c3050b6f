"""Letters to followers: one that asks to confirm, and at most one a day with news. The worker sends each once.

A letter with news covers the log after one position up to another. Both are stored before it is sent, and the claim on
its slot says whether it was: a letter that the mail server did not accept is written again with what came since.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from functools import partial

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.adapters.jobs_db.job_locks import claimed_slots
from app.presentation.i18n.translation import texts_in
from app.services.container import Services
from app.services.followers.links import CONFIRM, STOP, follow_link
from app.services.followers.models import Follow, Follower
from app.services.followers.news import newest_position, news_summary, read_news
from app.services.followers.schedule import local_time, next_morning
from app.services.followers.topics import find_topic
from app.services.mail.delivery import JOB, OutgoingMessage, send_messages
from app.services.mail.messages import Receiver, write_message
from domain.errors import NotFound
from projections.engine.position import position_of

REQUEST_TTL = timedelta(days=1)
"""How long a letter that asks to confirm is tried again."""
RETRY_DELAY = timedelta(minutes=15)
LETTERS_PER_RUN = 100


def send_follow_requests(services: Services, jobs: Engine) -> int:
    """Ask to confirm what was asked for; returns how many letters were sent, 0 without a mail server."""
    if not services.settings.smtp_url:
        return 0
    since = services.clock().replace(tzinfo=None) - REQUEST_TTL
    with services.accounts.work() as db:
        follows = list(db.scalars(select(Follow).where(Follow.asked_at > since).order_by(Follow.asked_at)))
    slots = {f"follow/{follow.key}/{follow.asked_at.isoformat()}": follow.id for follow in follows}
    return send_messages(
        services, jobs, [OutgoingMessage(slot, partial(_request, services, slot, slots[slot])) for slot in slots]
    )


def _request(services: Services, slot: str, follow_id: int) -> EmailMessage | None:
    with services.accounts.work() as db:
        follow = db.get(Follow, follow_id)
        follower = db.get(Follower, follow.follower_id) if follow else None
    if follow is None or follower is None:
        return None
    try:
        with services.views.connect() as views:
            topic = find_topic(views, follow.register, follow.kind, follow.subject)
    except NotFound:
        return None
    with texts_in(follow.language):
        link = follow_link(services.settings, CONFIRM, follow.key)
        stop = follow_link(services.settings, STOP, follower.key) if follow.confirmed_at else ""
    receiver = Receiver(follower.email, follow.language, stop)
    return write_message(
        *(services.settings, receiver, "follow_request", slot, services.clock()),
        originals=topic.language,
        topic=topic,
        link=link,
    )


def send_letters(services: Services, jobs: Engine) -> int:
    """Send the news of the day; returns how many letters were sent, 0 without a mail server."""
    if not services.settings.smtp_url:
        return 0
    now = services.clock().replace(tzinfo=None)
    has_follow = select(Follow.id).where(Follow.follower_id == Follower.id, Follow.confirmed_at.is_not(None)).exists()
    query = select(Follower).where(Follower.next_at <= now, has_follow)
    with services.accounts.work() as db:
        due = list(db.scalars(query.order_by(Follower.next_at).limit(LETTERS_PER_RUN)))
    return send_messages(services, jobs, list(_due_letters(services, jobs, due))) if due else 0


def _due_letters(services: Services, jobs: Engine, due: list[Follower]) -> Iterator[OutgoingMessage]:
    newest: dict[str, int] = {}
    for follower in due:
        with services.accounts.work() as db, services.views.connect() as views:
            current, follows = _read(db, follower.id)
            if current is None or not follows:
                continue
            slot = f"follow/{current.key}/{local_time(services, follows).date().isoformat()}"
            claims = claimed_slots(jobs, JOB, [slot, current.letter])
            begin = current.reached if current.letter in claims else current.after
            for register in {f.register for f in follows} - newest.keys():
                newest[register] = newest_position(views, register)
            if slot in claims or all(newest[f.register] <= max(begin, f.after) for f in follows):
                current.next_at = next_morning(services, follows).replace(tzinfo=None)
                continue
        yield OutgoingMessage(slot, partial(_letter, services, slot, follower.id, begin))


def _letter(services: Services, slot: str, follower_id: int, begin: int) -> EmailMessage | None:
    """The news, or None without any or if the reader stopped. Stores what it covers."""
    settings = services.settings
    with services.accounts.work() as db, services.views.connect() as views:
        follower, follows = _read(db, follower_id)
        if follower is None or not follows:
            return None
        with texts_in(follower.language):
            news = read_news(services, views, follows, begin)
            subject = news_summary(news)
            receiver = Receiver(follower.email, follower.language, follow_link(settings, STOP, follower.key))
        follower.letter, follower.after, follower.reached = slot, begin, position_of(views).count
        follower.next_at = _naive(services.clock() + RETRY_DELAY)
    if not news:
        return None
    return write_message(settings, receiver, "follow_news", slot, services.clock(), news=news, subject=subject)


def _read(db: Session, follower_id: int) -> tuple[Follower | None, list[Follow]]:
    query = select(Follow).where(Follow.follower_id == follower_id, Follow.confirmed_at.is_not(None))
    return db.get(Follower, follower_id), list(db.scalars(query.order_by(Follow.id)))


def _naive(at: datetime) -> datetime:
    return at.replace(tzinfo=None)
