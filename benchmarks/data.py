"""Generated registers of any size, as bundles and stores."""

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from app.adapters.settings import Settings
from app.bootstrap.container import build_services
from app.services.bundles.event_builder import EventBuilder
from app.services.bundles.import_plan import ImportPlan
from app.services.bundles.rows import AssessmentRow, Bundle, EvidenceRow, RecommendationRow, WithdrawalRow
from app.services.bundles.writing import write_bundle
from app.services.container import Services
from domain.codes import Kind, Reason, SourceClass, Status
from domain.values import (
    Assessment,
    Body,
    EvidenceFacts,
    EvidenceText,
    Publication,
    RecommendationFacts,
    RegisterSettings,
)

PARTS = 20
"""In how many parts a large register is imported."""
WITHDRAWN_EVERY = 3
"""Of one in so many recommendations the last assessment is withdrawn."""
FIRST_DAY = date(2014, 1, 1)
STATUSES = (Status.ANNOUNCED, Status.IN_PROGRESS, Status.PARTLY, Status.IN_PROGRESS, Status.PARTLY, Status.SUPERSEDED)


def make_bundle(name: str, recommendations: int, assessments: int, *, published: bool = False) -> Bundle:
    """A valid register with `assessments` for each recommendation; if `published`, each has its own instant."""
    from app.services.bundles import rows

    randomness = random.Random(name)
    recommendation_rows, assessment_rows, withdrawal_rows = [], [], []
    for n in range(recommendations):
        rec = f"rec-{n:06d}"
        recommended_on = FIRST_DAY + timedelta(days=randomness.randrange(700))
        facts = RecommendationFacts(
            id=rec,
            title=f"Recommendation {n}",
            summary="A sentence that says what is asked of whom, and by when it should be so.",
            kind=Kind.CONTINUING,
            theme=f"theme-{n % 60:02d}",
            addressees=("body",),
            publication="report",
            recommended_on=recommended_on.isoformat(),
        )
        at = datetime(recommended_on.year, recommended_on.month, recommended_on.day, tzinfo=UTC)
        recommendation_rows.append(RecommendationRow(0, facts, at if published else None))
        day = recommended_on
        for k in range(assessments):
            day += timedelta(days=randomness.randrange(30, 500))
            day = min(day, date(2026, 1, 1) + timedelta(days=k))
            assessment = Assessment(
                id=f"{rec}-{k}",
                status=STATUSES[(n + k) % len(STATUSES)],
                effective_on=day.isoformat(),
                reason=Reason.FIRST_ASSESSMENT if k == 0 else Reason.WORLD_CHANGED,
                rationale="A sentence or two that say why the status is this one, and not the next one.",
                evidence=("official", "news"),
                proposed_by="ana",
            )
            instant = (
                datetime(day.year, day.month, day.day, 12, tzinfo=UTC) + timedelta(seconds=k) if published else None
            )
            assessment_rows.append(AssessmentRow(0, assessment, rec, "ben", instant))
            if k == assessments - 1 and n % WITHDRAWN_EVERY == 0:
                later = instant + timedelta(hours=1) if instant else None
                withdrawal_rows.append(WithdrawalRow(0, assessment.id, "", "It named another law.", later, "ben"))
    evidence = [
        EvidenceRow(
            0,
            EvidenceFacts(id=ident, publisher=ident, source_class=kind),
            EvidenceText(title=f"Title of {ident}", summary="What it says."),
        )
        for ident, kind in (("official", SourceClass.OFFICIAL), ("news", SourceClass.NEWS))
    ]
    return Bundle(
        settings=RegisterSettings(id=name, title=f"Register {name}"),
        publications=(rows.PublicationRow(0, Publication(id="report", title="R", publisher="P", published_on="2013")),),
        bodies=(rows.BodyRow(0, Body(id="body", name="Body")),),
        recommendations=tuple(recommendation_rows),
        assessments=tuple(assessment_rows),
        withdrawals=tuple(withdrawal_rows),
        evidence=tuple(evidence),
    )


def write_files(bundle: Bundle, folder: Path) -> Path:
    """The bundle as files."""
    write_bundle(bundle, folder)
    return folder


def create_store(folder: Path) -> Services:
    return build_services(Settings(data_dir=folder), create=True)


def fill_store(services: Services, recommendations: int, assessments: int, *, name: str = "big") -> None:
    """Import one large register in parts: each part adds rows to what is stored."""
    whole = make_bundle(name, recommendations, assessments, published=True)
    size = max(1, recommendations // PARTS)
    now = services.clock()
    stored = None
    for start in range(0, recommendations, size):
        in_portion = whole.assessments[start * assessments : (start + size) * assessments]
        ids = {row.fact.id for row in in_portion}
        portion = replace(
            whole,
            recommendations=whole.recommendations[start : start + size],
            assessments=in_portion,
            withdrawals=tuple(row for row in whole.withdrawals if row.assessment in ids),
        )
        plan = ImportPlan(portion, stored, {}, is_open=False, now=now)
        assert not plan.problems, plan.problems[:3]
        loading = EventBuilder(services, plan, now, by="import")
        services.tracker.import_events(loading.events, loading.claims, loading.records)
        stored = replace(portion, recommendations=(), assessments=(), withdrawals=())
    services.catch_up()
