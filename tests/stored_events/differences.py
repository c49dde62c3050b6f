"""What an older sample reads differently than the newest one of its event: the work of its upcasts."""

from tests.stored_events.samples import Differences

DIFFERENCES: Differences = {}
