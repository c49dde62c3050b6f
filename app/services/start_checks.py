"""What is checked before a process of an installation starts, so that it does not fail later."""

import subprocess
import sys

from app.adapters.database import require_direct_connection
from app.adapters.objects import is_remote, open_objects
from app.adapters.settings import Settings
from app.adapters.store_marks import require_not_moved
from app.services.installation_keys import require_same_keys
from domain.errors import Refused

CHECK_TIMEOUT_SECONDS = 90


def check_installation(settings: Settings) -> None:
    """Check the connection to PostgreSQL, a mark of the store, the keys and the store of objects. Raises `Refused`."""
    require_direct_connection(settings)
    require_not_moved(settings)
    require_same_keys(settings)
    check_objects(settings)


def check_objects(settings: Settings) -> None:
    """Check the store of objects; a remote one in a process of its own, so that this one can still fork."""
    if not is_remote(settings):
        open_objects(settings).check()
        return
    command = [sys.executable, "-m", "app.adapters.objects.remote_check", settings.objects]
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=CHECK_TIMEOUT_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise Refused(f"The storage {settings.objects} does not answer. Check AWS_ENDPOINT_URL.") from None
    if run.stdout or run.returncode:
        last = (run.stderr.strip().splitlines() or ["no reason was given"])[-1]
        raise Refused(run.stdout or f"The storage {settings.objects} cannot be used: {last}")
