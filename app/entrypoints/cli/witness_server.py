"""The web server of a witness: a thread for each connection, with limits on connections, time and bytes."""

import logging
import socket
import threading
import time
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from app.adapters.witness_store import WitnessStore
from app.services.transparency.key_files import SigningKey
from app.services.transparency.witness import MAX_BODY_BYTES, Answer, add_checkpoint, newest_checkpoint

CONNECTION_TIMEOUT_SECONDS = 30.0
"""For a whole connection, however slowly it sends."""
MAX_CONNECTIONS = 32
log = logging.getLogger("uptake.witness")


class WitnessServer(ThreadingHTTPServer):
    """Serves one witness. A connection beyond the limit is closed at once."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], store: WitnessStore, key: SigningKey) -> None:
        self.store, self.key = store, key
        self._free = threading.BoundedSemaphore(MAX_CONNECTIONS)
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, WitnessHandler)

    def process_request(self, request: Any, client_address: Any) -> None:
        if not self._free.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        timer = threading.Timer(CONNECTION_TIMEOUT_SECONDS, _shut_down, [request])
        timer.daemon = True
        timer.start()
        try:
            super().process_request_thread(request, client_address)
        finally:
            timer.cancel()
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        log.warning("a request failed", exc_info=True)


class WitnessHandler(BaseHTTPRequestHandler):
    """`POST /add-checkpoint` and `GET /ORIGIN-HASH/checkpoint`."""

    server: WitnessServer
    protocol_version = "HTTP/1.1"
    timeout = CONNECTION_TIMEOUT_SECONDS
    server_version, sys_version = "uptake-witness", ""

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if self.path != "/add-checkpoint":
            self._refuse(HTTPStatus.NOT_FOUND, "Post checkpoints to /add-checkpoint.")
        elif not (length.isascii() and length.isdigit()) or "Transfer-Encoding" in self.headers:
            self._refuse(HTTPStatus.LENGTH_REQUIRED, "Send the body with its Content-Length.")
        elif len(length) > 9 or int(length) > MAX_BODY_BYTES:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The body may have {MAX_BODY_BYTES} bytes.")
        else:
            body = self.rfile.read(int(length))
            answer = add_checkpoint(self.server.store, self.server.key, body, int(time.time()))
            log.info("%s: %d %s", self.path, answer.status, body.partition(b"\n\n")[2].split(b"\n")[0][:200])
            self._send(answer)

    def do_GET(self) -> None:
        origin_hash, separator, rest = self.path.removeprefix("/").partition("/")
        if not separator or rest != "checkpoint":
            self._refuse(HTTPStatus.NOT_FOUND, "This is a witness (c2sp.org/tlog-witness).")
        else:
            self._send(newest_checkpoint(self.server.store, origin_hash))

    def log_message(self, format: str, *args: Any) -> None:
        """Only what was decided is logged."""

    def _refuse(self, status: HTTPStatus, sentence: str) -> None:
        """Answer without reading the body, so the connection ends."""
        self.close_connection = True
        self._send(Answer(status, f"{sentence}\n"))

    def _send(self, answer: Answer) -> None:
        body = answer.body.encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)


def _shut_down(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
