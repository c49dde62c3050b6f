"""The tables of accounts: personal data, separate from the log, which can be deleted."""

from datetime import UTC, datetime

from flask_security import AsaList
from flask_security.models import sqla
from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


AsaList.cache_ok = True  # the library's column type of recovery codes, which has no state
sqla.FsModels.set_db_info(base_model=Base, user_table_name="people", role_table_name="unused_roles")


class Role(Base, sqla.FsRoleMixin):
    """Required by the sign-in library and not used. See `Membership`."""

    __tablename__ = "unused_roles"


class WebAuthn(Base, sqla.FsWebAuthnMixin):
    __tablename__ = "webauthn"


class User(Base, sqla.FsUserMixin):
    """An account. `person` is the opaque id used in events.

    The library's `confirmed_at` is when a sign-in provider first verified the address.
    """

    __tablename__ = "people"

    person: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    shows_name: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(8), default="en")
    uses_shortcuts: Mapped[bool] = mapped_column(default=True)
    last_totp_step: Mapped[int | None]
    """The time step of the last code from an authenticator app that was accepted; earlier codes are refused."""
    memberships: Mapped[list["Membership"]] = relationship(cascade="all, delete-orphan", lazy="selectin")

    @property
    def is_invited(self) -> bool:
        """Whether the person was invited and has not set up a way to sign in yet."""
        return not self.password and not self.confirmed_at


class Membership(Base):
    """A person's role in a register; `*` means all registers."""

    __tablename__ = "memberships"

    user_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    register: Mapped[str] = mapped_column(String(80), primary_key=True)
    role: Mapped[str] = mapped_column(String(20))


class LoginSession(Base):
    """A session on one device, which the server can end."""

    __tablename__ = "seats"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    device: Mapped[str] = mapped_column(String(300), default="")
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(String(20), default="")

    __table_args__ = (Index("seats_by_person", "user_id"),)

    @property
    def signed_in_at(self) -> datetime:
        return self.began_at.replace(tzinfo=UTC)


class OneTimeLink(Base):
    """A link for one use. It ended at `used_at`, by use or for another reason.

    `made_by` is the id of the person who made it; empty for the operator. Only its receiver knows a link that
    `is_mailed`.
    """

    __tablename__ = "links"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    made_by: Mapped[str] = mapped_column(String(80))
    is_mailed: Mapped[bool] = mapped_column(default=False)
    kind: Mapped[str] = mapped_column(String(20), default="welcome")
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(String(20), default="")


class Identity(Base):
    """A person's identity at a sign-in provider; an account has at most one per provider."""

    __tablename__ = "identities"

    issuer: Mapped[str] = mapped_column(String(300), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    bound_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("user_id", "issuer"),)


class LoginAttempt(Base):
    """A failed sign-in, stored while it counts against the limit."""

    __tablename__ = "tries"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]

    __table_args__ = (Index("tries_by_key", "key", "at"),)


class Token(Base):
    """An API token: its scopes and expiry. Only its digest is stored."""

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
    """The public name of a person who has left, unless it was erased."""

    __tablename__ = "former_names"

    person: Mapped[str] = mapped_column(String(80), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))


class Assignment(Base):
    """A recommendation assigned to a person; `by` is the id of the person who assigned it."""

    __tablename__ = "assignments"

    register: Mapped[str] = mapped_column(String(80), primary_key=True)
    recommendation: Mapped[str] = mapped_column(String(80), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]

    __table_args__ = (Index("assignments_by_person", "user_id"),)
