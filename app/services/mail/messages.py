"""Builds messages from templates in the receiver's language, with one-click unsubscribe headers."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from hashlib import sha256

from jinja2 import Environment, FileSystemLoader

from app.adapters import resources
from app.adapters.settings import Settings
from app.presentation.i18n.languages import SOURCE
from app.presentation.i18n.localize import localized_text, originals_in, show_originals_of
from app.presentation.i18n.translation import gettext, ngettext_form, set_language
from app.services.accounts.models import User
from app.services.mail.unsubscribe import stop_link


def build_message(
    settings: Settings, user: User, kind: str, slot: str, at: datetime, *, originals: str = SOURCE, **values: object
) -> EmailMessage:
    """Build a message of a kind. The first line of the template is the subject; each slot has a fixed Message-ID.

    `originals` is the language of the originals of the register that it is about.
    """
    stop = stop_link(settings, user.person, kind)
    set_language(user.language)
    try:
        with originals_in(originals):
            template = _templates().get_template(f"mail/{kind}.txt")
            subject, _, body = template.render(base=settings.base_url, stop=stop, **values).strip().partition("\n")
    finally:
        set_language(SOURCE)
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
    """The templates as plain text, without escaping."""
    environment = Environment(  # noqa: S701
        loader=FileSystemLoader(resources.data_dir("templates")),
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_callables(gettext, ngettext_form, newstyle=True)  # type: ignore[attr-defined]
    environment.globals |= {"localized_text": localized_text, "show_originals_of": show_originals_of}
    return environment
