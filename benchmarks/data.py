"""Made-up registers of any size: bundles in memory, and stores filled with them."""

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from app.adapters.settings import Settings
from app.bootstrap.container import build_services
from app.services.bundles.rows import AssessmentRow, Bundle, EvidenceRow, RecommendationRow
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

FIRST = date(2014, 1, 1)
LADDER = (Status.ANNOUNCED, Status.IN_PROGRESS, Status.PARTLY, Status.IN_PROGRESS, Status.PARTLY, Status.SUPERSEDED)


def bundle(name: str, recommendations: int, assessments: int, *, published: bool = False) -> Bundle:
    """A valid register with `assessments` for each recommendation; if `published`, each has its own instant."""
    from app.services.bundles import rows

    chance = random.Random(name)
    made_recommendations, made_assessments = [], []
    for n in range(recommendations):
        rec = f"rec-{n:06d}"
        begun = FIRST + timedelta(days=chance.randrange(700))
        facts = RecommendationFacts(
            id=rec,
            title=f"Recommendation {n}",
            summary="A sentence that says what is asked of whom, and by when it should be so.",
            kind=Kind.CONTINUING,
            theme=f"theme-{n % 60:02d}",
            addressees=("body",),
            publication="report",
            recommended_on=begun.isoformat(),
        )
        at = datetime(begun.year, begun.month, begun.day, tzinfo=UTC)
        made_recommendations.append(RecommendationRow(0, facts, at if published else None))
        day = begun
        for k in range(assessments):
            day += timedelta(days=chance.randrange(30, 500))
            day = min(day, date(2026, 1, 1) + timedelta(days=k))
            assessment = Assessment(
                id=f"{rec}-{k}",
                status=LADDER[(n + k) % len(LADDER)],
                effective_on=day.isoformat(),
                reason=Reason.FIRST_ASSESSMENT if k == 0 else Reason.WORLD_CHANGED,
                rationale="A sentence or two that say why the status is this one, and not the next one.",
                evidence=("official", "news"),
                proposed_by="ana",
            )
            instant = (
                datetime(day.year, day.month, day.day, 12, tzinfo=UTC) + timedelta(seconds=k) if published else None
            )
            made_assessments.append(AssessmentRow(0, assessment, rec, "ben", instant))
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
        recommendations=tuple(made_recommendations),
        assessments=tuple(made_assessments),
        evidence=tuple(evidence),
    )


def written(of: Bundle, folder: Path) -> Path:
    """The bundle as files."""
    write_bundle(of, folder)
    return folder


def empty_store(folder: Path) -> Services:
    return build_services(Settings(data_dir=folder), create=True)
