"""Time-stamps of a package (RFC 3161): an authority signs the SHA-256 of the manifest with its own time."""

import re
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from msgspec import Struct
from rfc3161_client import (
    HashAlgorithm,
    TimeStampRequest,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from domain.errors import Refused

MAX_RESPONSE_BYTES = 65_536
"""The largest response that is read."""
_CERTIFICATES = 0xA0
_SHA256 = "2.16.840.1.101.3.4.2.1"
_REASON = re.compile(r'Verify error: ([^"]+)')


class TimestampDetails(Struct, frozen=True):
    """The instant of a time-stamp and the name of its authority."""

    at: datetime
    authority: str


def build_request(manifest: bytes) -> TimeStampRequest:
    """Build the request for an authority, with a nonce."""
    return TimestampRequestBuilder().data(manifest).hash_algorithm(HashAlgorithm.SHA256).build()


def read_unverified(response: bytes, manifest: bytes) -> TimestampDetails:
    """Read a response for this manifest without verifying its signature. Raises `Refused` if it is for another."""
    return _details(_decode(response, manifest))


def verify_response(
    response: bytes, manifest: bytes, roots: Sequence[x509.Certificate], nonce: int | None = None
) -> TimestampDetails:
    """Read a response and verify that a certificate under one of the roots, valid at that time, signed it."""
    decoded = _decode(response, manifest)
    if nonce is not None and decoded.tst_info.nonce != nonce:
        raise Refused("The time-stamp answers another request.")
    try:
        VerifierBuilder(roots=list(roots)).build().verify_message(decoded, manifest)
    except VerificationError as e:
        match = _REASON.search(str(e))
        reason = match[1] if match else "its signature is not valid"
        raise Refused(f"The time-stamp does not lead to the given certificate: {reason}.") from None
    except Exception:
        raise _unreadable() from None
    return _details(decoded)


def read_file(file: Path, manifest: bytes, root: Path | None) -> TimestampDetails:
    """Read the time-stamp in a file; verified if a root certificate is given."""
    roots = read_certificates(root) if root else None
    try:
        with file.open("rb") as stream:
            response = stream.read(MAX_RESPONSE_BYTES + 1)
    except OSError as e:
        raise Refused(f"{file} cannot be read: {e.strerror or e}.") from None
    try:
        details = read_unverified(response, manifest)
    except Refused as refused:
        raise Refused(f"{file}: {refused} Get the time-stamp of this package from the page of its review.") from None
    return verify_response(response, manifest, roots) if roots else details


def read_certificates(file: Path) -> list[x509.Certificate]:
    """Return the certificates in a PEM file. Raises `Refused`."""
    try:
        return x509.load_pem_x509_certificates(file.read_bytes())
    except OSError as e:
        raise Refused(f"{file} cannot be read: {e.strerror or e}.") from None
    except ValueError:
        raise Refused(f"{file} has no certificate in PEM. Get the root certificate from the authority.") from None


def _decode(response: bytes, manifest: bytes) -> TimeStampResponse:
    """Decode a response for a manifest. The library raises many kinds of exceptions for invalid data."""
    try:
        decoded = decode_timestamp_response(_sort_certificates(response))
        status, why = decoded.status, ", ".join(decoded.status_string)
    except Exception:
        raise _unreadable() from None
    if status != 0:
        raise Refused(f"The authority gave no time-stamp: {why.rstrip('.') or f'status {status}'}.")
    try:
        imprint = decoded.tst_info.message_imprint
        kind, digest = imprint.hash_algorithm.dotted_string, imprint.message
    except Exception:
        raise _unreadable() from None
    if (kind, digest) != (_SHA256, sha256(manifest).digest()):
        raise Refused("The time-stamp is for another package: the SHA-256 of its manifest is different.")
    return decoded


def _sort_certificates(response: bytes) -> bytes:
    """Return the response with its certificates sorted, as DER requires.

    The library insists on it; `openssl ts`, which many authorities run, does not sort. The order is not signed.
    Raises `ValueError` or `IndexError` for invalid data.
    """
    (envelope,) = _read_elements(response, 0, len(response))
    _status, *tokens = _read_elements(response, *envelope[1:])
    for _start, *token in tokens:  # empty if the request was refused
        _kind, content = _read_elements(response, *token)
        (signed_data,) = _read_elements(response, *content[1:])
        for start, inner, end in _read_elements(response, *signed_data[1:]):
            if response[start] == _CERTIFICATES:
                certificates = sorted(response[a:b] for a, _, b in _read_elements(response, inner, end))
                return response[:inner] + b"".join(certificates) + response[end:]
    return response


def _read_elements(data: bytes, at: int, end: int) -> list[tuple[int, int, int]]:
    """Return the DER elements side by side in a range: start, start of the content, and end of each."""
    elements = []
    while at < end:
        size, inner = data[at + 1], at + 2
        if size & 0x80:
            inner += size & 0x7F
            size = int.from_bytes(data[at + 2 : inner], "big")
        if inner + size > end:
            raise ValueError
        elements.append((at, inner, inner + size))
        at = inner + size
    return elements


def _details(decoded: TimeStampResponse) -> TimestampDetails:
    """Return instant and name. The name is from the certificate that the signature identifies."""
    try:
        (signer,) = decoded.signed_data.signer_infos
        certificates = [x509.load_der_x509_certificate(c) for c in decoded.signed_data.certificates]
        (subject,) = [
            c.subject for c in certificates if (c.issuer, c.serial_number) == (signer.issuer, signer.serial_number)
        ]
        names = subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
        return TimestampDetails(decoded.tst_info.gen_time, str(names[0].value) if names else subject.rfc4514_string())
    except Exception:
        raise _unreadable() from None


def _unreadable() -> Refused:
    return Refused("This is not an answer of a time-stamping authority, or it is damaged.")
