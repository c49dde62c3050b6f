"""Gives views the services of the current application."""

from flask import current_app, g

from app.services.container import Services


def services() -> Services:
    """Those of the installation, or for a request that is answered from the read replica those of the replica."""
    container = g.get("replica") or current_app.extensions["uptake"]
    assert isinstance(container, Services)
    return container
