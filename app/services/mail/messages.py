"""Builds messages from templates in the receiver's language."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from functools import cache
from hashlib import sha256
from textwrap import shorten
from typing import Any

from jinja2 import Environment, FileSystemLoader
from msgspec import Struct

from app.adapters import resources
from app.adapters.settings import Settings
from app.presentation.i18n.labels import local_instant
from app.presentation.i18n.languages import SOURCE
from app.presentation.i18n.localize import localized_text, originals_in, show_originals_of
from app.presentation.i18n.template_texts import install_translations
from app.presentation.i18n.translation import texts_in
from app.presentation.narrative.feed_entries import earlier_line
from app.presentation.narrative.status_news import news_text, title_of
from app.services.accounts.models import User
from app.services.mail.models import DIGEST, IMMEDIATE_KINDS
from app.services.mail.unsubscribe import stop_link

MAX_SUBJECT = 150
_UNFOLDED = ("List-Unsubscribe",)


class Receiver(Struct, frozen=True):
    """`stop` is the address where one click ends such messages; empty for those that cannot be turned off."""

    email: str
    language: str
    stop: str = ""


class _MailPolicy(EmailPolicy):
    """Sends the address to stop as it is. The library encodes one that is longer than a line, which nothing reads."""

    def fold(self, name: str, value: Any) -> str:
        return f"{name}: {value}{self.linesep}" if name in _UNFOLDED else super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        return self.fold(name, value).encode("ascii") if name in _UNFOLDED else super().fold_binary(name, value)


def build_message(
    settings: Settings, user: User, kind: str, slot: str, at: datetime, *, originals: str = SOURCE, **values: object
) -> EmailMessage:
    """Build a message of a kind to staff. People can turn off some kinds."""
    stop = stop_link(settings, user.person, kind) if kind in (*IMMEDIATE_KINDS, DIGEST) else ""
    receiver = Receiver(user.email, user.language, stop)
    return write_message(settings, receiver, kind, slot, at, originals=originals, **values)


def write_message(
    settings: Settings, to: Receiver, kind: str, slot: str, at: datetime, *, originals: str = SOURCE, **values: object
) -> EmailMessage:
    """Write a message. The block `subject` of the template is in one line; each slot has a fixed Message-ID.

    `originals` is the language of the originals of the register that it is about. Messages that people can stop have
    one-click unsubscribe headers.
    """
    with texts_in(to.language), originals_in(originals):
        template = _templates().get_template(f"mail/{kind}.txt")
        values |= {"base": settings.base_url, "stop": to.stop}
        subject = "".join(template.blocks["subject"](template.new_context(values)))
        body = template.render(values)
    message = EmailMessage(policy=_MailPolicy(linesep=SMTP.linesep))
    message["From"] = settings.smtp_from
    message["To"] = to.email
    message["Subject"] = shorten(subject, MAX_SUBJECT, placeholder=" …")
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{sha256(slot.encode()).hexdigest()[:32]}@{settings.origin}>"
    message["Auto-Submitted"] = "auto-generated"
    if to.stop:
        message["List-Unsubscribe"] = f"<{to.stop}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(body.strip())
    message["Content-Language"] = to.language
    return message


@cache
def _templates() -> Environment:
    """The templates as plain text, without escaping."""
    environment = Environment(  # noqa: S701
        loader=FileSystemLoader(resources.data_dir("templates")),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    install_translations(environment)
    environment.globals |= {
        "localized_text": localized_text,
        "show_originals_of": show_originals_of,
        "local_instant": local_instant,
        "title_of": title_of,
        "news_text": news_text,
        "earlier_line": earlier_line,
    }
    return environment
