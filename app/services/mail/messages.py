"""A letter as it is sent: words of a template in the receiver's language, and headers to end it with one click."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from hashlib import sha256
from typing import Any

from jinja2 import Environment, FileSystemLoader

from app.adapters import resources
from app.adapters.settings import Settings
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.translation import gettext, ngettext_form, set_language
from app.services.accounts.models import User
from app.services.mail.unsubscribe import stop_link


def build_message(settings: Settings, user: User, kind: str, slot: str, at: datetime, **values: Any) -> EmailMessage:
    """A letter of a kind. The template's first line is its subject; a slot always has the same Message-ID."""
    stop = stop_link(settings, user.person, kind)
    set_language(user.language)
    try:
        template = _templates().get_template(f"mail/{kind}.txt")
        subject, _, body = template.render(base=settings.base_url, stop=stop, **values).strip().partition("\n")
    finally:
        set_language("en")
    message = EmailMessage(policy=SMTP)
    message["From"] = settings.smtp_from
    message["To"] = user.email
    message["Subject"] = " ".join(subject.split())
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{sha256(slot.encode()).hexdigest()[:32]}@{settings.origin}>"
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = f"<{stop}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(body.lstrip("\n"))
    message["Content-Language"] = user.language
    return message


@cache
def _templates() -> Environment:
    """The templates as plain text: nothing is escaped, since nothing is markup."""
    environment = Environment(  # noqa: S701
        loader=FileSystemLoader(resources.data_dir("templates")),
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_callables(gettext, ngettext_form, newstyle=True)  # type: ignore[attr-defined]
    environment.globals["localized_text"] = localized_text
    return environment
