"""What readers do: ask to follow something, confirm it with the link from a letter, and stop."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.services.accounts.login_attempts import attempt_keys, is_blocked, record_failure
from app.services.accounts.people import is_email
from app.services.container import Services
from app.services.followers.links import CONFIRM, STOP, follow_token, read_key
from app.services.followers.models import CONFIRMATION_TTL, Follow, Follower
from app.services.followers.schedule import next_morning
from app.services.followers.topics import Topic, find_topic
from app.services.form_stamps import network_of, program_problems
from domain.errors import NotFound, Refused, refusal, refuse

MAX_EMAIL = 254
LETTER_INTERVAL = timedelta(days=1)
"""Between two letters that ask one address about the same follow."""
MAX_ASKED_IN_A_DAY = 20
"""How many follows one address is asked to confirm in a day."""


class FollowRequest(Struct, frozen=True):
    """What a reader sent. `trap` is a field that people do not see; `sender` is a network address."""

    topic: Topic
    email: str
    language: str
    about: str
    """Names the form, as its stamp does."""
    stamp: str = ""
    trap: str = ""
    sender: str = ""


class TooManyRequests(Refused):
    """Too many requests came for one e-mail address, from one network address, or from all together."""


def request_follow(services: Services, request: FollowRequest) -> None:
    """Store a follow, for which a letter with a link is sent. Does not reveal whether the address follows anything.

    Raises `Refused` with all that is wrong, or `TooManyRequests`.
    """
    now, email = services.clock(), request.email.strip().lower()
    problems = list(program_problems(services.settings, request.about, request.stamp, request.trap, now))
    if not is_email(email) or len(email) > MAX_EMAIL:
        problems.append(refusal("Type a whole e-mail address, such as name@example.org.", field="email"))
    refuse(problems)
    counted = attempt_keys(follow=email, follow_address=network_of(request.sender), follow_site="")
    with services.accounts.work() as db:
        if is_blocked(db, counted, now) or _asked_in_a_day(db, email, now) >= MAX_ASKED_IN_A_DAY:
            raise TooManyRequests(
                refusal("There were too many requests. Open the links in the e-mails that you got, or try again later.")
            )
        record_failure(db, counted, now)
    try:
        with services.accounts.work() as db:
            _store(db, request, email, now.replace(tzinfo=None))
    except IntegrityError:
        pass  # the same form came twice at once, and the other one is stored


def find_request(services: Services, db: Session, token: str) -> Follow:
    """The follow that a link confirms. Raises `NotFound`."""
    follow = db.scalars(select(Follow).where(Follow.key == read_key(services.settings, CONFIRM, token))).one_or_none()
    if follow is None or (not follow.confirmed_at and follow.asked_at < _oldest(services)):
        raise NotFound(
            refusal(
                "This link no longer works: it is older than a week, or you stopped the e-mails. Ask for a new one."
            )
        )
    return follow


def confirm_follow(services: Services, token: str) -> None:
    """Begin to send letters about what a link confirms, from now on. Raises `NotFound`."""
    now, position = services.clock(), services.views.position().count
    with services.accounts.work() as db:
        follow = find_request(services, db, token)
        if follow.confirmed_at:
            return
        follower = db.get_one(Follower, follow.follower_id)
        if not _confirmed(db, follower):
            follower.next_at = next_morning(services, [follow]).replace(tzinfo=None)
        follower.language = follow.language
        follow.confirmed_at, follow.after = now.replace(tzinfo=None), position


def stop_token(services: Services, db: Session, follow: Follow) -> str:
    """With this token, the address of a follow can stop it."""
    return follow_token(services.settings, STOP, db.get_one(Follower, follow.follower_id).key)


def follows_of(services: Services, db: Session, token: str) -> list[Follow]:
    """What the address of a link follows; empty if it was deleted. Raises `NotFound` if the link is not signed."""
    key = read_key(services.settings, STOP, token)
    follower = db.scalars(select(Follower).where(Follower.key == key)).one_or_none()
    return _confirmed(db, follower) if follower else []


def stop_following(services: Services, token: str, number: str = "") -> None:
    """End one follow, or all without its number. The address is deleted with the last one."""
    key = read_key(services.settings, STOP, token)
    with services.accounts.work() as db:
        follower = db.scalars(select(Follower).where(Follower.key == key)).one_or_none()
        if follower is None:
            return
        if number.isascii() and number.isdigit() and len(number) < 16:
            db.execute(delete(Follow).where(Follow.follower_id == follower.id, Follow.id == int(number)))
        if not number or not db.scalars(select(Follow.id).where(Follow.follower_id == follower.id)).first():
            db.delete(follower)


def delete_follower(db: Session, email: str) -> None:
    """Delete an address with all that it follows. Raises `NotFound`."""
    follower = db.scalars(select(Follower).where(Follower.email == email.strip().lower())).one_or_none()
    if follower is None:
        raise NotFound(refusal("No one follows anything with this address."))
    db.delete(follower)


def delete_unconfirmed(services: Services) -> None:
    """Delete follows that were not confirmed in time, and the addresses that are left without any."""
    with services.accounts.work() as db:
        db.execute(delete(Follow).where(Follow.confirmed_at.is_(None), Follow.asked_at < _oldest(services)))
        db.execute(delete(Follower).where(Follower.id.not_in(select(Follow.follower_id))))


def count_followers(db: Session, register: str) -> int:
    """How many addresses follow a register or something in it."""
    query = select(func.count(Follow.follower_id.distinct()))
    return db.scalar(query.where(Follow.register == register, Follow.confirmed_at.is_not(None))) or 0


def topics_of(services: Services, follows: Sequence[Follow]) -> list[tuple[Follow, Topic | None]]:
    """What is followed; None for what is no longer there."""
    with services.views.connect() as db:
        result: list[tuple[Follow, Topic | None]] = []
        for follow in follows:
            try:
                result.append((follow, find_topic(db, follow.register, follow.kind, follow.subject)))
            except NotFound:
                result.append((follow, None))
    return result


def _confirmed(db: Session, follower: Follower) -> list[Follow]:
    query = select(Follow).where(Follow.follower_id == follower.id, Follow.confirmed_at.is_not(None))
    return list(db.scalars(query.order_by(Follow.id)))


def _oldest(services: Services) -> datetime:
    return services.clock().replace(tzinfo=None) - CONFIRMATION_TTL


def _asked_in_a_day(db: Session, email: str, now: datetime) -> int:
    query = select(func.count()).select_from(Follow).join(Follower, Follower.id == Follow.follower_id)
    since = now.replace(tzinfo=None) - timedelta(days=1)
    return db.scalar(query.where(Follower.email == email, Follow.asked_at > since)) or 0


def _store(db: Session, request: FollowRequest, email: str, now: datetime) -> None:
    follower = db.scalars(select(Follower).where(Follower.email == email)).one_or_none()
    if follower is None:
        follower = Follower(key=secrets.token_hex(16), email=email, language=request.language, next_at=now)
        db.add(follower)
        db.flush()
    topic = request.topic
    same = Follow.register == topic.register, Follow.kind == topic.kind, Follow.subject == topic.subject
    follow = db.scalars(select(Follow).where(Follow.follower_id == follower.id, *same)).one_or_none()
    if follow is None:
        db.add(
            Follow(
                key=secrets.token_hex(16),
                follower_id=follower.id,
                register=topic.register,
                kind=topic.kind,
                subject=topic.subject,
                language=request.language,
                asked_at=now,
            )
        )
    elif follow.asked_at <= now - LETTER_INTERVAL:
        follow.asked_at, follow.language = now, request.language
