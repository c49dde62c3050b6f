"""The services of the application that answers this request."""

from flask import current_app

from app.services.container import Services


def services() -> Services:
    container = current_app.extensions["uptake"]
    assert isinstance(container, Services)
    return container
