"""Stories of the domain run on an event log in memory, without the application."""

import pytest

from tests.support.clock import Clock
from tests.support.uptake import BareUptake, uptake_in_memory


@pytest.fixture
def uptake(clock: Clock) -> BareUptake:
    return uptake_in_memory(clock)
