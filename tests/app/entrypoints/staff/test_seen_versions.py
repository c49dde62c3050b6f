"""A decision is about the version that the person saw, on every road: what changed in between is not decided on."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from msgspec.structs import replace

from app.bootstrap.command_line import main
from app.entrypoints.worker.scheduled_publication import publish_due
from app.services.accounts import api_tokens, people
from app.services.container import Services
from domain import commands as c
from domain.codes import Position, RelationKind
from domain.evidence.aggregate import Evidence
from domain.ids import evidence_id, recommendation_id, register_id
from domain.recommendation.aggregate import Recommendation
from domain.register.aggregate import Register
from domain.values import DeadlineFacts, EvidenceText, Relation, ResponseFacts, SuccessCriteria, Theme
from tests.support.staff_client import Member, form_version, send_form, send_proposal
from tests.support.staff_forms import form_values

STAFF, API = "/staff/small", "/api/v1/registers/small"
LAW, PROPOSAL = f"{STAFF}/recommendations/law/", f"{STAFF}/proposals/law-2025-03/"
CARD, REVIEW = f"{LAW}card/", f"{STAFF}/reviews/yearly/2026-09-14/"
BULK = f"{STAFF}/bulk/publish/"
ANOTHER_PERSON = "after you opened"
NOT_THE_LAST = "The ETag is not that of the proposal as it is now"
CHANGED = "It has changed since you read it"

Road = Callable[["Desk"], Iterator[str]]
"""Reads, stops, decides on what it read, and gives the answer."""


class Desk:
    """An editor with a browser, a token and a terminal; and others who change what the editor has just read."""

    def __init__(self, services: Services, staff_app: Flask, member: Callable[[str], Member]) -> None:
        self.services, self.app, self.member = services, staff_app, member
        self.ben, self.ada = member("ben"), member("ada")
        self.client = staff_app.test_client()
        with services.accounts.work() as db:
            user, scopes = people.find_user(db, "ada@example.org"), ["publish", "withdraw", "settings"]
            self.token = api_tokens.create_token(db, user, "script", scopes, 30, services.clock())
        self.prepare()

    def do(self, command: c.Command, by: str = "person-ana") -> None:
        self.services.execute(command, by=by)

    def prepare(self) -> None:
        """What the decisions are about; each is a step of the record that no decision has touched."""
        assert send_proposal(self.member("ana")).status_code == 302
        self.do(c.DraftCriteria("small", recommendation="law", card=SuccessCriteria(counts="A.", does_not_count="B.")))
        for ident in ("said", "waits"):
            facts = ResponseFacts(
                id=ident, body="senate", position=Position.NOTES, given_on="2024", summary="Noted.", evidence=("story",)
            )
            self.do(c.ProposeResponse("small", recommendation="law", facts=facts))
        self.do(c.PublishResponse("small", recommendation="law", response="said"), by="person-ada")
        relation = Relation(relation=RelationKind.RENEWS, to="talks")
        self.do(c.StateRelation("small", recommendation="law", relation=relation))
        due = DeadlineFacts(id="due", due_on="2026-12", stated_on="2023-09-14", stated_by="ministry")
        self.do(c.StateDeadline("small", recommendation="law", deadline=due))
        self.do(c.DraftSummary("small", review="yearly", as_of="2026-09-14", summary="As it was."))

    def read(self, path: str) -> str:
        """The ETag of an address of the API."""
        return str(self.client.get(API + path, headers={"Authorization": f"Bearer {self.token}"}).headers["ETag"])

    def send(self, path: str, body: dict[str, Any], tag: str) -> str:
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": path, "If-Match": tag}
        return str(self.client.post(API + path, json=body, headers=headers).json)

    def run(self, *words: str) -> str:
        env = {"UPTAKE_DATA_DIR": str(self.services.settings.data_dir)}
        return CliRunner().invoke(main, [*words, "--by", "person-ben"], env=env).output


def page(path: str, at: str = "", *, confirms: bool = False, **fields: str) -> Road:
    """A form of a page; `at` is where it is sent, if not there."""

    def road(desk: Desk) -> Iterator[str]:
        version = form_version(desk.ben, path)
        yield ""
        answer = desk.ben.post(at or path, version=version, **fields, **({"confirmed": "yes"} if confirms else {}))
        yield str(answer.text)

    return road


def form(path: str, **fields: str) -> Road:
    """A form with all that its page shows."""

    def road(desk: Desk) -> Iterator[str]:
        values = form_values(desk.ada, path)
        yield ""
        yield str(desk.ada.post(path, **values | fields, confirmed="yes").text)

    return road


def table(path: str, **fields: str) -> Road:
    """A table with a version in every row."""

    def road(desk: Desk) -> Iterator[str]:
        shown = desk.ben.get(path).html
        rows: dict[str, Any] = {"row": re.findall(r'name="row" value="([^"]+)"', shown)}
        versions = dict(re.findall(r'name="(version\.[^"]+)" value="(\d+)"', shown))
        yield ""
        answer = desk.ben.post(path, **rows, pick=rows["row"], **versions, action="store", confirmed="yes", **fields)
        yield str(answer.text)

    return road


def api(path: str, read: str, **body: str) -> Road:
    def road(desk: Desk) -> Iterator[str]:
        tag = desk.read(read)
        yield ""
        yield desk.send(path, body, tag)

    return road


def terminal(*words: str) -> Road:
    def road(desk: Desk) -> Iterator[str]:
        named = re.search(r"--expected-version (\d+)", desk.run(*words))
        assert named
        yield ""
        yield desk.run(*words, "--expected-version", named[1])

    return road


def revise(desk: Desk) -> None:
    """Revises the proposal in the log; the tables do not know it yet."""
    law = desk.services.tracker.load(Recommendation, recommendation_id("small", "law"))
    revised = replace(law.proposals["law-2025-03"], rationale="Another reason.")
    command = c.ReviseAssessment("small", recommendation="law", assessment=revised)
    desk.services.tracker.execute(command, by="person-ana", at=desk.services.clock())


def call_off(desk: Desk) -> None:
    command = c.UnscheduleAssessment("small", recommendation="law", assessment="law-2025-03")
    desk.services.tracker.execute(command, by="person-ben", at=desk.services.clock())


def revise_and_show(desk: Desk) -> None:
    revise(desk)
    desk.services.catch_up()


def withdraw_another(desk: Desk) -> None:
    desk.do(c.WithdrawAssessment("small", recommendation="law", assessment="law-1", reason="Wrong."), by="person-ada")


def decline_response(desk: Desk) -> None:
    desk.do(c.DeclineResponse("small", recommendation="law", response="waits", why="Not yet."), by="person-ada")


def withdraw_response(desk: Desk) -> None:
    desk.do(c.WithdrawResponse("small", recommendation="law", response="said", reason="Twice."), by="person-ben")


def withdraw_deadline(desk: Desk) -> None:
    desk.do(c.WithdrawDeadline("small", recommendation="law", deadline="due", reason="Twice."), by="person-ada")


def draft_again(desk: Desk) -> None:
    desk.do(c.DraftSummary("small", review="yearly", as_of="2026-09-14", summary="Another summary."))


def amend_source(desk: Desk) -> None:
    facts = desk.services.tracker.load(Evidence, evidence_id("small", "story")).facts
    text = EvidenceText(title="Another title", url="https://example.org/other", summary="")
    command = c.AmendEvidence("small", facts=facts, text=text, key="k" * 32, salt="s" * 32, why="So.")
    desk.do(command, by="person-ben")


def amend_theme(desk: Desk) -> None:
    theme = desk.services.tracker.load(Register, register_id("small")).themes["laws"]
    desk.do(c.AmendTheme("small", fact=replace(theme, title="Acts"), why="So."), by="person-ben")


def name_theme(desk: Desk) -> None:
    desk.do(c.NameTheme("small", theme=Theme(id="new", title="New")))


PROPOSALS, ASSESSMENTS = "/recommendations/law/proposals", "/recommendations/law/assessments"
ROADS: dict[str, tuple[Road, Callable[[Desk], None], str]] = {
    "publish, page": (page(PROPOSAL, action="publish"), revise_and_show, ANOTHER_PERSON),
    "publish, table": (table(BULK), revise_and_show, ANOTHER_PERSON),
    "publish, API": (api("/assessments/law-2025-03/publish", PROPOSALS), revise_and_show, NOT_THE_LAST),
    "publish, terminal": (terminal("publish", "small", "law-2025-03"), revise_and_show, ANOTHER_PERSON),
    "schedule, page": (
        page(PROPOSAL, action="publish", publish_at="2027-01-01T09:00"),
        revise_and_show,
        ANOTHER_PERSON,
    ),
    "schedule, table": (table(BULK, publish_at="2027-01-01T09:00"), revise_and_show, ANOTHER_PERSON),
    "return, page": (page(PROPOSAL, action="return", note="Why?"), revise_and_show, ANOTHER_PERSON),
    "decline, page": (page(PROPOSAL, action="decline", note="No."), revise_and_show, ANOTHER_PERSON),
    "decline, API": (api("/assessments/law-2025-03/decline", PROPOSALS, why="No."), revise_and_show, NOT_THE_LAST),
    "decline, terminal": (terminal("decline", "small", "law-2025-03", "--why", "No."), revise_and_show, ANOTHER_PERSON),
    "call off, page": (page(PROPOSAL, f"{PROPOSAL}undo/"), revise_and_show, ANOTHER_PERSON),
    "withdraw, page": (
        page(f"{STAFF}/assessments/law-2/withdraw/", confirms=True, action="withdraw", then="nothing", why="Wrong."),
        withdraw_another,
        ANOTHER_PERSON,
    ),
    "withdraw, API": (api("/assessments/law-2/withdraw", ASSESSMENTS, reason="Wrong."), withdraw_another, CHANGED),
    "withdraw, terminal": (
        terminal("withdraw", "small", "law-2", "--why", "Wrong."),
        withdraw_another,
        ANOTHER_PERSON,
    ),
    "approve criteria, page": (
        page(CARD, f"{CARD}approve/", element="", confirms=True),
        revise_and_show,
        ANOTHER_PERSON,
    ),
    "approve criteria, table": (table(f"{STAFF}/bulk/approvals/"), revise_and_show, ANOTHER_PERSON),
    "publish response, page": (
        page(f"{STAFF}/responses/waits/", f"{STAFF}/responses/waits/publish/", confirms=True),
        decline_response,
        ANOTHER_PERSON,
    ),
    "publish response, API": (
        api("/responses/waits/publish", "/responses/waits/proposal"),
        decline_response,
        NOT_THE_LAST,
    ),
    "decline response, API": (
        api("/responses/waits/decline", "/responses/waits/proposal", why="No."),
        decline_response,
        NOT_THE_LAST,
    ),
    "withdraw response, page": (
        page(f"{STAFF}/responses/said/", f"{STAFF}/responses/said/withdraw/", reason="Wrong.", confirms=True),
        withdraw_response,
        ANOTHER_PERSON,
    ),
    "withdraw response, API": (
        api("/responses/said/withdraw", "/recommendations/law/responses", reason="Wrong."),
        withdraw_response,
        CHANGED,
    ),
    "withdraw recommendation, page": (
        page(f"{LAW}withdraw/", reason="Wrong.", confirms=True),
        revise_and_show,
        ANOTHER_PERSON,
    ),
    "withdraw relation, page": (
        page(
            f"{LAW}relations/",
            f"{LAW}relations/withdraw/",
            confirms=True,
            **{"relation_to": "renews talks", "reason renews talks": "Wrong."},
        ),
        revise_and_show,
        ANOTHER_PERSON,
    ),
    "withdraw relation, API": (
        api("/recommendations/law/relations/withdraw", ASSESSMENTS, relation="renews", to="talks", reason="Wrong."),
        withdraw_another,
        CHANGED,
    ),
    "withdraw deadline, page": (
        page(f"{LAW}deadlines/due/withdraw/", reason="Wrong.", confirms=True),
        withdraw_deadline,
        ANOTHER_PERSON,
    ),
    "withdraw deadline, API": (
        api("/recommendations/law/deadlines/due/withdraw", "/recommendations/law/deadlines", reason="Wrong."),
        withdraw_deadline,
        CHANGED,
    ),
    "sign off, page": (page(REVIEW, action="sign"), draft_again, ANOTHER_PERSON),
    "set the time, page": (
        page(REVIEW, action="embargo", freeze_at="2026-09-20T12:00:00Z"),
        draft_again,
        ANOTHER_PERSON,
    ),
    "save the DOI, page": (page(REVIEW, action="doi", doi="10.5281/zenodo.7"), draft_again, ANOTHER_PERSON),
    "amend source, page": (
        form(f"{STAFF}/evidence/story/amend/", src_title="Mine", why="So."),
        amend_source,
        ANOTHER_PERSON,
    ),
    "amend source, API": (
        api("/evidence/story/amendments", "/evidence/story", title="Mine", why="So."),
        amend_source,
        CHANGED,
    ),
    "amend theme, page": (form(f"{STAFF}/facts/themes/laws/", title="Mine", why="So."), amend_theme, ANOTHER_PERSON),
    "amend theme, API": (api("/themes/laws/amendments", "/themes/laws", title="Mine", why="So."), amend_theme, CHANGED),
    "merge bodies, page": (
        form(f"{STAFF}/bodies/merge/", body="senate", into="ministry", on="2024-05", why="So."),
        name_theme,
        ANOTHER_PERSON,
    ),
}


@pytest.mark.parametrize("change", dict.fromkeys(change for _road, change, _sentence in ROADS.values()))
def test_a_decision_on_what_changed_is_refused(
    services: Services, staff_app: Flask, member: Callable[[str], Member], change: Callable[[Desk], None]
) -> None:
    """All roads are at the same stop when it changes; what is refused writes nothing, so the next finds it as it was."""
    desk = Desk(services, staff_app, member)
    started = [(name, road(desk), sentence) for name, (road, at, sentence) in ROADS.items() if at is change]
    for _name, steps, _sentence in started:
        next(steps)
    change(desk)
    before = services.log.last()
    for name, steps, sentence in started:
        said = next(steps)
        assert sentence in said, (name, said)
        assert services.log.last() == before, name


@pytest.mark.parametrize("change", [revise, call_off])
def test_the_worker_publishes_what_was_approved_or_nothing(
    services: Services, staff_app: Flask, member: Callable[[str], Member], change: Callable[[Desk], None]
) -> None:
    """The tables still have the approved proposal when the log has another one."""
    desk, clock = Desk(services, staff_app, member), services.clock
    at = clock() + timedelta(hours=1)
    approval = c.ScheduleAssessment("small", recommendation="law", assessment="law-2025-03", publish_at=at)
    desk.do(approval, by="person-ben")
    change(desk)
    before = services.log.last()
    clock.go_on(hours=2)  # type: ignore[attr-defined]
    assert publish_due(services) == 0
    assert services.log.last() == before


def test_a_form_without_a_version_decides_on_nothing(
    services: Services, staff_app: Flask, member: Callable[[str], Member]
) -> None:
    desk = Desk(services, staff_app, member)
    before = services.log.last()
    assert "does not say which version you saw" in desk.ben.post(PROPOSAL, action="publish").text
    assert ANOTHER_PERSON in send_form(desk.ben, REVIEW, page=PROPOSAL, action="sign").text
    assert services.log.last() == before


def test_a_terminal_without_a_version_says_what_would_be_decided(
    services: Services, staff_app: Flask, member: Callable[[str], Member]
) -> None:
    desk = Desk(services, staff_app, member)
    before = services.log.last()
    assert "“in_progress” from 2025-03, proposed by person-ana. “The bill passed one chamber.”" in desk.run(
        "publish", "small", "law-2025-03"
    )
    assert services.log.last() == before
