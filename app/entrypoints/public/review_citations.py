"""How to cite a frozen review: in the words of its report, and as a file."""

from datetime import UTC

from msgspec import Struct

from app.entrypoints.http.urls import absolute_url, page_url
from app.entrypoints.public.citations import Citation, publisher_and_people
from app.entrypoints.public.page import Page
from app.presentation.i18n.localize import language_of, localized_text
from app.presentation.i18n.translation import _
from app.presentation.narrative.how_to_cite import CitedReview, cited_title, dates_sentence, how_to_cite
from app.presentation.narrative.keeper import build_keeper, in_language_of_page
from app.presentation.narrative.review_days import review_days
from app.services.snapshots.metadata import review_address
from app.services.snapshots.review_schedule import ReviewOccurrence
from domain.times import compact, full_day, next_second
from domain.values import RegisterSettings, Snapshot
from projections.catalogue import queries as catalogue


class ReviewCitation(Struct, frozen=True):
    """A frozen review with its register as known when it was frozen, as its report cites them."""

    page: Page
    plan: ReviewOccurrence
    snapshot: Snapshot
    origin: str
    """The publisher's host, as its package names it."""

    @property
    def settings(self) -> RegisterSettings:
        return self.page.entry.as_known(self.snapshot.known_at).settings

    @property
    def cited(self) -> CitedReview:
        return CitedReview(
            localized_text(self.settings, "title"),
            self._title(),
            self.plan.as_of,
            self.snapshot.known_at.astimezone(UTC).date().isoformat(),
            review_address(self.origin, self.page.id, self.plan.schedule.id, self.plan.as_of),
            self.snapshot.doi,
        )

    @property
    def text(self) -> str:
        """The line on the first page of the report."""
        keeper = in_language_of_page(build_keeper(self.settings, self.origin), self.settings)
        return how_to_cite(self.settings, keeper, self.cited)

    @property
    def file(self) -> Citation:
        cited, plan = self.cited, self.plan
        publisher, people = publisher_and_people(self.page.entry.as_known(self.snapshot.known_at))
        return Citation(
            key=f"uptake-{self.page.id}_{plan.schedule.id}_{plan.as_of}",
            title=f"{cited.register}. {cited.title}",
            note=f"{dates_sentence(cited)} {self._exact_words()}",
            url=absolute_url(
                page_url("public.review", register=self.page.id, review=plan.schedule.id, as_of=plan.as_of)
            ),
            known_on=self.snapshot.known_at.astimezone(UTC).date(),
            language=language_of(self.settings, "title"),
            publisher=publisher,
            people=people,
            doi=cited.doi,
        )

    def _title(self) -> str:
        day, schedules = (
            full_day(self.plan.as_of),
            catalogue.reviews(self.page.db, self.page.id, self.snapshot.known_at),
        )
        schedule = schedules.get(self.plan.schedule.id, self.plan.schedule)
        found = next((d for d in review_days([schedule], day) if d.on == day), None)
        return cited_title(found) if found else localized_text(schedule, "title")

    def _exact_words(self) -> str:
        return _(
            "Known at %(known)s. Methodology %(method)s. SHA-256 of the manifest: %(digest)s.",
            known=compact(next_second(self.snapshot.known_at)),
            method=self.settings.methodology,
            digest=self.snapshot.manifest,
        )
