"""Names the builder of a package, by versions and by digests: which program made its bytes."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, distribution, requires, version
from pathlib import Path

import app
import domain
import projections
from app.adapters.resources import data_dir
from app.services.snapshots.bagit import build_manifest

RECORDED_PACKAGES = ("python-docx", "typst", "uptake", "xlsxwriter")
"""The packages whose versions are named one by one."""
DIGEST_LETTERS = len("sha256:") + 12
"""How much of a digest is printed."""
OMITTED = ("__pycache__", "_data")
"""Folders of a source tree that are no source: compiled files, and where a wheel has the templates."""


@cache
def installed_builder() -> dict[str, str]:
    """The versions that a person asks for, and SHA-256 digests of all sources and of all libraries."""
    versions = {name: version(name) for name in RECORDED_PACKAGES}
    return versions | {"source": f"sha256:{source_digest()}", "libraries": f"sha256:{libraries_digest()}"}


def builder_text(builder: Mapping[str, str]) -> str:
    """A builder for people, with digests shortened."""
    return ", ".join(f"{name} {value[:DIGEST_LETTERS]}" for name, value in sorted(builder.items()))


def source_digest() -> str:
    """The SHA-256 of the list of source files as `sha256sum` writes it, the same in a checkout and from a wheel."""
    return sha256(build_manifest(dict(_sources()))).hexdigest()


def libraries_digest() -> str:
    """The SHA-256 of the lines `name==version`, sorted, of the libraries that Uptake needs on every machine.

    The installed versions count, not those of the lock: a wheel can be installed without it.
    """
    names = set[str]()
    pending = ["uptake"]
    while pending:
        if (name := pending.pop()) not in names and (needed := _needed_by(name)) is not None:
            names.add(name)
            pending += needed
    lines = [f"{name}=={version(name)}\n" for name in sorted(names - {"uptake"})]
    return sha256("".join(lines).encode()).hexdigest()


def _sources() -> Iterator[tuple[str, bytes]]:
    """The files that build packages, by path. Registers are not among them: their content is in the events."""
    folders = {module.__name__: Path(module.__path__[0]) for module in (app, domain, projections)}
    for top, folder in (folders | {"templates": data_dir("templates")}).items():
        for file in folder.rglob("*"):
            parts = file.relative_to(folder).parts
            is_source = not any(part in OMITTED or part.startswith(".") for part in parts)
            if is_source and file.is_file():
                yield "/".join((top, *parts)), file.read_bytes()


def _needed_by(name: str) -> list[str] | None:
    """The libraries that an installed one needs without a condition; None if it is not installed."""
    try:
        distribution(name)
    except PackageNotFoundError:
        return None
    plain = [line for line in requires(name) or () if ";" not in line]
    return [re.sub(r"[-_.]+", "-", re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0]).lower() for line in plain]
