"""the overview of a register for staff, Home and the form of a proposal at 100,000 recommendations (reach: 150 kB and 0.5 s a page), against 1,000"""

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from flask.testing import FlaskClient

from app.bootstrap.flask_app import create_app
from app.entrypoints.http.security import hash_new_password
from app.services.accounts import people
from app.services.accounts.permissions import StaffRole
from app.services.container import Services
from benchmarks.data import create_store, fill_store
from benchmarks.measure import time_once

SMALL, LARGE, ASSESSMENTS = 1_000, 100_000, 2
REGISTER = "/staff/big/"
PAGES = {
    "first page": REGISTER,
    "last page": f"{REGISTER}?page=2000",
    "to review, by day": f"{REGISTER}?due=late",
    "one status, by title": f"{REGISTER}?status=partly&sort=title",
    "latest change": f"{REGISTER}?sort=changed",
    "a common word": f"{REGISTER}?q=recommendation",
    "a number": f"{REGISTER}?q=77",
    "asked of a body": f"{REGISTER}?body=body",
    "assigned to no one": f"{REGISTER}?assigned=none",
    "what is due": f"{REGISTER}due/",
    "Home": "/staff/",
    "the form of a proposal": f"{REGISTER}recommendations/rec-000077/propose/",
}
PASSWORD = "correct horse battery staple"


def run() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        small, large = (_measure(Path(folder) / str(size), size) for size in (SMALL, LARGE))
    for name, (seconds, weight) in large.items():
        ratio = seconds / small[name][0]
        yield f"{name}: {seconds * 1000:.0f} ms, {weight / 1000:.0f} kB; {ratio:.1f} times that of {SMALL:,}"


def _measure(folder: Path, size: int) -> dict[str, tuple[float, int]]:
    """The seconds and the bytes of each page."""
    services = create_store(folder)
    fill_store(services, size, ASSESSMENTS)
    client = _signed_in(services)
    results = {}
    for name, path in PAGES.items():
        page = client.get(path)
        assert page.status_code == 200, page.text
        seconds = statistics.median(time_once(lambda p=path: client.get(p)) for _ in range(3))
        results[name] = (seconds, len(page.data))
    services.close()
    return results


def _signed_in(services: Services) -> FlaskClient:
    app = create_app(services)
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context(), services.accounts.work() as db:
        user = people.add_user(db, "ben@example.org", "Ben", person="ben")
        user.password = hash_new_password(PASSWORD, user)
        people.give_role(db, user, "big", StaffRole.EDITOR)
    client = app.test_client()
    answer = client.post("/staff/sign-in", data={"email": "ben@example.org", "password": PASSWORD})
    assert answer.status_code == 302, answer.text
    return client
