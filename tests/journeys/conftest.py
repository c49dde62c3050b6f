"""One browser for all journeys, and sites that run."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from werkzeug.serving import make_server

from app.adapters.settings import Settings
from app.bootstrap.container import build_services
from app.services.bundles.importing import ImportOptions, import_bundle
from domain.commands import OpenRegister
from tests.support.chromium import browser
from tests.support.demo_site import SCREENSHOTS, DemoSite
from tests.support.processes import STOP_TIMEOUT_SECONDS, free_port, wait_until_ready
from tests.support.repository import ROOT


@pytest.fixture(scope="package")
def chromium_process() -> Iterator[Browser]:
    SCREENSHOTS.mkdir(exist_ok=True)
    expect.set_options(timeout=60_000)
    with browser() as running:
        yield running


@pytest.fixture
def chromium(chromium_process: Browser) -> Iterator[Browser]:
    """The browser, which forgets everything after the test."""
    yield chromium_process
    for context in chromium_process.contexts:
        context.close()


@pytest.fixture
def address(staff_app: Flask) -> Iterator[str]:
    """Where the small register with its four people is served by this process."""
    server = make_server("127.0.0.1", 0, staff_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture(scope="package")
def public_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site that was started as the README says; tests only read it."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "app.bootstrap", "up", "--demo", "--port", str(port)],
        env=os.environ | {"UPTAKE_DATA_DIR": str(tmp_path_factory.mktemp("site") / "data")},
        stdout=subprocess.PIPE,
        text=True,
    )
    address = f"http://127.0.0.1:{port}"
    wait_until_ready(address, process)
    yield address
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=STOP_TIMEOUT_SECONDS)
    assert process.returncode == 0
    assert "Loaded and opened the register “dprk-enablers”." in output
    assert f"Uptake is at {address}/" in output


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo register, opened; each site gets a copy."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    services = build_services(Settings(data_dir=folder), create=True)
    import_bundle(services, ROOT / "registers" / "dprk-enablers", ImportOptions())
    services.execute(OpenRegister("dprk-enablers", origin=services.settings.origin), by="operator")
    services.catch_up()
    services.close()
    return folder


@pytest.fixture
def start_site(tmp_path: Path, demo_data: Path) -> Iterator[Callable[..., DemoSite]]:
    """Starts a site of the test's own, with settings."""
    sites: list[DemoSite] = []

    def start(**settings: str) -> DemoSite:
        sites.append(DemoSite(tmp_path, demo_data, **settings))
        return sites[-1]

    yield start
    for site in sites:
        site.close()


@pytest.fixture
def site(start_site: Callable[..., DemoSite]) -> DemoSite:
    """A site of the test's own, which it may change."""
    return start_site()
