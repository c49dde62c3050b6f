"""The application as a server starts it: one per process, built after the process has forked."""

from flask import Flask

from app.settings import read_settings
from app.web.factory import create_app
from app.wiring import build


def make() -> Flask:
    return create_app(build(read_settings()))
