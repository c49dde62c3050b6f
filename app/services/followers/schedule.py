"""When letters are due: in the morning, where the register is kept."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from app.services.container import Services
from app.services.followers.models import Follow
from projections.catalogue import queries as catalogue

HOUR = 7


def local_time(services: Services, follows: Sequence[Follow]) -> datetime:
    """Now, in the time zone of the register that was followed first."""
    with services.views.connect() as db:
        entry = catalogue.register(db, follows[0].register)
    return services.clock().astimezone(ZoneInfo(entry.settings.time_zone if entry else "UTC"))


def next_morning(services: Services, follows: Sequence[Follow]) -> datetime:
    """When the next letter is due, if there is news by then."""
    local = local_time(services, follows)
    morning = local.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    if morning <= local:
        morning = (morning + timedelta(days=1)).replace(hour=HOUR)
    return morning.astimezone(UTC)
