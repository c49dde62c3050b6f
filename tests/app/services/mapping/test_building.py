"""What each kind of column becomes in the register: years, parts, headings, deadlines, responses, links, languages."""

from msgspec.structs import replace

from app.adapters.spreadsheets.cells import Workbook
from app.services.accounts.actors import Operator
from app.services.bundles.importing import export_register
from app.services.bundles.rows import Bundle
from app.services.comments.conversation import comments_on
from app.services.container import Services
from app.services.mapping.importing import SheetOptions, import_sheet
from app.services.mapping.results import SheetResult
from app.services.mapping.types import (
    Choices,
    HostChoice,
    MappedColumn,
    NewRegister,
    SheetMapping,
)
from domain.commands import AmendRegister, OpenRegister
from domain.values import Addressee
from projections.worklist.queries import noted_sources, open_proposals
from tests.app.services.mapping.sheets import CHOICES, STATUS_WORDS, mapping_of, sheet_of


def run(services: Services, book: Workbook, mapping: SheetMapping, **options: object) -> SheetResult:
    chosen = SheetOptions(**({"register": "tracker", "create": True} | options))  # type: ignore[arg-type]
    return import_sheet(services, Operator("ana"), book, mapping, chosen)


def stored(services: Services, book: Workbook, mapping: SheetMapping) -> Bundle:
    result = run(services, book, mapping)
    assert [str(group) for group in result.problems] == []
    return export_register(services, "tracker")


def test_a_status_column_for_each_year_is_an_assessment_for_each(services: Services) -> None:
    book = sheet_of(
        ("Title", "Status 2022", "Comment 2022", "Status 2023", "Status 2024", "Source 2024"),
        ("Publish", "Not Started", "Nothing yet.", "In Progress", "In Progress", "https://example.org/x"),
        ("Appoint", "", "Asked twice.", "", "Complete", ""),
    )
    mapping = mapping_of("title", "status@2022", "rationale@2022", "status@2023", "status@2024", "source@2024")
    bundle = stored(services, book, mapping)
    assert [
        (a.recommendation, a.fact.effective_on, a.fact.status, a.fact.reason, a.fact.evidence)
        for a in bundle.assessments
    ] == [
        ("publish", "2022", "no_action", "first_assessment", ()),
        ("publish", "2023", "in_progress", "world_changed", ()),
        ("publish", "2024", "in_progress", "reviewed_no_change", ("example-org-x",)),
        ("appoint", "2024", "implemented", "first_assessment", ()),
    ]
    assert bundle.assessments[0].fact.rationale == "Nothing yet."
    with services.accounts.work() as db:
        assert [c.text for c in comments_on(db, "tracker", "appoint")] == ["C: Asked twice."]


def test_columns_of_one_field_are_joined_and_others_are_notes(services: Services) -> None:
    book = sheet_of(
        ("Chapter", "Title", "First", "Second", "Internal"),
        ("Courts", "Publish\nthe list", "One.", "Two.", "Ask @Ana."),
    )
    bundle = stored(services, book, mapping_of("title", "title", "summary", "summary", "note"))
    assert [(r.fact.title, r.fact.summary) for r in bundle.recommendations] == [
        ("Courts: Publish the list", "One.\n\nTwo.")
    ]
    again = run(services, book, mapping_of("title", "title", "summary", "summary", "note"))
    assert (again.unchanged, again.problems) == (1, ())
    with services.accounts.work() as db:
        comments = comments_on(db, "tracker", bundle.recommendations[0].fact.id)
        assert [(c.author, c.text) for c in comments] == [("ana", "E: Ask @Ana.")]


def test_rows_below_an_item_are_its_parts_and_headings_its_theme(services: Services) -> None:
    book = sheet_of(
        ("No.", "Title", "Status"),
        ("Prisons",),
        ("1", "Reform visits", ""),
        ("", "By phone", "Complete"),
        ("", "In person", "In Progress"),
        ("2", "Appoint", "Complete"),
    )
    choices = replace(CHOICES, theme="", status_on="2024-05-01")
    mapping = mapping_of("number", "title", "status", heading_rows="theme", sub_rows="part", choices=choices)
    bundle = stored(services, book, mapping)
    assert [(t.fact.id, t.fact.title) for t in bundle.themes] == [("prisons", "Prisons")]
    assert [(e.recommendation, e.fact.id, e.fact.core) for e in bundle.elements] == [
        ("1", "by-phone", True),
        ("1", "in-person", True),
    ]
    assert [(a.recommendation, a.fact.element, a.fact.status) for a in bundle.assessments] == [
        ("1", "by-phone", "implemented"),
        ("1", "in-person", "in_progress"),
        ("2", "", "implemented"),
    ]
    assert [(c.recommendation, c.fact.element) for c in bundle.cards] == [
        ("1", "by-phone"),
        ("1", "in-person"),
        ("2", ""),
    ]


def test_cause_and_motion_belong_to_the_newest_status(services: Services) -> None:
    book = sheet_of(
        ("Title", "2023", "2024", "Why", "Heading"),
        ("Publish", "Complete", "Undone", "Repealed", "Worse"),
        ("Appoint", "Complete", "Complete", "Repealed", ""),
    )
    words = {
        "status": {"Complete": "implemented", "Undone": "reversed"},
        "cause": {"Repealed": "repealed"},
        "motion": {"Worse": "regressing"},
    }
    mapping = mapping_of("title", "status@2023", "status@2024", "cause", "motion", words=words)
    result = run(services, book, mapping, valid_rows=True)
    assert [(g.rows, g.column, g.cause) for g in result.problems] == [
        ((3,), "D", "A cause belongs only to “reversed”.")
    ]
    statuses = [(a.fact.status, a.fact.cause, a.fact.motion) for a in export_register(services, "tracker").assessments]
    assert statuses == [("implemented", None, None), ("reversed", "repealed", "regressing")]


def test_deadlines_responses_and_relations(services: Services) -> None:
    book = sheet_of(
        ("No.", "Title", "Due", "Response", "On", "Text", "Where", "Renews"),
        ("1", "Publish", "Q3 2024", "Supported", "14.3.2024", "We will.", "www.example.org/reply", ""),
        ("2", "Appoint", "", "", "", "No word yet.", "", "1\nother:a-1"),
    )
    columns = ("number", "title", "deadline", "response", "response_on", "response_text", "response_source", "renews")
    mapping = mapping_of(*columns, words={"response": {"Supported": "accepts"}})
    bundle = stored(services, book, mapping)
    assert [(d.fact.id, d.fact.due_on, d.fact.stated_on, d.fact.stated_by) for d in bundle.deadlines] == [
        ("1-due-2024-09", "2024-09", "2023-09-14", "our-report")
    ]
    (response,) = bundle.responses
    assert (response.fact.body, response.fact.position, response.fact.given_on, response.fact.summary) == (
        "ministry-of-justice",
        "accepts",
        "2024-03-14",
        "We will.",
    )
    assert response.fact.evidence == ("example-org-reply",)
    assert [(r.from_, r.fact.relation, r.fact.to) for r in bundle.relations] == [
        ("2", "renews", "1"),
        ("2", "renews", "other:a-1"),
    ]
    with services.accounts.work() as db:
        assert [c.text for c in comments_on(db, "tracker", "2")] == ["F: No word yet."]


def test_one_source_for_each_address_with_the_words_that_are_known(services: Services) -> None:
    book = sheet_of(
        ("Title", "Status", "Link"),
        ("Publish", "In Progress", "The act"),
        ("Appoint", "In Progress", "Act 5: https://www.Example.org/act/ (see p. 3)"),
        ("Visit", "In Progress", "Gazette 2024, p. 3"),
        links={"C2": "https://example.org/act", "B2": "https://news.example.net/a"},
    )
    hosts = {"example.org": HostChoice(source_class="official", publisher="State of Example")}
    choices = replace(CHOICES, status_on="2024")
    bundle = stored(services, book, mapping_of("title", "status", "source", hosts=hosts, choices=choices))
    assert [(e.fact.id, e.text.title, e.fact.publisher, e.text.url, e.fact.source_class) for e in bundle.evidence] == [
        ("example-org-act", "The act", "State of Example", "https://example.org/act", "official"),
        ("news-example-net-a", "news.example.net/a", "news.example.net", "https://news.example.net/a", "unclassified"),
        ("gazette-2024-p-3", "Gazette 2024, p. 3", "Not stated", "", "unclassified"),
    ]
    assert [a.fact.evidence for a in bundle.assessments] == [
        ("example-org-act", "news-example-net-a"),
        ("example-org-act",),
        ("gazette-2024-p-3",),
    ]


def test_the_archived_copy_of_a_row_is_that_of_its_only_source(services: Services) -> None:
    book = sheet_of(
        ("Title", "Status", "Link", "Archive"),
        ("Publish", "In Progress", "https://example.org/act", "https://perma.cc/1"),
        ("Visit", "In Progress", "https://example.org/a; https://example.org/b", "https://perma.cc/2"),
    )
    mapping = mapping_of("title", "status", "source", "source_archived", choices=replace(CHOICES, status_on="2024"))
    bundle = stored(services, book, mapping)
    assert [(e.text.url, e.text.archived_url) for e in bundle.evidence] == [
        ("https://example.org/act", "https://perma.cc/1"),
        ("https://example.org/a", ""),
        ("https://example.org/b", ""),
    ]


def test_columns_in_another_language_are_translations(services: Services) -> None:
    book = sheet_of(
        ("권고", "Recommendation", "기관", "Body", "상태"),
        ("명단을 공개한다", "Publish the list", "법무부; 국회", "Ministry of Justice; Parliament", "진행 중"),
        name="현황.xlsx",
    )
    columns = (
        MappedColumn(column="", heading="권고", field="title"),
        MappedColumn(column="", heading="Recommendation", field="title", language="en"),
        MappedColumn(column="", heading="기관", field="addressees", separator=";"),
        MappedColumn(column="", heading="Body", field="addressees", separator=";", language="en"),
        MappedColumn(column="", heading="상태", field="status"),
    )
    mapping = mapping_of(
        *columns,
        register=NewRegister(title="현황", time_zone="Asia/Seoul", languages=("ko",)),
        words={"status": {"진행 중": "in_progress"}},
        choices=replace(CHOICES, theme="법원", status_on="2024"),
    )
    bundle = stored(services, book, mapping)
    assert bundle.settings.languages == ("ko", "en")
    assert [(b.fact.id, b.fact.name, b.fact.translations) for b in bundle.bodies] == [
        ("beopmubu", "법무부", {"en": {"name": "Ministry of Justice"}}),
        ("gukhoe", "국회", {"en": {"name": "Parliament"}}),
    ]
    (recommendation,) = bundle.recommendations
    assert recommendation.fact.translations == {"en": {"title": "Publish the list", "summary": "Publish the list"}}
    (assessment,) = bundle.assessments
    assert assessment.fact.rationale == "이 내용을 가져온 이전 기록의 “상태” 열에 “진행 중”로 적혀 있던 상태이다."
    assert assessment.fact.translations["en"]["rationale"] == (
        "Status “진행 중” in the column “상태” of the earlier record from which this was brought."
    )


def test_bodies_that_are_asked_jointly_are_rows_of_their_own(services: Services) -> None:
    book = sheet_of(("Title", "Lead", "With"), ("Publish", "Court", "Police"), ("Appoint", "Court", ""))
    bundle = stored(services, book, mapping_of("title", "addressees", "joint_addressees"))
    assert [(a.recommendation, a.fact) for a in bundle.addressees] == [
        ("publish", Addressee(body="court")),
        ("publish", Addressee(body="police", role="joint")),  # type: ignore[arg-type]
    ]


OPEN_HEADINGS = ("No.", "Title", "Status", "On", "Link")
OPEN_COLUMNS = ("number", "title", "status", "status_on", "source")
HOSTS = {"example.org": HostChoice(source_class="official", publisher="State")}


def opened(services: Services) -> None:
    stored(services, sheet_of(OPEN_HEADINGS, ("1", "Publish")), mapping_of(*OPEN_COLUMNS, hosts=HOSTS))
    settings = replace(export_register(services, "tracker").settings, kept_by="A keeper", licence="CC-BY-4.0")
    services.execute(AmendRegister("tracker", fact=settings), by="ana")
    services.execute(OpenRegister("tracker", origin="x"), by="ana")


def test_in_an_open_register_statuses_wait_as_proposals_and_their_sources_stay_private(services: Services) -> None:
    opened(services)
    book = sheet_of(
        OPEN_HEADINGS,
        ("1", "Publish", "In Progress", "2024-03-14", "https://example.org/a"),
        ("2", "Appoint", "Complete", "2024-03-14", "https://example.org/b"),
    )
    result = run(services, book, mapping_of(*OPEN_COLUMNS, hosts=HOSTS))
    assert ([str(g) for g in result.problems], result.stored, result.changed, result.proposals) == ([], 1, 1, 2)
    with services.views.connect() as db:
        proposals = open_proposals(db, "tracker")
        assert [(p.recommendation, p.assessment.status, p.proposed_by) for p in proposals] == [
            ("1", "in_progress", "ana"),
            ("2", "implemented", "ana"),
        ]
        assert [s.facts.id for s in noted_sources(db, "tracker")] == ["example-org-a", "example-org-b"]
    bundle = export_register(services, "tracker")
    assert (bundle.assessments, bundle.evidence) == ((), ())
    before = services.log.last()
    again = run(services, book, mapping_of(*OPEN_COLUMNS, hosts=HOSTS))
    assert (again.unchanged, again.proposals, services.log.last()) == (2, 0, before)


def test_what_cannot_be_proposed_is_left_out_with_its_cause(services: Services) -> None:
    opened(services)
    book = sheet_of(
        OPEN_HEADINGS, ("1", "Publish", "Complete", "2024-03-14", "https://example.org/a"), ("2", "Appoint")
    )
    result = run(services, book, mapping_of(*OPEN_COLUMNS), valid_rows=True)
    assert (result.stored, result.left_out) == (1, 1)
    assert [(g.rows, g.cause) for g in result.problems] == [
        ((2,), "Choose what kind of source it is. The register is open.")
    ]


def test_two_people_can_be_chosen_in_a_register_that_is_being_prepared(services: Services) -> None:
    choices: Choices = replace(CHOICES, review="second_person")
    book = sheet_of(OPEN_HEADINGS, ("1", "Publish", "In Progress", "2024-03-14", "https://example.org/a"))
    result = run(services, book, mapping_of(*OPEN_COLUMNS, hosts=HOSTS, choices=choices))
    assert ([str(g) for g in result.problems], result.stored, result.proposals) == ([], 1, 1)
    bundle = export_register(services, "tracker")
    assert (bundle.assessments, bundle.cards) == ((), ())


def test_a_cause_belongs_to_each_reversal_and_a_status_after_today_is_refused(services: Services) -> None:
    book = sheet_of(
        ("No.", "Title", "2023", "2024", "2025", "Cause"),
        ("1", "A law", "Complete", "Undone", "Complete", "repealed"),
    )
    words = {"status": {**STATUS_WORDS, "Undone": "reversed"}, "cause": {"repealed": "repealed"}}
    mapping = mapping_of("number", "title", "status@2023", "status@2024", "status@2025", "cause", words=words)
    bundle = stored(services, book, mapping)
    assert [(r.fact.status, r.fact.cause) for r in bundle.assessments] == [
        ("implemented", None),
        ("reversed", "repealed"),
        ("implemented", None),
    ]
    later = mapping_of("number", "title", "status@2023", "status@2031", "note", "note", words=words)
    (problem,) = run(services, book, later, register="later", create=True).problems
    assert (problem.rows, problem.column) == ((2,), "D")
    assert "“2031” is after today." in problem.cause
