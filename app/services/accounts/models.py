"""The tables of accounts. They are personal data, apart from the log, and a person's rows can be removed."""

from datetime import datetime

from flask_security.models import sqla
from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


sqla.FsModels.set_db_info(base_model=Base, user_table_name="people", role_table_name="unused_roles")


class Role(Base, sqla.FsRoleMixin):  # type: ignore[misc]
    """The sign-in library asks for it; roles here belong to a register, see `Membership`."""

    __tablename__ = "unused_roles"


class WebAuthn(Base, sqla.FsWebAuthnMixin):  # type: ignore[misc]
    __tablename__ = "webauthn"


class User(Base, sqla.FsUserMixin):  # type: ignore[misc]
    """An account. `person` is the id that events hold, and says nothing about who it is.

    The library's `confirmed_at` is when a provider of sign-in first vouched for the address.
    """

    __tablename__ = "people"

    person: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    shows_name: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(8), default="en")
    memberships: Mapped[list["Membership"]] = relationship(cascade="all, delete-orphan", lazy="selectin")

    @property
    def is_invited(self) -> bool:
        """Whether they have never been here: nothing is known yet with which they could sign in."""
        return not self.password and not self.confirmed_at


class Membership(Base):
    """A person's role in a register; the register `*` stands for all."""

    __tablename__ = "memberships"

    user_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    register: Mapped[str] = mapped_column(String(80), primary_key=True)
    role: Mapped[str] = mapped_column(String(20))


class LoginSession(Base):
    """A session on one device; it ends when it is revoked, whatever the device still holds."""

    __tablename__ = "seats"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    device: Mapped[str] = mapped_column(String(300), default="")
    ended_at: Mapped[datetime | None]

    __table_args__ = (Index("seats_by_person", "user_id"),)


class OneTimeLink(Base):
    """A link that is used once: an invitation, or the set-up of the first administrator."""

    __tablename__ = "links"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Identity(Base):
    """Who somebody is at a provider of sign-in; an account has one there."""

    __tablename__ = "identities"

    issuer: Mapped[str] = mapped_column(String(300), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    bound_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("user_id", "issuer"),)


class LoginAttempt(Base):
    """A sign-in that failed, kept for as long as it counts against the next."""

    __tablename__ = "tries"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]

    __table_args__ = (Index("tries_by_key", "key", "at"),)


class Token(Base):
    """A key for the API: what it may do, until when. Only its digest is kept."""

    __tablename__ = "tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    scopes: Mapped[str] = mapped_column(String(200))
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("user_id", "name"),)


class FormerName(Base):
    """The name under which somebody who has left is still shown, unless they asked for it to be erased."""

    __tablename__ = "former_names"

    person: Mapped[str] = mapped_column(String(80), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))


class Assignment(Base):
    """A recommendation that somebody was asked to look at; `by` is the id of the person who asked."""

    __tablename__ = "assignments"

    register: Mapped[str] = mapped_column(String(80), primary_key=True)
    recommendation: Mapped[str] = mapped_column(String(80), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]

    __table_args__ = (Index("assignments_by_person", "user_id"),)
