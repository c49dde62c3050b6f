"""What can be done with a register and its publications, bodies and themes."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Self

from domain.amendments import amendment_refusals
from domain.errors import NotFound, Refusal, Refused, refusal, refuse
from domain.ids import register_id
from domain.methodology.versions import methodology_of
from domain.register.events import (
    BodyAmended,
    BodyMerged,
    BodyNamed,
    BodyRemoved,
    LogoSet,
    PublicationAdded,
    PublicationAmended,
    PublicationRemoved,
    RegisterAmended,
    RegisterDiscarded,
    RegisterEstablished,
    RegisterEvent,
    RegisterOpened,
    ThemeAmended,
    ThemeNamed,
    ThemeRemoved,
)
from domain.register.logo_rules import logo_refusals, stored_logo
from domain.register.publisher_rules import normal_settings
from domain.register.settings_rules import opening_refusals, settings_refusals
from domain.register.state import RegisterState
from domain.times import first_day, shown
from domain.values import Body, BodyMerge, Logo, Publication, RegisterSettings, Theme

Part = RegisterSettings | Theme | Publication | Body


def _refuse_unknown(ident: str, known: Mapping[str, Part]) -> None:
    if ident not in known:
        raise NotFound(refusal("There is nothing called “{id}” here.", id=ident))


class Register(RegisterState):
    @classmethod
    def establish(
        cls,
        settings: RegisterSettings,
        by: str,
        opened_elsewhere_at: datetime | None = None,
        stream: Self | None = None,
    ) -> Self:
        """Create a register, in the stream of a discarded one with the same id if there is one.

        `opened_elsewhere_at` is for an imported one that was open before.
        """
        methodology_of(settings.methodology)  # refuses an unknown version
        settings = normal_settings(settings)
        refuse(settings_refusals(settings))
        register = stream or cls.begin(register_id(settings.id))
        register.settings = settings
        register._record(RegisterEstablished, by, settings=settings, opened_elsewhere_at=opened_elsewhere_at)
        return register

    def name_theme(self, theme: Theme, by: str) -> None:
        if theme.id in self.themes:
            raise Refused(refusal("There is already a theme “{id}”.", id=theme.id))
        self._record(ThemeNamed, by, theme=theme)

    def add_publication(self, publication: Publication, by: str) -> None:
        if publication.id in self.publications:
            raise Refused(refusal("There is already a publication “{id}”.", id=publication.id))
        self._record(PublicationAdded, by, publication=publication)

    def name_body(self, body: Body, by: str) -> None:
        if body.id in self.bodies:
            raise Refused(refusal("There is already a body “{id}”.", id=body.id))
        self._record(BodyNamed, by, body=body)

    def set_logo(self, logo: Logo, by: str) -> None:
        """Give the register a logo, or remove it with one that has no picture."""
        refuse(logo_refusals(logo))
        logo = stored_logo(logo)
        if logo == self.logo:
            raise Refused(refusal("You have not changed anything."))
        self._record(LogoSet, by, logo=logo)

    # Removing, while it is prepared

    def remove_theme(self, theme: str, by: str) -> None:
        _refuse_unknown(theme, self.themes)
        self._record(ThemeRemoved, by, theme=theme)

    def remove_publication(self, publication: str, by: str) -> None:
        _refuse_unknown(publication, self.publications)
        self._record(PublicationRemoved, by, publication=publication)

    def remove_body(self, body: str, by: str) -> None:
        _refuse_unknown(body, self.bodies)
        parts = [b.id for b in self.bodies.values() if b.parent == body]
        merged = [b for b, into in self.merged_into.items() if into == body]
        for other in (*parts, *merged):
            raise Refused(refusal("“{other}” refers to “{id}”. Change or remove it first.", other=other, id=body))
        self._record(BodyRemoved, by, body=body)

    def discard(self, by: str) -> None:
        """Remove the register, which was never opened, with everything in it."""
        if self.is_open:
            raise Refused(
                refusal(
                    "The register “{id}” was opened, so it stays. Withdraw what is wrong in it.", id=self.settings.id
                )
            )
        self._record(RegisterDiscarded, by)

    def amend(self, fact: Part, by: str, why: str, checked: tuple[str, ...]) -> None:
        """Replace the fact that has the same id."""
        fact = normal_settings(fact) if isinstance(fact, RegisterSettings) else fact
        event, name, current = self._current(fact)
        before = current.get(fact.id)
        if before is None:
            raise Refused(refusal("There is nothing called “{id}” here.", id=fact.id))
        if isinstance(fact, RegisterSettings):
            methodology_of(fact.methodology)
        refusals = amendment_refusals(before, fact, why, checked, is_open=self.is_open)
        if isinstance(fact, RegisterSettings):
            refusals += settings_refusals(fact)
            refusals += opening_refusals(fact) if self.is_open and not opening_refusals(self.settings) else []
        if isinstance(fact, Body) and (problem := self._parent_problem(fact)):
            refusals.append(problem)
        refuse(refusals)
        self._record(event, by, why=why, checked=checked, **{name: fact})

    def part(self, fact: Part) -> Part | None:
        """The part that has the kind and the id of this one, as it is now."""
        return self._current(fact)[2].get(fact.id)

    def _current(self, fact: Part) -> tuple[type[RegisterEvent], str, Mapping[str, Part]]:
        match fact:
            case Theme():
                return ThemeAmended, "theme", self.themes
            case Publication():
                return PublicationAmended, "publication", self.publications
            case Body():
                return BodyAmended, "body", self.bodies
            case _:
                return RegisterAmended, "settings", {self.settings.id: self.settings}

    def _parent_problem(self, body: Body) -> Refusal | None:
        parent = self.current_body(body.parent)
        while parent and parent != body.id:
            if parent not in self.bodies:
                return refusal("There is no body “{id}” in this register.", id=parent, field="parent")
            parent = self.current_body(self.bodies[parent].parent)
        return refusal("“{id}” would be a part of itself.", id=body.id, field="parent") if parent else None

    # Merging bodies

    def merge_bodies(self, merge: BodyMerge, by: str, today: date) -> None:
        """Make a body a part of another one, under that one's name."""
        refuse(self._merge_refusals(merge, today))
        self.import_merge(merge, by)

    def import_merge(self, merge: BodyMerge, by: str, merged_at: datetime | None = None) -> None:
        """Record that bodies were merged, as an imported record has it. The importer has checked the rules."""
        self._record(BodyMerged, by, merge=merge, merged_at=merged_at)

    def merged(self, body: str) -> list[Refusal]:
        """Why a body cannot be named as it was: it was merged into another one."""
        if body not in self.merged_into:
            return []
        return [refusal("“{id}” was merged into “{into}”. Name “{into}”.", id=body, into=self.current_body(body))]

    def _merge_refusals(self, merge: BodyMerge, today: date) -> Iterator[Refusal]:
        for name in ("body", "into"):
            ident = getattr(merge, name)
            if ident not in self.bodies:
                yield refusal("There is no body “{id}” in this register.", id=shown(ident), field=name)
            yield from (problem.about(name) for problem in self.merged(ident))
        if merge.body == merge.into:
            yield refusal("A body cannot be merged into itself. Choose another one.", field="into")
        elif merge.body in self._parents_of(merge.into):
            yield refusal(
                "“{into}” is a part of “{body}”. Merge the part into the whole, or change its parent first.",
                into=merge.into,
                body=merge.body,
                field="into",
            )
        try:
            if first_day(merge.on) > today:
                yield refusal(
                    "{day} is after today, {today}. Enter a day that has come.",
                    day=merge.on,
                    today=today.isoformat(),
                    field="on",
                )
        except Refused as refused:
            yield refused.refusals[0].about("on")
        if not merge.why.strip():
            yield refusal("Enter why they are merged. The reason is public.", field="why")

    def _parents_of(self, body: str) -> list[str]:
        """The bodies above a body, the nearest first."""
        parents: list[str] = []
        while body in self.bodies and (body := self.current_body(self.bodies[body].parent)) and body not in parents:
            parents.append(body)
        return parents

    def open(self, origin: str, by: str, *, without_keeper: bool = False) -> None:
        """Make it public. `without_keeper` permits settings that name no keeper or no licence."""
        if self.is_open:
            raise Refused(refusal("The register “{id}” is already open.", id=self.settings.id))
        if not without_keeper:
            refuse(opening_refusals(self.settings))
        self._record(RegisterOpened, by, origin=origin, opened_at=self.opened_elsewhere_at)

    def _record(self, event: type[RegisterEvent], by: str, **fields: object) -> None:
        self.trigger(event, by, None, register=self.settings.id, **fields)
