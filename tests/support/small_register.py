"""The small register, imported and opened."""

import re
from pathlib import Path

from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.container import Services
from domain import commands as c
from tests.support.bundles import write_small_bundle


def open_small_register(services: Services, folder: Path, **fields: str) -> Services:
    """Write the bundle to `folder`, import it and open the register; `fields` change its `register.json`."""
    write_small_bundle(folder)
    for field, value in fields.items():
        text = (folder / "register.json").read_text("utf-8")
        (folder / "register.json").write_text(re.sub(rf'("{field}": )"[^"]*"', rf'\1"{value}"', text), "utf-8")
    return import_and_open(services, folder)


def import_and_open(services: Services, folder: Path) -> Services:
    """Import a bundle of the register “small” and open it; each step takes a day."""
    import_bundle(services, folder, ImportOptions(approve_cards="cem"))
    services.clock.go_on(days=1)  # type: ignore[attr-defined]
    services.execute(c.OpenRegister("small", origin="x"), by="ana")
    services.clock.go_on(days=1)  # type: ignore[attr-defined]
    return services
