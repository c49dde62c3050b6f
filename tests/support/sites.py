"""Sites on this machine, each at a loopback address of its own, answering as a test tells them to."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from app.adapters.fetcher import Fetcher
from tests.support.waiting import pause

Reply = tuple[int, dict[str, str], bytes]


class Site:
    """`asked` are the requested paths; `pages` what is answered, a function for what takes its time."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.asked: list[str] = []
        self.hosts: list[str] = []
        self.pages: dict[str, Reply | Callable[[BaseHTTPRequestHandler], None]] = {}
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                site.hosts.append(self.headers["Host"])
                reply = site.pages.get(self.path, (404, {}, b"nothing here"))
                if callable(reply):
                    reply(self)
                    return
                status, headers, body = reply
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer((address, 0), Handler)
        self.server.daemon_threads = True
        self.port: int = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def show(self, path: str, body: bytes = b"words", status: int = 200, **headers: str) -> None:
        self.pages[path] = (status, {k.replace("_", "-"): v for k, v in headers.items()}, body)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@contextmanager
def site(address: str = "127.0.0.2") -> Iterator[Site]:
    made = Site(address)
    try:
        yield made
    finally:
        made.close()


def reach(
    names: dict[str, list[str]], *sites: Site, public: tuple[str, ...] = ("127.0.0.2",), seconds: float = 5
) -> Fetcher:
    """The outside world of a test: the names it knows, and the addresses that count as public."""
    return Fetcher(
        resolve=lambda host, _port: names.get(host, [host]),
        is_public=lambda address: address in public,
        ports=[s.port for s in sites],
        seconds=seconds,
    )


def drip(handler: BaseHTTPRequestHandler) -> None:
    """An answer that never ends, a byte at a time."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    try:
        for _ in range(200):
            handler.wfile.write(b"X-A: b\r\n")
            pause(0.05)
    except OSError:
        pass


def drip_body(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    try:
        for _ in range(200):
            handler.wfile.write(b"a")
            pause(0.05)
    except OSError:
        pass
