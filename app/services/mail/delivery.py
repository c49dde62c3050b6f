"""Sends messages, each once: claims a message before sending it, and releases the claim if the server did not accept.

If the process ends in between, the claim stays and the message is not sent again. Its content is still on the home page
and in the next digest.
"""

import logging
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from email.message import EmailMessage
from smtplib import SMTP

from msgspec import Struct
from sqlalchemy import Engine

from app.adapters.jobs_db.job_locks import claim, claimed_slots, release_claim
from app.adapters.record import Record
from app.services.mail.smtp import Delivery, MailServerUnavailable, connection, deliver

log = logging.getLogger("uptake.mail")
JOB = "mail"


class OutgoingMessage(Struct, frozen=True):
    """A message that is due. `write` runs after the slot is claimed; it returns None if there is nothing to send."""

    slot: str
    write: Callable[[], EmailMessage | None]


def send_messages(record: Record, jobs: Engine, messages: Iterable[OutgoingMessage]) -> int:
    """Send the messages; returns how many the server accepted."""
    due = list(messages)
    done_slots = claimed_slots(jobs, JOB, [o.slot for o in due])
    sent = 0
    with ExitStack() as open_while_sending:
        server: SMTP | None = None
        for outgoing in due:
            if outgoing.slot in done_slots or not claim(jobs, JOB, outgoing.slot, record.clock()):
                continue
            delivery = Delivery.RETRY
            try:
                message = outgoing.write()
                if message is None:
                    delivery = Delivery.REJECTED
                    continue
                server = server or open_while_sending.enter_context(connection(record.settings))
                delivery = deliver(server, message)
                sent += delivery is Delivery.ACCEPTED
                if server.sock is None:  # it closed the connection after its answer, perhaps only to this message
                    server = None
            except MailServerUnavailable as e:
                log.warning("%s Messages are tried again.", e)
                break
            except Exception as e:  # one broken message does not block the others
                log.error("A message could not be written (%s).", type(e).__name__)
            finally:
                if delivery is Delivery.RETRY:
                    release_claim(jobs, JOB, outgoing.slot)
    return sent
