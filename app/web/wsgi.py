"""The application as a server starts it: one per process, built after the process has forked."""

from app.settings import read_settings
from app.web.factory import create_app
from app.web.front_cache import FrontCache
from app.wiring import build


def make() -> FrontCache:
    services = build(read_settings())
    return FrontCache(create_app(services), services.shown)
