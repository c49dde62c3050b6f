"""A mail server that runs, and the worker job that sends to it."""

from collections.abc import Callable, Iterator

import pytest
from msgspec.structs import replace

from app.adapters.jobs_db.tables import open_jobs
from app.entrypoints.worker.schedule import JobContext, mail
from app.services.container import Services
from tests.support.mailbox import Mailbox, running


@pytest.fixture
def mailbox(services: Services) -> Iterator[Mailbox]:
    with running() as mailbox:
        services.settings = replace(services.settings, smtp_url=mailbox.url, smtp_from="Uptake <uptake@example.org>")
        yield mailbox


@pytest.fixture
def worker(services: Services) -> Iterator[Callable[[], None]]:
    """Runs the job of the worker that sends e-mail."""
    jobs = open_jobs(services.settings)
    yield lambda: mail(JobContext(services, jobs))
    jobs.dispose()
