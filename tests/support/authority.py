"""A real time-stamping authority on loopback: `openssl ts` behind a small web server, with keys of its own."""

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

SETTINGS = """
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
certs = {folder}/chain.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.3.6.1.4.1.13762.3
digests = sha256
"""
Answer = Callable[[bytes], bytes]
Key = ec.EllipticCurvePrivateKey
Issuer = tuple[Key, x509.Certificate]


class Authority:
    """`requests` are those that came; `answers` are given in turn before the authority's own, bytes or functions."""

    def __init__(self, folder: Path, *, name: str = "Time of the town", expired: bool = False) -> None:
        self.folder, self.address = folder, ""
        self.requests: list[bytes] = []
        self._one_at_a_time = threading.Lock()
        self.answers: list[bytes | Answer] = []
        folder.mkdir(parents=True)
        self.ca = folder / "ca.pem"
        root = _certificate(f"{name}, root")
        between = _certificate(f"{name}, issuing", root)
        self.ca.write_bytes(_pem(root[1]))
        (folder / "chain.pem").write_bytes(_pem(between[1]))
        for file, use in (("tsa", ExtendedKeyUsageOID.TIME_STAMPING), ("mail", ExtendedKeyUsageOID.EMAIL_PROTECTION)):
            key, made = _certificate(name, between, use, expired=expired)
            (folder / f"{file}.pem").write_bytes(_pem(made))
            (folder / f"{file}.key").write_bytes(_pem(key))
        (folder / "ts.conf").write_text(SETTINGS.format(folder=folder))
        (folder / "serial").write_text("01\n")

    def stamped(self, request: bytes) -> bytes:
        """What the authority answers to a request."""
        with self._one_at_a_time:
            (self.folder / "request.tsq").write_bytes(request)
            self._openssl("ts", "-reply", "-config", "ts.conf", "-queryfile", "request.tsq", "-out", "answer.tsr")
            return (self.folder / "answer.tsr").read_bytes()

    def misused(self, request: bytes) -> bytes:
        """The same time signed with a certificate that is not for time-stamps, which `openssl ts` does not do itself."""
        self.stamped(request)
        self._openssl("ts", "-reply", "-config", "ts.conf", "-in", "answer.tsr", "-token_out", "-out", "token.der")
        self._openssl("cms", "-verify", "-noverify", "-inform", "DER", "-in", "token.der", "-out", "said.der")
        sign = ("-nodetach", "-binary", "-cades", "-econtent_type", "1.2.840.113549.1.9.16.1.4", "-outform", "DER")
        by = ("-signer", "mail.pem", "-inkey", "mail.key", "-certfile", "chain.pem")
        self._openssl("cms", "-sign", *sign, *by, "-in", "said.der", "-out", "other.der")
        return _sequence(_sequence(b"\x02\x01\x00") + (self.folder / "other.der").read_bytes())

    def _openssl(self, *words: str) -> None:
        subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True)


@contextmanager
def answering(authority: Authority, port: int = 0) -> Iterator[Authority]:
    """The authority at its address, for as long as the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Type"] == "application/timestamp-query"
            authority.requests.append(request)
            answer = authority.answers.pop(0) if authority.answers else authority.stamped
            body = answer if isinstance(answer, bytes) else answer(request)
            self.send_response(200 if body else 503)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    authority.address = f"http://127.0.0.1:{server.server_address[1]}/tsa"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield authority
    finally:
        server.shutdown()
        server.server_close()


def _certificate(
    name: str, issuer: Issuer | None = None, use: x509.ObjectIdentifier | None = None, *, expired: bool = False
) -> Issuer:
    """Of an authority, or with a use of one that is none."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    began = datetime.now(UTC) - timedelta(days=20)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[1].subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(began)
        .not_valid_after(began + timedelta(days=10 if expired else 4000))
        .add_extension(x509.BasicConstraints(ca=not use, path_length=None), critical=True)
    )
    if use:
        made = made.add_extension(x509.ExtendedKeyUsage([use]), critical=True)
    return key, made.sign(issuer[0] if issuer else key, hashes.SHA256())


def _pem(of: Key | x509.Certificate) -> bytes:
    if isinstance(of, x509.Certificate):
        return of.public_bytes(serialization.Encoding.PEM)
    plain = serialization.NoEncryption()
    return of.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)


def _sequence(content: bytes) -> bytes:
    """In DER, of less than 64 KB."""
    size = len(content)
    return b"\x30" + (bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2, "big")) + content
