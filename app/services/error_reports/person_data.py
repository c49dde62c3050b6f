"""What reports from readers store about a person with an account."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.services.accounts.database import affected_rows
from app.services.accounts.models import User
from app.services.accounts.person_data import PersonData
from app.services.error_reports.models import ReaderContact


def _erase_address(session: Session, person: str) -> int:
    email = select(User.email).where(User.person == person).scalar_subquery()
    return affected_rows(session.execute(delete(ReaderContact).where(ReaderContact.email == email)))


ERROR_REPORTS = PersonData(leave=lambda _session, _person: None, erase=_erase_address)
