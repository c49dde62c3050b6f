"""Loads every module of a package of pages, so that none has to be listed for its routes to exist."""

from importlib import import_module
from pkgutil import walk_packages


def import_page_modules(package: str) -> None:
    """Import all modules below a package, in the order of their names."""
    for module in walk_packages(import_module(package).__path__, f"{package}."):
        import_module(module.name)
