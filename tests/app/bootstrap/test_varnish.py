"""A real Varnish in front, with the VCL of the documents: it keeps public pages, is purged, and keeps nothing private."""

import re
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from email.message import Message
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.entrypoints.http.front_cache import BAR_COOKIE, BAR_VALUE
from app.services.container import Services
from app.services.purging import purge_due
from domain import commands as c
from tests.support.processes import free_port, served, stop, wait_until_ready
from tests.support.repository import ROOT
from tests.support.story import assessment

VCL = ROOT / "docs" / "deploy" / "varnish" / "uptake.vcl"
PAGE = "/small/recommendations/law/"


def varnishd() -> str:
    program = shutil.which("varnishd") or shutil.which("/usr/sbin/varnishd")
    if not program:
        pytest.skip("varnishd is not installed; .ci/run installs it")
    return program


class Site:
    """Varnish, and Uptake behind it. `purge` does what the worker does every second."""

    def __init__(self, address: str, services: Services) -> None:
        self.address, self.services = address, services

    def get(self, path: str, **headers: str) -> tuple[Message, str]:
        request = urllib.request.Request(self.address + path, headers=headers)
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.headers, response.read().decode()

    def is_kept(self, path: str, **headers: str) -> bool:
        """Whether Varnish had the page: it then names two requests, this one and that which fetched it."""
        return len(self.get(path, **headers)[0]["X-Varnish"].split()) == 2

    def purge(self) -> bool:
        return purge_due(self.services, self.services.jobs)


@pytest.fixture
def processes(small: Services, tmp_path: Path) -> "Iterator[tuple[Site, Callable[[], None]]]":
    """Both of them, and how to end Uptake."""
    program, port = varnishd(), free_port()
    uptake = served("serve", small.settings.data_dir, UPTAKE_CDN_SECONDS="900")
    url = f"http://127.0.0.1:{port}/purge"
    small.settings = replace(small.settings, cdn_seconds=900, purge_url=url, purge_secret="a-secret")
    origin = uptake.__enter__()
    is_ended = False

    def end() -> None:
        nonlocal is_ended
        if not is_ended:
            is_ended = True
            uptake.__exit__(None, None, None)

    vcl = tmp_path / "varnish.vcl"
    vcl.write_text(re.sub(r'"8000"', f'"{origin.rsplit(":", 1)[1]}"', VCL.read_text("utf-8")), "utf-8")
    command = [program, "-j", "none", "-F", "-a", f"127.0.0.1:{port}", "-f", str(vcl)]
    command += ["-n", str(tmp_path / "varnish"), "-s", "malloc,32m"]
    varnish = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_until_ready(address, varnish)
        site = Site(address, small)
        assert site.purge(), "of all pages, at the first time"
        yield site, end
    finally:
        stop(varnish)
        end()


def test_pages_are_kept_until_something_happens_that_they_show(
    small: Services, processes: tuple[Site, Callable[[], None]]
) -> None:
    site, end = processes
    pinned = "/small/?as_of=2025-06-01&known_at=2026-03-02"
    for path in ("/", PAGE, "/ko/small/", "/api/v1/registers/small/scorecard", pinned):
        assert not site.is_kept(path)
        assert site.is_kept(path)
    headers, before = site.get(PAGE)
    assert (headers["Cache-Control"], headers["Surrogate-Key"]) == ("public, no-cache", None)
    assert "immutable" in site.get(pinned)[0]["Cache-Control"]

    proposal = assessment(
        status="in_progress",
        effective_on="2024-05-01",
        reason="new_evidence",
        rationale="It began.",
        evidence=("story",),
    )
    ident = small.execute(c.ProposeAssessment("small", recommendation="law", assessment=proposal), by="ana")
    assert not site.purge(), "a proposal is private"
    small.execute(c.PublishAssessment("small", recommendation="law", assessment=ident), by="ben")
    assert site.get(PAGE)[1] == before
    assert site.purge()
    assert "It began." in site.get(PAGE)[1]
    assert site.is_kept(pinned), "it never changes"
    assert site.is_kept(PAGE)

    assert site.is_kept(PAGE, Cookie="other=1")
    for path, headers_sent in (
        (PAGE, {"Cookie": f"{BAR_COOKIE}={BAR_VALUE}"}),
        ("/staff/sign-in", {}),
        ("/healthz", {}),
    ):
        assert not site.is_kept(path, **headers_sent)
        assert not site.is_kept(path, **headers_sent)
    assert "no-store" in site.get(PAGE, Cookie=f"{BAR_COOKIE}={BAR_VALUE}")[0]["Cache-Control"]

    end()
    assert site.is_kept(PAGE), "Uptake is away"


def test_only_listed_machines_purge_and_only_by_keys(processes: tuple[Site, Callable[[], None]]) -> None:
    site, _ = processes
    for method, key in (("POST", "a b|.*"), ("POST", ""), ("GET", "uptake")):
        request = urllib.request.Request(f"{site.address}/purge", method=method, headers={"Surrogate-Key": key})
        with pytest.raises(urllib.error.HTTPError, match="400"):
            urllib.request.urlopen(request, timeout=60)
    site.get(PAGE)
    assert site.is_kept(PAGE)
    request = urllib.request.Request(f"{site.address}/purge", method="POST", headers={"Surrogate-Key": "register:smal"})
    urllib.request.urlopen(request, timeout=60).close()
    assert site.is_kept(PAGE), "a key is a whole word"
    request = urllib.request.Request(
        f"{site.address}/purge", method="POST", headers={"Surrogate-Key": "site register:small"}
    )
    urllib.request.urlopen(request, timeout=60).close()
    assert not site.is_kept(PAGE)
