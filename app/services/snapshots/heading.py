"""What a report and the descriptions of its package say first: title, numbers in a sentence, keeper."""

from collections.abc import Iterable

from msgspec import Struct

from app.presentation.i18n.labels import day_text
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.translation import _
from app.presentation.narrative.headlines import HeadlinePart, scorecard_headline
from app.presentation.narrative.how_to_cite import CitedReview, cited_title, how_to_cite
from app.presentation.narrative.keeper import Keeper, build_keeper, in_language_of_page
from app.presentation.narrative.review_days import ReviewDay
from app.services.snapshots.formats import is_in_past_tense
from app.services.snapshots.metadata import SnapshotMetadata
from domain.values import RegisterSettings
from projections.scorecards.results import Counts


class ReportHeading(Struct, frozen=True):
    """`pieces` is the headline in parts, each with the bucket it counts, or None; `how_to_cite` is one line."""

    register: str
    title: str
    pieces: list[HeadlinePart]
    keeper: Keeper
    settings: RegisterSettings
    how_to_cite: str

    @property
    def headline(self) -> str:
        return "".join(text for text, _bucket in self.pieces)


def build_heading(
    metadata: SnapshotMetadata, settings: RegisterSettings, days: Iterable[ReviewDay], counts: Counts
) -> ReportHeading:
    """Return the heading in the language of the page; `days` are the days of review up to the one of the report."""
    review = next(day for day in days if day.id == metadata.review and day.on == metadata.day)
    keeper, register = build_keeper(settings, metadata.origin), localized_text(settings, "title")
    title = cited_title(review)
    cited = CitedReview(register, title, metadata.as_of, metadata.known_at[:10], metadata.address, metadata.doi)
    return ReportHeading(
        register=register,
        title=title,
        pieces=_pieces(metadata, counts),
        keeper=keeper,
        settings=settings,
        how_to_cite=how_to_cite(settings, in_language_of_page(keeper, settings), cited),
    )


def _pieces(metadata: SnapshotMetadata, counts: Counts) -> list[HeadlinePart]:
    if not is_in_past_tense(metadata.format):
        return scorecard_headline(counts)
    return [(_("%(day)s. ", day=day_text(metadata.as_of)), None), *scorecard_headline(counts, past=True)]
