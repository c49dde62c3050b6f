"""Objects in storage that speaks S3. Credentials, region and endpoint come from the usual variables, `AWS_…`.

A process that loaded this must not fork: the threads of the library stay behind.
"""

import errno
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit
from uuid import uuid4

import obstore
from msgspec import Struct
from obstore import exceptions
from obstore.store import S3Store

from app.adapters.objects.folder import temporary_file
from domain.errors import Refused

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig

BUFFER_BYTES = 2**20
"""How much of an object a reader asks for at once."""
LIST_SIZE = 1000
CLIENT: "ClientConfig" = {"connect_timeout": "5s", "timeout": "300s"}
RETRY: "RetryConfig" = {"max_retries": 3, "retry_timeout": timedelta(seconds=15)}


class RemoteObject(Struct, frozen=True):
    """An object by its name; it may not be there."""

    store: "RemoteObjects"
    path: str

    def __str__(self) -> str:
        return f"{self.store.address}/{self.path}"

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    def open(self, _mode: Literal["rb"]) -> io.BufferedReader:
        """A reader that can seek and asks for what is read, a piece at a time. Raises `FileNotFoundError`."""
        return io.BufferedReader(_PieceReader(self, self.size), BUFFER_BYTES)

    def read_bytes(self) -> bytes:
        with self.store.errors():
            return bytes(obstore.get(self.store.bucket, self.path).bytes())

    def read_range(self, start: int, end: int) -> bytes:
        with self.store.errors():
            return bytes(obstore.get_range(self.store.bucket, self.path, start=start, end=end))

    @property
    def size(self) -> int:
        with self.store.errors():
            return obstore.head(self.store.bucket, self.path)["size"]

    @property
    def changed_at(self) -> datetime:
        with self.store.errors():
            return obstore.head(self.store.bucket, self.path)["last_modified"]


class RemoteObjects:
    """A bucket, or what is under a prefix in it."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        url = urlsplit(self.address)
        endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or ""
        client: ClientConfig = {**CLIENT, "allow_http": endpoint.startswith("http://")}
        prefix = url.path.strip("/") or None
        self.bucket = S3Store(url.netloc, prefix=prefix, client_options=client, retry_config=RETRY)

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Turns errors of the library into `OSError`. One that is missing is a `FileNotFoundError` already."""
        try:
            yield
        except exceptions.BaseError as e:
            raise OSError(errno.EIO, f"The storage {self.address} does not do what it should: {_first_line(e)}") from e

    @contextmanager
    def temporary(self, folder: str) -> Iterator[Path]:
        import tempfile

        with tempfile.TemporaryDirectory(prefix="uptake-") as here, temporary_file(Path(here) / folder) as file:
            yield file

    def move_in(self, file: Path, name: str) -> None:
        with self.errors(), file.open("rb") as stream:
            self._create(name, stream)

    def put(self, name: str, content: bytes) -> None:
        with self.errors():
            self._create(name, content)

    def _create(self, name: str, content: "io.BufferedReader | bytes") -> None:
        """In one request, with If-None-Match, so that no object is ever replaced by another."""
        with suppress(exceptions.AlreadyExistsError):
            obstore.put(self.bucket, name, content, mode="create", use_multipart=False)

    def item(self, name: str) -> RemoteObject:
        return RemoteObject(self, name)

    def has(self, name: str) -> bool:
        try:
            return self.item(name).size >= 0
        except FileNotFoundError:
            return False

    def remove(self, name: str) -> bool:
        was_there = self.has(name)
        with self.errors():
            obstore.delete(self.bucket, name)
        return was_there

    def names(self, folder: str, after: str = "") -> Iterator[str]:
        with self.errors():
            for page in obstore.list(self.bucket, f"{folder}/", offset=after or None, chunk_size=LIST_SIZE):
                yield from (item["path"] for item in page)

    def check(self) -> None:
        probe = f"probe/{uuid4()}"
        try:
            obstore.put(self.bucket, probe, b"probe", mode="create", use_multipart=False)
            if bytes(obstore.get(self.bucket, probe).bytes()) != b"probe":
                raise Refused(f"The storage {self.address} does not return what was stored. Choose another.")
            if self._replaces(probe):
                raise Refused(f"The storage {self.address} has no conditional writes (If-None-Match). Choose another.")
            obstore.delete(self.bucket, probe)
            next(iter(obstore.list(self.bucket, "probe/", chunk_size=1)), None)
        except (exceptions.BaseError, FileNotFoundError) as e:
            raise Refused(self._why(e)) from None

    def _replaces(self, name: str) -> bool:
        """Whether the storage overwrites an object although it was asked not to."""
        try:
            obstore.put(self.bucket, name, b"other", mode="create", use_multipart=False)
        except exceptions.AlreadyExistsError:
            return False
        return True

    def _why(self, error: Exception) -> str:
        bucket, text = urlsplit(self.address).netloc, str(error)
        if isinstance(error, (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError)):
            return (
                f"The storage {self.address} does not let Uptake write, read, delete and list with these credentials. "
                "Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and what they permit in the bucket."
            )
        if "NoSuchBucket" in text:
            return f"There is no bucket {bucket}. Make it, or correct UPTAKE_OBJECTS."
        return (
            f"The storage {self.address} cannot be used: {_first_line(error)}. Check AWS_ENDPOINT_URL, AWS_REGION and "
            "whether it answers."
        )


class _PieceReader(io.RawIOBase):
    """Reads pieces of an object."""

    def __init__(self, item: RemoteObject, size: int) -> None:
        self._item, self._size, self._at = item, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        end = min(self._size, self._at + len(buffer))
        if end <= self._at:
            return 0
        piece = self._item.read_range(self._at, end)
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0].rstrip(".:")
