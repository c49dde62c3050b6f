"""a public page, warm, against nginx with the same bytes (reach: 35 %); uncached (reach: 8 ms); days in turn (reach:
500/s per core); its weight (100 kB)"""

import gzip
import http.client
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from flask.testing import FlaskClient

from app.adapters.resources import data_dir
from app.bootstrap.flask_app import create_app
from app.services.bundles.importing import ImportOptions, import_bundle
from benchmarks.data import create_store
from domain import commands as c

DAYS_IN_TURN = 3_000
CONNECTIONS, SECONDS_PER_ROUND, ROUNDS = 4, 2.0, 5
NGINX = """
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error;
events {{ worker_connections 64; }}
http {{ access_log off; keepalive_requests 10000000; types {{ text/html html; }} client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{port}; root {folder}; gzip_static on; }} }}
"""


def run() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield from _measure_uncached(folder)
        if shutil.which("nginx") is None:
            yield "warm: not measured; there is no nginx on this machine"
            return
        yield from _measure_warm(folder)


def _measure_uncached(folder: Path) -> Iterator[str]:
    services = create_store(folder / "store")
    import_bundle(services, data_dir("registers") / "dprk-enablers", ImportOptions(approve_cards="bench"))
    services.execute(c.OpenRegister("dprk-enablers", origin="bench"), by="bench")
    client = create_app(services).test_client()
    for path in ("/dprk-enablers/", "/ko/dprk-enablers/", "/dprk-enablers/recommendations/special-envoy-post/"):
        page = client.get(path)
        once = statistics.median(_cpu_seconds(client, path) for _ in range(60))
        yield f"uncached {path}: median {once * 1000:.1f} ms of computing"
    day, each = date(2016, 1, 1), []
    for _ in range(DAYS_IN_TURN):
        each.append(_cpu_seconds(client, f"/dprk-enablers/?as_of={day}"))
        day += timedelta(days=1)
    again = statistics.median(_cpu_seconds(client, f"/dprk-enablers/?as_of={day}") for _ in range(60))
    ratio = statistics.mean(each) / again
    yield f"{DAYS_IN_TURN:,} days in turn: {1 / statistics.mean(each):.0f}/s per core, {ratio:.2f}x one day again"
    page = client.get("/dprk-enablers/")
    style = next(word for word in page.text.split('"') if word.endswith(".css"))
    weight = len(gzip.compress(page.data, 6)) + len(gzip.compress(client.get(style).data, 6))
    yield f"the register page and its styles weigh {weight / 1000:.0f} kB compressed, without fonts"
    services.close()


def _cpu_seconds(client: FlaskClient, path: str) -> float:
    started = time.process_time()
    client.get(path)
    return time.process_time() - started


def _measure_warm(folder: Path) -> Iterator[str]:
    port, nginx_port = _free_port(), _free_port()
    site = subprocess.Popen(
        [sys.executable, "-m", "app.bootstrap", "up", "--demo", "--port", str(port)],
        env=os.environ | {"UPTAKE_DATA_DIR": str(folder / "data"), "UPTAKE_WEB_PROCESSES": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        body, compressed = _fetch_page(port)
        (folder / "page.html").write_bytes(body)
        (folder / "page.html.gz").write_bytes(compressed)
        (folder / "conf").write_text(NGINX.format(folder=folder, port=nginx_port))
        folder.chmod(0o755)
        nginx = subprocess.Popen(["nginx", "-c", str(folder / "conf")], stderr=subprocess.DEVNULL)
        try:
            time.sleep(0.5)
            site_rates, nginx_rates = [], []
            for _ in range(ROUNDS):
                site_rates.append(_pages_per_second(port, "/dprk-enablers/"))
                nginx_rates.append(_pages_per_second(nginx_port, "/page.html"))
            share = statistics.median(a / b for a, b in zip(site_rates, nginx_rates, strict=True))
            yield f"warm: {statistics.median(site_rates):,.0f} of {statistics.median(nginx_rates):,.0f} pages/s, {share:.0%} of nginx"
        finally:
            nginx.terminate()
            nginx.wait()
    finally:
        site.terminate()
        site.wait()


def _fetch_page(port: int) -> tuple[bytes, bytes]:
    """The page, plain and compressed, once the site is up."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/dprk-enablers/", timeout=5).close()
            break
        except OSError:
            time.sleep(0.2)
    compressed = _get(http.client.HTTPConnection("127.0.0.1", port), "/dprk-enablers/")
    return gzip.decompress(compressed), compressed


def _get(connection: http.client.HTTPConnection, path: str) -> bytes:
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    return connection.getresponse().read()


def _pages_per_second(port: int, path: str) -> float:
    """Pages per second over a few open connections; raw sockets, so that the client costs little."""
    page_counts = [0] * CONNECTIONS
    deadline = time.perf_counter() + SECONDS_PER_ROUND
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n\r\n".encode()

    def send_requests(n: int) -> None:
        with socket.create_connection(("127.0.0.1", port)) as connection:
            while time.perf_counter() < deadline:
                connection.sendall(request)
                seen = connection.recv(1 << 18)
                head, _, body = seen.lower().partition(b"\r\n\r\n")
                assert head.startswith(b"http/1.1 200 "), head[:100]
                missing = int(head.split(b"content-length: ")[1].split(b"\r\n")[0]) - len(body)
                while missing > 0 and (more := connection.recv(1 << 18)):
                    missing -= len(more)
                page_counts[n] += 1

    threads = [threading.Thread(target=send_requests, args=(n,)) for n in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(page_counts) / SECONDS_PER_ROUND


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
