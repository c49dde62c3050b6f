"""a public page, warm, against nginx with the same bytes (reach: 35 %); uncached (reach: 10 ms); its weight (100 kB)"""

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
from pathlib import Path

from app.adapters.resources import data_dir
from app.bootstrap.flask_app import create_app
from app.services.bundles.importing import ImportOptions, import_bundle
from benchmarks.data import empty_store
from domain import commands as c

CONNECTIONS, SECONDS, ROUNDS = 4, 2.0, 5
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
        yield from _uncached(folder)
        if shutil.which("nginx") is None:
            yield "warm: not measured; there is no nginx on this machine"
            return
        yield from _warm(folder)


def _uncached(folder: Path) -> Iterator[str]:
    services = empty_store(folder / "store")
    import_bundle(services, data_dir("registers") / "dprk-enablers", ImportOptions(approve_cards="bench"))
    services.execute(c.OpenRegister("dprk-enablers", origin="bench"), by="bench")
    client = create_app(services).test_client()
    for path in ("/dprk-enablers/", "/ko/dprk-enablers/", "/dprk-enablers/recommendations/special-envoy-post/"):
        page = client.get(path)
        took = []
        for _ in range(60):
            begun = time.perf_counter()
            client.get(path)
            took.append(time.perf_counter() - begun)
        yield f"uncached {path}: median {statistics.median(took) * 1000:.1f} ms"
    page = client.get("/dprk-enablers/")
    style = next(word for word in page.text.split('"') if word.endswith(".css"))
    weight = len(gzip.compress(page.data, 6)) + len(gzip.compress(client.get(style).data, 6))
    yield f"the register page and its styles weigh {weight / 1000:.0f} kB compressed, without fonts"
    services.close()


def _warm(folder: Path) -> Iterator[str]:
    port, other = _free(), _free()
    site = subprocess.Popen(
        [sys.executable, "-m", "app.bootstrap", "up", "--demo", "--port", str(port)],
        env=os.environ | {"UPTAKE_DATA_DIR": str(folder / "data"), "UPTAKE_WEB_PROCESSES": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        body, packed = _settled(port)
        (folder / "page.html").write_bytes(body)
        (folder / "page.html.gz").write_bytes(packed)
        (folder / "conf").write_text(NGINX.format(folder=folder, port=other))
        folder.chmod(0o755)
        nginx = subprocess.Popen(["nginx", "-c", str(folder / "conf")], stderr=subprocess.DEVNULL)
        try:
            time.sleep(0.5)
            own, its = [], []
            for _ in range(ROUNDS):
                own.append(_rate(port, "/dprk-enablers/", len(packed)))
                its.append(_rate(other, "/page.html", len(packed)))
            share = statistics.median(a / b for a, b in zip(own, its, strict=True))
            yield f"warm: {statistics.median(own):,.0f} of {statistics.median(its):,.0f} pages/s, {share:.0%} of nginx"
        finally:
            nginx.terminate()
            nginx.wait()
    finally:
        site.terminate()
        site.wait()


def _settled(port: int) -> tuple[bytes, bytes]:
    """The page, plain and compressed, once the site answers."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/dprk-enablers/", timeout=5).close()
            break
        except OSError:
            time.sleep(0.2)
    packed = _get(http.client.HTTPConnection("127.0.0.1", port), "/dprk-enablers/")
    return gzip.decompress(packed), packed


def _get(connection: http.client.HTTPConnection, path: str) -> bytes:
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    return connection.getresponse().read()


def _rate(port: int, path: str, size: int) -> float:
    """Pages per second over a few open connections; raw sockets, so that the client costs little."""
    done = [0] * CONNECTIONS
    until = time.perf_counter() + SECONDS
    request = f"GET {path} HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n".encode()

    def ask(n: int) -> None:
        with socket.create_connection(("127.0.0.1", port)) as connection:
            while time.perf_counter() < until:
                connection.sendall(request)
                seen, head = b"", -1
                while head < 0 or len(seen) < head + 4 + size:
                    got = connection.recv(1 << 18)
                    if not got:
                        raise ConnectionError("the server hung up")
                    seen += got
                    head = seen.find(b"\r\n\r\n") if head < 0 else head
                done[n] += 1

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / SECONDS


def _free() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
