"""Locates data files, in a checkout or an installed package."""

from pathlib import Path

import app


def data_dir(name: str) -> Path:
    """The folder of templates or built-in registers."""
    package = Path(app.__file__).parent
    packaged = package / "_data" / name
    return packaged if packaged.is_dir() else package.parent / name
