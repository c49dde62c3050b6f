"""Letters about what is new, to everybody who may read it and wants to be told."""

from collections.abc import Iterator
from email.message import EmailMessage

from sqlalchemy import Engine, select

from app.services.accounts.models import User
from app.services.accounts.people import names_for_staff
from app.services.container import Services
from app.services.mail.delivery import Outgoing, send
from app.services.mail.messages import letter
from app.services.mail.models import wish_of
from app.services.mail.news import News, facts_of, is_for, is_hidden, news


def send_news(of: Services, jobs: Engine) -> int:
    """How many letters were sent; none where no mail server is set up."""
    return send(of, jobs, _letters(of)) if of.settings.smtp_url else 0


def _letters(of: Services) -> Iterator[Outgoing]:
    found = news(of)
    if not found:
        return
    with of.accounts.work() as db:
        users = list(db.scalars(select(User).where(User.active)))
        wishes = {user.id: wish_of(db, user) for user in users}
        names = names_for_staff(db)
    for item in found:
        for user in users:
            if is_for(item, user) and wishes[user.id].wants(item.kind) and not is_hidden(of, item, user):
                slot = f"{item.slot}/{user.person}"
                yield Outgoing(slot, lambda i=item, u=user, s=slot: _write(of, i, u, s, names[i.by]))  # type: ignore[misc]


def _write(of: Services, item: News, user: User, slot: str, who: str) -> EmailMessage | None:
    facts = facts_of(of, item)
    if facts is None:
        return None
    return letter(of.settings, user, item.kind, slot, of.clock(), facts=facts, who=who, text=item.text, path=item.path)
