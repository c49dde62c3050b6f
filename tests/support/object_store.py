"""A real server of storage that speaks S3 (SeaweedFS), on free ports of this machine, with one bucket."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError

from tests.support.processes import free_port
from tests.support.waiting import wait_until

KEY, READING_KEY, SECRET, BUCKET = "key-of-a-test", "key-of-a-reader", "secret-of-a-test", "uptake"
PARTS = ("master", "volume", "filer", "s3")


@contextmanager
def object_store(folder: Path) -> Iterator[str]:
    """The address of the server. Its files and its log are in a new folder."""
    folder.mkdir()
    ports = {part: free_port() for part in PARTS}
    rights = [
        {"name": name, "credentials": [{"accessKey": key, "secretKey": SECRET}], "actions": actions}
        for name, key, actions in (("test", KEY, ["Admin"]), ("reader", READING_KEY, ["Read", "List"]))
    ]
    (folder / "rights.json").write_text(json.dumps({"identities": rights}))
    command = [
        *(str(Path(sys.executable).with_name("weed")), "server", "-ip=127.0.0.1", f"-dir={folder}"),
        *("-master.telemetry=false", "-master.volumeSizeLimitMB=64", "-volume.max=8", "-filer", "-s3"),
        *(f"-s3.config={folder / 'rights.json'}", "-s3.port.iceberg=0", "-s3.port.lance=0"),
        *(f"-{part}.localSocket={folder / part}" for part in ("filer", "s3")),
        *(f"-{part}.port={port}" for part, port in ports.items()),
        *(f"-{part}.port.grpc={free_port()}" for part in PARTS),
    ]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        bucket = f"http://127.0.0.1:{ports['filer']}/buckets/{BUCKET}/"
        wait_until(lambda: _answers(server, bucket, "POST") == 201, waits_for="the bucket")
        address = f"http://127.0.0.1:{ports['s3']}"
        wait_until(lambda: _answers(server, address, "GET") == 403, waits_for="the storage to ask for a key")
        yield address
    finally:
        server.kill()  # an orderly stop waits for readers that a test does not have
        server.wait()


def _answers(server: "subprocess.Popen[bytes]", address: str, method: str) -> int:
    """The status of an answer, 0 without one."""
    assert server.poll() is None, "the storage ended by itself"
    try:
        with urllib.request.urlopen(urllib.request.Request(address, method=method), timeout=30) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code
    except URLError:
        return 0
