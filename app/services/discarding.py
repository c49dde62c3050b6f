"""Discards a register that was never opened, with all that is stored about it beside the log."""

from datetime import date

from sqlalchemy import MetaData, Table, delete, select
from sqlalchemy.orm import Session

from app.services.accounts.models import Membership, User
from app.services.accounts.people import Actor
from app.services.container import Services
from app.services.mapping import drafts
from app.services.mapping.models import SheetImport
from domain.commands import DiscardRegister, RemoveEvidence, RemoveRecommendation
from domain.errors import Refused, refusal
from projections.engine.batches import END_OF_TIME
from projections.lineage import queries as lineage


def discard_register(services: Services, actor: Actor, register: str) -> None:
    """Discard a register. Raises `Refused` if it was opened, or if others are related to its recommendations.

    Of the roles in it, only that of the person who discards it stays, so that no one else has rights in a later
    register with the same id. Files that this person brought stay too, to begin again with other answers.
    """
    _refuse_if_related_to(services, register)
    services.execute_for(actor, DiscardRegister(register))
    with services.accounts.work() as session:
        drafts.begin_again(session, actor.id, register)
        for table in _tables_with(session, "register"):
            if table.name not in (Membership.__tablename__, SheetImport.__tablename__):
                session.execute(delete(table).where(table.c.register == register))
        _remove_other_roles(session, actor, register)


def _refuse_if_related_to(services: Services, register: str) -> None:
    """A later register with the same id must not take over the relations of this one."""
    services.catch_up()
    with services.views.connect() as db:
        relations = lineage.of_register(db, register, date.max, END_OF_TIME)
    others = sorted(
        {f"{r.register}:{r.recommendation}" for known in relations.values() for r in known if r.register != register}
    )
    if others:
        raise Refused(
            refusal(
                "“{id}” cannot be discarded, because others are related to it: {others}. Withdraw those relations "
                "first.",
                id=register,
                others=", ".join(others),
            )
        )


def remove_evidence(services: Services, actor: Actor, command: RemoveEvidence) -> None:
    """Remove a source with its copies, notes and link checks. Raises `Refused` if something refers to it."""
    services.execute_for(actor, command)
    with services.accounts.work() as session:
        for table in _tables_with(session, "register", "evidence"):
            about = table.c.register == command.register, table.c.evidence == command.evidence
            session.execute(delete(table).where(*about))


def remove_recommendation(services: Services, actor: Actor, command: RemoveRecommendation) -> None:
    """Remove a recommendation with its comments, drafts, assignments and questions. Raises `Refused`."""
    services.execute_for(actor, command)
    with services.accounts.work() as session:
        for table in _tables_with(session, "register", "recommendation"):
            about = table.c.register == command.register, table.c.recommendation == command.recommendation
            session.execute(delete(table).where(*about))


def _tables_with(session: Session, *columns: str) -> list[Table]:
    """The tables in the database that have these columns."""
    stored = MetaData()
    stored.reflect(session.connection())
    return [t for t in stored.sorted_tables if all(column in t.c for column in columns)]


def _remove_other_roles(session: Session, actor: Actor, register: str) -> None:
    keeps = select(User.id).where(User.person == actor.id).scalar_subquery()
    of_others = Membership.register == register, Membership.user_id.is_distinct_from(keeps)
    session.execute(delete(Membership).where(*of_others))
