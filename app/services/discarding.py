"""Discards a register that was never opened, with all that is stored about it beside the log."""

from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.services.accounts.actors import Actor
from app.services.accounts.models import Membership, User
from app.services.container import Services
from app.services.locker.models import StoredFile
from app.services.mapping import drafts
from app.services.mapping.models import SheetImport
from app.services.removals.beside_sources import delete_copies, tables_with
from domain.commands import DiscardRegister, RemoveRecommendation
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
        digests = delete_copies(session, StoredFile.register == register)
        drafts.begin_again(session, actor.id, register)
        for table in tables_with(session, "register"):
            if table.name not in (Membership.__tablename__, SheetImport.__tablename__):
                session.execute(delete(table).where(table.c.register == register))
        _remove_other_roles(session, actor, register)
    for digest in digests:
        services.blobs.drop(digest)


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


def remove_recommendation(services: Services, actor: Actor, command: RemoveRecommendation) -> None:
    """Remove a recommendation with its comments, drafts, assignments and questions. Raises `Refused`."""
    services.execute_for(actor, command)
    with services.accounts.work() as session:
        for table in tables_with(session, "register", "recommendation"):
            about = table.c.register == command.register, table.c.recommendation == command.recommendation
            session.execute(delete(table).where(*about))


def _remove_other_roles(session: Session, actor: Actor, register: str) -> None:
    keeps = select(User.id).where(User.person == actor.id).scalar_subquery()
    of_others = Membership.register == register, Membership.user_id.is_distinct_from(keeps)
    session.execute(delete(Membership).where(*of_others))
