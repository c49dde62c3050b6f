"""Addresses of pages with parameters that are not known by name when they are built."""

from typing import Any

from flask import url_for


def address_of(endpoint: str, **values: Any) -> str:
    """The address of a page; values that are no part of its path become parameters."""
    return url_for(endpoint, **values)
