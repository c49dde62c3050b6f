"""Settings for all tests of the application."""

import pytest

from tests.support.passwords import make_hashing_cheap


@pytest.fixture(scope="session", autouse=True)
def cheap_hashing() -> None:
    make_hashing_cheap()
