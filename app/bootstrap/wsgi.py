"""The WSGI entry point: one application per process, built after the process has forked."""

import multiprocessing

from msgspec.structs import replace

from app.adapters.parent_watch import end_with_parent, supervisor
from app.adapters.settings import read_settings
from app.bootstrap.container import build_replica, build_services
from app.bootstrap.flask_app import create_app
from app.entrypoints.http.front_cache import Application, FrontCache
from app.entrypoints.http.replica_reads import ReplicaReads
from app.services.container import Services


def make_front(services: Services) -> FrontCache:
    """The application with its cache. With a read replica, what is cached is as it was where it was read."""
    if not services.settings.read_url:
        return FrontCache(create_app(services), services.public_state, availability=services.availability)
    reads = ReplicaReads(services, build_replica(services.settings))
    reads.replica.check()
    reads.replica.watch()
    return FrontCache(create_app(services, reads), reads.public_state, availability=reads)


def make_app() -> Application:
    if server := multiprocessing.parent_process():
        end_with_parent(server.pid or 0, supervisor=supervisor())
    services = build_services(replace(read_settings(), process="web"))
    front = make_front(services)
    if not services.settings.metrics_token:
        return front
    from app.bootstrap.metrics import CountingMiddleware  # slow to load, and not always needed

    return CountingMiddleware(front)
