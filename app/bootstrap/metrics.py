"""Metrics for Prometheus: requests by endpoint name, and the health of the installation.

Labels never contain an address, a query or a person. Each web process counts in its own files in one folder
(`PROMETHEUS_MULTIPROC_DIR`). Files of ended processes are included, so that counters never go down. Gauges are read
from the store on request.
"""

import os
from collections.abc import Iterable, Iterator
from functools import cache
from hmac import compare_digest
from time import perf_counter

from flask import Flask, Response, abort, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from app.entrypoints.http.cached_response import Environ, Start
from app.entrypoints.http.front_cache import ENDPOINT, FROM_CACHE, Application
from app.entrypoints.http.services import services
from app.services.container import Services
from app.services.operations.backups.runs import backup_status
from app.services.operations.liveness import ages, lag
from projections.catalogue import queries as catalogue
from projections.worklist.queries import count_waiting_proposals

ANSWER_COUNTER = Counter(
    "uptake_answers",
    "Answers, by the page's name, the class of the status, and whether the cache in front had them.",
    ["endpoint", "status", "cache"],
)
DURATION_HISTOGRAM = Histogram(
    "uptake_making_seconds",
    "Time to make an answer that the cache in front did not have.",
    ["face"],
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
)


class CountingMiddleware:
    """WSGI middleware that counts every answer."""

    def __init__(self, application: Application) -> None:
        self.application = application

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        started = perf_counter()

        def counting(status: str, headers: list[tuple[str, str]]) -> object:
            endpoint = environ.get(ENDPOINT) or "none"
            if FROM_CACHE in environ:
                _answers(endpoint, status[0], "hit").inc()
            else:
                _answers(endpoint, status[0], "miss").inc()
                _seconds(endpoint).observe(perf_counter() - started)
            return start(status, headers)

        return self.application(environ, counting)


@cache
def _answers(endpoint: str, status: str, cache_result: str) -> Counter:
    return ANSWER_COUNTER.labels(endpoint, f"{status}xx", cache_result)


@cache
def _seconds(endpoint: str) -> Histogram:
    return DURATION_HISTOGRAM.labels(endpoint.split(".")[0] if "." in endpoint else "other")


def add_metrics(app: Flask) -> None:
    app.before_request(_record_endpoint)
    app.add_url_rule("/metrics", "metrics", metrics)


def _record_endpoint() -> None:
    request.environ[ENDPOINT] = request.endpoint


def metrics() -> Response:
    installation = services()
    sent, expected = request.headers.get("Authorization", ""), f"Bearer {installation.settings.metrics_token}"
    if not compare_digest(sent.encode(), expected.encode()):
        abort(404)
    registry = CollectorRegistry()
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry, folder)  # type: ignore[no-untyped-call]
    else:
        registry.register(ANSWER_COUNTER)
        registry.register(DURATION_HISTOGRAM)
    registry.register(_StoreCollector(installation))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


class _StoreCollector(Collector):
    """Gauges, read from the store on each request."""

    def __init__(self, installation: Services) -> None:
        self.installation = installation

    def collect(self) -> Iterator[GaugeMetricFamily]:
        since, skew = ages(self.installation), self.installation.log.skew_seconds()
        backups, behind = backup_status(self.installation), lag(self.installation)
        with self.installation.views.connect() as db:
            waiting = count_waiting_proposals(db, [r.id for r in catalogue.registers(db) if r.is_open])
        for name, description, value in (
            ("uptake_events_behind", "Events of the log that pages do not show yet.", behind.events),
            ("uptake_seconds_behind", "Since the oldest of them was recorded.", behind.seconds),
            ("uptake_events_skipped", "Events that only a newer version of Uptake can read.", behind.skipped),
            ("uptake_clock_skew_seconds", "How far the clock is ahead of what the log goes by.", skew),
            ("uptake_worker_seconds", "Since the worker was last alive.", since.worker),
            ("uptake_checkpoint_seconds", "Since the newest checkpoint was signed.", since.checkpoint),
            ("uptake_backup_seconds", "Since the last backup was made.", since.backup),
            (
                "uptake_trial_restore_seconds",
                "Since a scheduled backup last passed a trial restore.",
                backups.trial_seconds if backups else None,
            ),
            (
                "uptake_backups_need_attention",
                "1 if the last backup or its trial restore failed, or none passed in time.",
                int(backups.problem is not None) if backups else None,
            ),
            ("uptake_proposals_waiting", "Proposals in open registers that wait for a review.", waiting),
        ):
            if value is not None:
                yield GaugeMetricFamily(name, description, value=value)
