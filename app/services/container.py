"""What the entrypoints use: the record, the accounts of staff, and the stored copies of sources."""

import os
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from app.adapters.blob_store import BlobStore
from app.adapters.fetcher import Fetcher
from app.adapters.memory import Memory
from app.adapters.objects import COPIES, open_objects
from app.adapters.record import Record
from app.adapters.settings import Settings
from app.services.accounts.actors import Actor, Person, authorize
from app.services.site_state import SiteState, unsettled_stamps
from domain.application import Tracker
from domain.batch import BatchRefused
from domain.commands import Command, StateRelation
from domain.errors import Refused
from domain.handlers.lineage import unknown_register
from domain.ids import register_id
from domain.recommendation.lineage import target_of
from domain.register.aggregate import Register
from projections.engine.position import LogPosition, position_of
from projections.engine.private_files import make_private_folder
from projections.engine.views import Views
from projections.public_states.queries import PublicStateMap, all_public_states

if TYPE_CHECKING:
    from app.services.accounts.database import Database


class Services(Record):
    """One installation. Accounts and copies are opened on first use."""

    def __init__(
        self,
        settings: Settings,
        tracker: Tracker,
        views: Views,
        clock: Callable[[], datetime],
        open_accounts: Callable[[Settings], "Database"],
        release: Callable[[], None] = lambda: None,
    ) -> None:
        """`release` says that this process no longer uses the store."""
        super().__init__(settings, tracker, views, clock)
        self._release = release
        self._open_accounts = open_accounts
        self.fetcher = Fetcher()
        self.memory = Memory()
        self._states: tuple[LogPosition, PublicStateMap] | None = None

    @cached_property
    def accounts(self) -> "Database":
        """The accounts of staff, brought up to date."""
        database = self._open_accounts(self.settings)
        if not self.settings.read_only:
            database.bring_up_to_date()
        return database

    @cached_property
    def blobs(self) -> BlobStore:
        """The stored copies of sources."""
        return BlobStore(open_objects(self.settings))

    def execute_for(self, actor: Actor, command: Command, *, command_id: str = "", request_digest: str = "") -> str:
        """Carry out a command if the actor's role permits it. Raises `NotAllowed` and what `execute` raises."""
        self._authorize(actor, command)
        return self.execute(command, by=actor.id, command_id=command_id, request_digest=request_digest)

    def execute_all_for(self, actor: Actor, commands: Sequence[Command]) -> None:
        """Carry out several commands, or none. Raises `NotAllowed` and what `execute_all` raises."""
        for index, command in enumerate(commands):
            try:
                self._authorize(actor, command)
            except Refused as refused:
                raise BatchRefused({index: refused}) from None
        self.execute_all(commands, by=actor.id)

    def check_for(self, actor: Actor, commands: Sequence[Command]) -> None:
        """Validate commands as `execute_all_for` does; store nothing. A single refused one raises its own refusal."""
        for command in commands:
            self._authorize(actor, command)
        try:
            self.check_all(commands, by=actor.id)
        except BatchRefused as batch:
            raise batch.by_index[0] if len(commands) == 1 else batch from None

    def _authorize(self, actor: Actor, command: Command) -> None:
        """Raise `NotAllowed`; or `Refused` for a relation to a register that the actor must not know of."""
        authorize(actor, type(command), command.register)
        if isinstance(command, StateRelation):
            other = target_of(command.register, command.relation.to).register
            if other not in ("", command.register) and isinstance(actor, Person) and not actor.may("read", other):
                register = self.tracker.find(Register, register_id(other))
                if register and not register.is_open:
                    raise Refused(unknown_register(other))

    def public_state(self) -> SiteState:
        """What public pages depend on at this moment. Reads the states of registers only after a new event."""
        if self._states is None or self._states[0] != self.views.position():
            with self.views.connect() as db:
                self._states = position_of(db), all_public_states(db)
        position, states = self._states
        return SiteState(position, states, unsettled_stamps(position, states, self.clock()), *self._names_and_mark())

    def _names_and_mark(self) -> tuple[dict[str, str], str]:
        """The names that people chose, and a text that changes with the copies and notes of sources."""
        if self.settings.database_url:
            return self.accounts.public_names_and_mark()
        folder = self._marked_folder
        return self.public_names(), str(folder.stat().st_mtime_ns) if folder.is_dir() else ""

    def mark_copies_changed(self) -> None:
        """Signal to every process that copies or notes of sources changed, so that it shows them as they are now."""
        if self.settings.database_url:
            self.accounts.change_mark()
            return
        make_private_folder(self._marked_folder)
        os.utime(self._marked_folder)

    @property
    def _marked_folder(self) -> Path:
        """On one machine, its time of modification says when copies or notes changed."""
        return self.settings.data_dir / COPIES

    def public_names(self) -> dict[str, str]:
        """The names that people chose to show in public, by person id."""
        return self.accounts.public_names()

    def close(self) -> None:
        if "accounts" in self.__dict__:
            self.accounts.close()
        super().close()
        self._release()
