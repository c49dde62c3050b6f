"""Importing: all of a bundle or nothing, twice the same, added rows only, and the round trip."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from app.services.bundles.importing import ImportOptions, export_register, import_bundle
from app.services.bundles.row_verdicts import RowVerdict
from app.services.bundles.writing import write_bundle
from app.services.container import Services
from domain import commands as c
from domain.codes import Reason, Status
from domain.errors import Refused
from domain.values import Assessment
from projections.scorecards.comparison import compare
from projections.scorecards.queries import counts, standings
from projections.scorecards.results import TimePair
from tests.support.bundles import change, import_problems, write_small_bundle


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return write_small_bundle(tmp_path / "small")


def status(services: Services, recommendation: str, day: str) -> str | None:
    with services.views.connect() as db:
        status_now = standings(db, "small", TimePair(date.fromisoformat(day), services.clock()), recommendation)
    return status_now[recommendation].status.value if status_now else None


def test_a_bundle_is_stored_and_answers(either: Services, small: Path) -> None:
    outcome = import_bundle(either, small, ImportOptions())
    assert (outcome.register, outcome.stored, outcome.legacy) == ("small", 33, ())
    assert [status(either, "post", day) for day in ("2023-09-14", "2023-10-13", "2024-12-01", "2026-01-01")] == [
        "not_assessed",
        "partly",
        "in_effect",
        "reversed",
    ]


def test_the_same_bundle_twice_changes_nothing(services: Services, small: Path) -> None:
    import_bundle(services, small, ImportOptions())
    before = services.log.last()
    services.clock.go_on(days=1)  # type: ignore[attr-defined]
    outcome = import_bundle(services, small, ImportOptions())
    assert (outcome.stored, services.log.last()) == (0, before)
    assert {v.verdict for v in outcome.verdicts} == {"stored already"}


def test_an_added_row_adds_just_that(services: Services, small: Path) -> None:
    import_bundle(services, small, ImportOptions())
    row = "law-2,law"
    new = "law-4,law,,in_progress,2025-05,world_changed,,,,A hearing was held.,,oath,ana,ben,,,,\nlaw-2,law"
    change(small, "assessments.csv", row, new)
    services.clock.go_on(days=1)  # type: ignore[attr-defined]
    assert import_bundle(services, small, ImportOptions()).stored == 1
    assert status(services, "law", "2026-01-01") == "in_progress"


def test_a_row_stored_with_other_content_names_both(services: Services, small: Path) -> None:
    import_bundle(services, small, ImportOptions())
    change(small, "recommendations.csv", "Renew the law", "Renew the act")
    change(small, "assessments.csv", "A bill was filed.", "A bill was drafted.")
    assert import_problems(services, small) == [
        "recommendations.csv, line 3, column title: “law” is stored with other content: “Renew the law”, not “Renew "
        "the act”. An import adds; to change what is stored, choose to amend it (--update).",
        "assessments.csv, line 7, column rationale: “law-2” is stored with other content: “A bill was filed.”, not “A "
        "bill was drafted.”. An import adds; to change what is stored, use a command.",
    ]


def test_a_dry_run_gives_each_rows_verdict_and_stores_nothing(services: Services, small: Path) -> None:
    change(small, "assessments.csv", "law-2,law,,announced", "law-2,law,,in_effect")
    outcome = import_bundle(services, small, ImportOptions(dry_run=True))
    assert services.log.last() == (0, 0)
    verdicts = {(v.file, v.id): v for v in outcome.verdicts}
    assert verdicts["themes.csv", "offices"].verdict == "new"
    assert verdicts["cards.csv", "talks"].verdict == "draft"
    assert verdicts["assessments.csv", "law-2"] == RowVerdict(
        "assessments.csv",
        7,
        "law-2",
        "refused",
        (
            "status: “In effect” does not fit an item of the kind “one-off”. Use “implemented” (rule 1).",
            "evidence: “in_effect” needs at least medium confidence: one primary source, or two independent sources of "
            "different publishers (rule 8).",
        ),
    )


def test_rows_that_break_a_rule_are_marked_when_that_is_wanted(services: Services, small: Path) -> None:
    change(small, "assessments.csv", "reversed,2025-01,world_changed,office_vacant", "no_action,2025-01,world_changed,")
    problems = import_problems(services, small)
    assert problems == [
        "assessments.csv, line 5, column status: An item cannot go from “in_effect” to “no_action”. Use “reversed”, "
        "or say that you correct an error or the method (rule 4).",
        "assessments.csv, line 5, column evidence: “No action found” needs a recorded search that found nothing, or a primary source that confirms it (rule 8).",
    ]
    outcome = import_bundle(services, small, ImportOptions(allow_legacy=True))
    assert outcome.legacy == ("post-kept-3",)
    with services.views.connect() as db:
        assert counts(db, "small", TimePair(date(2026, 1, 1), services.clock())).legacy == 1


def test_not_assessed_is_not_even_stored_as_legacy(services: Services, small: Path) -> None:
    change(small, "assessments.csv", "law-1,law,,no_action", "law-1,law,,not_assessed")
    assert import_problems(services, small, allow_legacy=True) == [
        "assessments.csv, line 6, column status: “Not assessed” is never published (rule 5)."
    ]


def test_even_a_refused_row_counts_as_published_for_the_next(services: Services, small: Path) -> None:
    change(small, "assessments.csv", "law-1,law,,no_action", "law-1,law,,implemented")
    assert all("law-2" not in p and "line 7" not in p for p in import_problems(services, small) if "rule 2" in p)


def test_drafts_are_approved_on_request_and_missing_cards_say_so(services: Services, small: Path) -> None:
    change(small, "cards.csv", "law,,Enactment.,,A draft.,,,ana,ben,\n", "")
    import_bundle(services, small, ImportOptions(approve_cards="cem"))
    bundle = export_register(services, "small")
    by_item = {(r.recommendation, r.fact.element): r for r in bundle.cards}
    assert by_item["talks", ""].approved_by == "cem"
    assert by_item["law", ""].fact.counts == "No card was written for this item before its first assessment."
    assert by_item["post", "funded"].approved_by == "cem"
    assert import_bundle(services, small, ImportOptions(approve_cards="cem")).stored == 0


def test_an_author_does_not_approve_the_own_card(services: Services, small: Path) -> None:
    assert import_problems(services, small, approve_cards="ana") == [
        "cards.csv, line 5, column author: its author cannot approve it (rule 10)."
    ]


INSTANTS = {
    "recommendations.csv": [
        (",explicit,,\n", ",explicit,,2023-09-15T00:00:00Z\n"),
        ("2023-09,,,,\n", "2023-09,,,,2023-09-15T00:00:00Z\n"),
    ],
    "assessments.csv": [
        ("oath;story,ana,ben,,,,\n", "oath;story,ana,ben,,,,2023-10-14T00:00:00Z\n"),
        (
            "Nothing was found.,,search,ana,ben,,,,\n",
            "Nothing was found.,,search,ana,ben,,,,2023-10-01T09:00:00+09:00\n",
        ),
    ],
}


def with_instants(folder: Path) -> Path:
    for file, pairs in INSTANTS.items():
        for old, new in pairs:
            change(folder, file, old, new)
    return folder


def test_a_record_kept_elsewhere_brings_its_instants_while_preparing(services: Services, small: Path) -> None:
    import_bundle(services, with_instants(small), ImportOptions())
    with services.views.connect() as db:
        at = TimePair(date(2023, 10, 13), datetime.fromisoformat("2023-10-13T23:00:00+00:00"))
        assert standings(db, "small", at)["post"].elements[0].status is Status.NOT_ASSESSED
        later = TimePair(date(2023, 10, 13), datetime.fromisoformat("2023-10-14T00:00:00+00:00"))
        assert standings(db, "small", later)["post"].elements[0].status is Status.IMPLEMENTED


def test_opening_closes_that_door_for_new_rows_only(services: Services, small: Path) -> None:
    import_bundle(services, with_instants(small), ImportOptions())
    services.execute(c.OpenRegister("small", origin="x"), by="ana")
    assert import_bundle(services, small, ImportOptions()).stored == 0
    change(
        small,
        "assessments.csv",
        "law-2,law",
        "law-9,law,,in_progress,2025-05,world_changed,,,,A hearing.,,oath,ana,ben,,,,2025-06-01T00:00:00Z\nlaw-2,law",
    )
    assert import_problems(services, small) == [
        "assessments.csv, line 7, column published_at: the register is open, so the store sets the time. "
        "Leave the cell empty."
    ]


def test_instants_follow_each_other_and_lie_in_the_past(services: Services, small: Path) -> None:
    with_instants(small)
    change(small, "assessments.csv", "2023-10-14T00:00:00Z", "2023-09-14T00:00:00Z")
    change(small, "withdrawals.csv", "new.,,ben", "new.,2020-01-01T00:00:00Z,ben")
    change(small, "assessments.csv", "2023-10-01T09:00:00+09:00", "2031-10-01T09:00:00+09:00")
    assert import_problems(services, small) == [
        "assessments.csv, line 6, column published_at: it is in the future.",
        "assessments.csv, line 2, column published_at: it is before its item was registered; say when that was.",
        "withdrawals.csv, line 2, column withdrawn_at: it is before there was anything to withdraw.",
    ]


def live(services: Services) -> None:
    """Some months of work on an imported register."""
    clock = services.clock

    def propose(recommendation: str, element: str, st: Status, day: str, reason: Reason, by: str = "cem") -> str:
        clock.go_on(days=3)  # type: ignore[attr-defined]
        assessment = Assessment(
            id="",
            element=element,
            status=st,
            effective_on=day,
            reason=reason,
            rationale="Worked out.",
            evidence=("oath", "leak"),
        )
        proposal = services.execute(
            c.ProposeAssessment("small", recommendation=recommendation, assessment=assessment), by=by
        )
        clock.go_on(hours=5)  # type: ignore[attr-defined]
        return proposal

    def publish(recommendation: str, proposal: str) -> None:
        services.execute(c.PublishAssessment("small", recommendation=recommendation, assessment=proposal), by="dia")

    one = propose("law", "", Status.PARTLY, "2026-03-02", Reason.WORLD_CHANGED)
    publish("law", one)
    publish("post", propose("post", "kept", Status.IN_PROGRESS, "2025-06", Reason.WORLD_CHANGED))
    publish("law", propose("law", "", Status.IN_PROGRESS, "2024-03", Reason.NEW_EVIDENCE))
    propose("law", "", Status.PARTLY, "2026-03-05", Reason.REVIEWED_NO_CHANGE)
    services.execute(c.WithdrawAssessment("small", recommendation="law", assessment=one, reason="An error."), by="dia")


def test_the_round_trip_holds_at_every_pair_of_times(
    new_services: Callable[..., Services], small: Path, tmp_path: Path
) -> None:
    original = new_services()
    import_bundle(original, with_instants(small), ImportOptions())
    original.clock.go_on(days=10)  # type: ignore[attr-defined]
    original.execute(c.OpenRegister("small", origin="x"), by="ana")
    live(original)
    write_bundle(export_register(original, "small"), tmp_path / "one.zip")
    for postgres in (False, True):
        copy = new_services(postgres=postgres)
        import_bundle(copy, tmp_path / "one.zip", ImportOptions())
        copy.execute(c.OpenRegister("small", origin="y"), by="bob")
        write_bundle(export_register(copy, "small"), tmp_path / f"again-{postgres}.zip")
        assert (tmp_path / f"again-{postgres}.zip").read_bytes() == (tmp_path / "one.zip").read_bytes()
        bundle = export_register(original, "small")
        instants = {r.published_at for r in bundle.assessments} | {r.withdrawn_at for r in bundle.withdrawals}
        instants |= {r.registered_at for r in bundle.recommendations}
        known_at = sorted(k for at in instants if at for k in (at, at - timedelta(microseconds=1)))
        days = [date(2023, 9, 1), date(2023, 9, 14), date(2023, 10, 13), date(2024, 10, 13), date(2026, 3, 4)]
        with original.views.connect() as one, copy.views.connect() as other:
            for k in known_at:
                for day in days:
                    pair = TimePair(day, k)
                    assert standings(one, "small", pair) == standings(other, "small", pair)
                    assert counts(one, "small", pair) == counts(other, "small", pair)
            first, last = TimePair(days[1], known_at[3]), TimePair(days[-1], known_at[-1])
            assert compare(one, "small", first, last) == compare(other, "small", first, last)


def test_drafts_and_proposals_are_never_exported(services: Services, small: Path, tmp_path: Path) -> None:
    import_bundle(services, small, ImportOptions())
    live(services)
    write_bundle(export_register(services, "small"), tmp_path / "out")
    assessments = (tmp_path / "out" / "assessments.csv").read_text(encoding="utf-8")
    assert "2026-03-05" not in assessments
    assert "talks,," not in (tmp_path / "out" / "cards.csv").read_text(encoding="utf-8")


def test_an_element_added_later_keeps_its_own_instant(services: Services, small: Path, tmp_path: Path) -> None:
    import_bundle(services, small, ImportOptions())
    change(small, "elements.csv", "post,funded", "talks,opened,Opened,,outcome,yes,They began.,\npost,funded")
    change(small, "cards.csv", "talks,,", "talks,opened,")
    services.clock.go_on(days=2)  # type: ignore[attr-defined]
    import_bundle(services, small, ImportOptions())
    write_bundle(export_register(services, "small"), tmp_path / "out")
    line = next(x for x in (tmp_path / "out" / "elements.csv").read_text().splitlines() if x.startswith("talks"))
    assert line.endswith("2026-03-03T12:00:00.000000Z")


def test_the_place_to_export_to_must_be_new(services: Services, small: Path) -> None:
    import_bundle(services, small, ImportOptions())
    with pytest.raises(Refused, match="already exists. Name a new place."):
        write_bundle(export_register(services, "small"), small)
    with pytest.raises(Refused, match="There is no register “nowhere”."):
        export_register(services, "nowhere")
