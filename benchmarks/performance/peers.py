"""Runs in an environment of its own: a history by django-simple-history or SQLAlchemy-Continuum. Prints JSON.

usage: peers.py simple-history | continuum FOLDER RECOMMENDATIONS ASSESSMENTS
"""

import json
import statistics
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

CHANGES, PAST_DAYS = 60, 9
FIRST = datetime(2014, 1, 1, tzinfo=UTC)
STATUSES = ("announced", "in_progress", "partly", "in_progress", "partly", "superseded")
SUMMARY = "A sentence that says what is asked of whom, and by when it should be so."
REASON = "A sentence or two that say why the status is this one, and not the next one."


def instant(k):
    return FIRST + timedelta(days=180 * k)


def past(n):
    return FIRST + timedelta(days=200 * n + 100)


def median_ms(acts):
    times = []
    for act in acts:
        started = time.perf_counter()
        act()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def simple_history(folder, count, each):
    import django
    from django.conf import settings
    from django.db import connection, models

    pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "django.sqlite")}
    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "simple_history"],
        DATABASES={"default": database | {"OPTIONS": {"init_command": pragmas}}},
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )
    django.setup()
    from simple_history.models import HistoricalRecords

    class Recommendation(models.Model):
        title, summary, theme = models.TextField(), models.TextField(), models.TextField()
        status, reason = models.TextField(), models.TextField()
        history = HistoricalRecords()

        class Meta:
            app_label = "auth"

    history = Recommendation.history.model
    with connection.schema_editor() as editor:
        for model in (django.contrib.auth.models.User, Recommendation, history):
            editor.create_model(model)
    rows = []
    for n in range(count):
        values = {"title": f"Recommendation {n}", "summary": SUMMARY, "theme": f"theme-{n % 60}", "reason": REASON}
        Recommendation.objects.create(status=STATUSES[n % 6], **values) if n < CHANGES else None
        rows += [
            history(id=n + 1, status=STATUSES[(n + k) % 6], history_date=instant(k), history_type="+~"[k > 0], **values)
            for k in range(each)
        ]
    history.objects.filter(history_date__gt=FIRST).delete()
    history.objects.bulk_create(rows, batch_size=500)

    def change(item):
        item.status, item.reason = "partly", REASON
        item.save()

    items = list(Recommendation.objects.all()[:CHANGES])
    return {
        "change": median_ms([lambda item=item: change(item) for item in items]),
        "past": median_ms(
            [lambda n=n: Counter(r.status for r in Recommendation.history.as_of(past(n))) for n in range(PAST_DAYS)]
        ),
    }


def continuum(folder, count, each):
    import sqlalchemy as sa
    from sqlalchemy.orm import Session, configure_mappers, declarative_base
    from sqlalchemy_continuum import make_versioned, transaction_class, version_class

    make_versioned(user_cls=None)
    base = declarative_base()

    class Recommendation(base):
        __versioned__ = {}  # noqa: RUF012 (the library wants it so)
        __tablename__ = "recommendation"
        id = sa.Column(sa.Integer, primary_key=True)
        title, summary, theme = sa.Column(sa.Text), sa.Column(sa.Text), sa.Column(sa.Text)
        status, reason = sa.Column(sa.Text), sa.Column(sa.Text)

    configure_mappers()
    engine = sa.create_engine(f"sqlite:///{folder / 'continuum.sqlite'}")

    @sa.event.listens_for(engine, "connect")
    def _(connection, _record):
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

    base.metadata.create_all(engine)
    version, transaction = version_class(Recommendation), transaction_class(Recommendation)
    with engine.begin() as db:
        whens = [{"id": k + 1, "issued_at": instant(k).replace(tzinfo=None)} for k in range(each)]
        db.execute(sa.insert(transaction.__table__), whens)
        now, then = [], []
        for n in range(count):
            values = {"title": f"Recommendation {n}", "summary": SUMMARY, "theme": f"theme-{n % 60}", "reason": REASON}
            now.append({"id": n + 1, "status": STATUSES[(n + each - 1) % 6], **values})
            then += [
                {
                    "id": n + 1,
                    "status": STATUSES[(n + k) % 6],
                    "transaction_id": k + 1,
                    "end_transaction_id": k + 2 if k < each - 1 else None,
                    "operation_type": int(k > 0),
                    **values,
                }
                for k in range(each)
            ]
        db.execute(sa.insert(Recommendation.__table__), now)
        db.execute(sa.insert(version.__table__), then)

    def change(session, n):
        session.get(Recommendation, n + 1).status = f"changed {n}"
        session.commit()

    def counts(session, at):
        number = session.scalar(
            sa.select(sa.func.max(transaction.id)).where(transaction.issued_at <= at.replace(tzinfo=None))
        )
        is_valid = sa.or_(version.end_transaction_id.is_(None), version.end_transaction_id > number)
        query = sa.select(version.status, sa.func.count()).where(version.transaction_id <= number, is_valid)
        return session.execute(query.group_by(version.status)).all()

    with Session(engine) as session:
        return {
            "past": median_ms([lambda n=n: counts(session, past(n)) for n in range(PAST_DAYS)]),
            "change": median_ms([lambda n=n: change(session, n) for n in range(min(CHANGES, count))]),
        }


if __name__ == "__main__":
    name, folder, count, each = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    print(json.dumps({"simple-history": simple_history, "continuum": continuum}[name](folder, count, each)))
