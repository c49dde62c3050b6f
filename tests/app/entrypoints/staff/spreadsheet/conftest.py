"""An empty installation with an administrator."""

import pytest
from flask import Flask

from app.bootstrap.flask_app import create_app
from app.services.accounts.permissions import StaffRole
from app.services.container import Services
from tests.support.staff_client import Member
from tests.support.staff_forms import add_member


@pytest.fixture
def empty(services: Services, hashing_cost: None) -> Flask:
    return create_app(services)


@pytest.fixture
def ada(empty: Flask, services: Services) -> Member:
    return add_member(empty, services, "ada", StaffRole.ADMINISTRATOR)
