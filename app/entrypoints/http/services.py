"""Gives views the services of the current application."""

from flask import current_app

from app.services.container import Services


def services() -> Services:
    container = current_app.extensions["uptake"]
    assert isinstance(container, Services)
    return container
