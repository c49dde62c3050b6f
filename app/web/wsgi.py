"""The application as a server starts it: one per process, built after the process has forked."""

from app.settings import read_settings
from app.web.factory import create_app
from app.web.front_cache import Application, FrontCache
from app.wiring import build


def make() -> Application:
    services = build(read_settings())
    front = FrontCache(create_app(services), services.shown)
    if not services.settings.metrics_token:
        return front
    from app.web.metrics import Counted  # slow to load, and not always needed

    return Counted(front)
