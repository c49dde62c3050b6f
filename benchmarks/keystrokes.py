"""A sourced status change by the keystroke-level model: one new source, both languages (mark: under 120 s)"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from app.adapters.settings import Settings
from app.bootstrap.container import build_services
from app.services.bundles.importing import ImportOptions, import_bundle
from domain.commands import OpenRegister
from tests.support.chromium import browser
from tests.support.demo_site import DemoSite, set_up_administrator
from tests.support.keystrokes import Recorder
from tests.support.repository import ROOT
from tests.support.status_change import propose_with_new_source


def run() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder, browser() as chromium:
        site = DemoSite(Path(folder), _demo_data(Path(folder) / "prepared"))
        try:
            page = chromium.new_page()
            set_up_administrator(page, site)
            recorder = Recorder(page)
            propose_with_new_source(recorder, site.address)
        finally:
            site.close()
    yield recorder.summary
    yield from recorder.steps


def _demo_data(folder: Path) -> Path:
    services = build_services(Settings(data_dir=folder), create=True)
    import_bundle(services, ROOT / "registers" / "dprk-enablers", ImportOptions())
    services.execute(OpenRegister("dprk-enablers", origin=services.settings.origin), by="operator")
    services.catch_up()
    services.close()
    return folder
