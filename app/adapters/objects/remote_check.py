"""Checks remote objects in a process of its own: `python -m app.adapters.objects.remote_check s3://bucket/prefix`.

Prints what is wrong, or nothing. A server that forks its web processes must not load the library itself.
"""

import sys

from app.adapters.objects import open_objects
from app.adapters.settings import Settings
from domain.errors import Refused


def main(address: str) -> None:
    try:
        open_objects(Settings(objects=address)).check()
    except Refused as refused:
        sys.stdout.write(str(refused))


if __name__ == "__main__":
    main(sys.argv[1])
