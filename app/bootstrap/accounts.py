"""Opens the accounts of staff with what other services store about a person."""

from app.adapters.settings import Settings
from app.services.accounts.database import Database, open_database
from app.services.comments.person_data import COMMENTS
from app.services.error_reports.person_data import ERROR_REPORTS
from app.services.followers.person_data import FOLLOWERS
from app.services.opinions.person_data import OPINIONS

PERSON_DATA = (COMMENTS, OPINIONS, FOLLOWERS, ERROR_REPORTS)
"""The data that is removed with a person, in addition to the account."""


def open_accounts(settings: Settings) -> Database:
    return open_database(settings, PERSON_DATA)
