"""Rule 9 on every path to publication: always with a second person, never by the proposer alone."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from app.bootstrap.command_line import main
from app.entrypoints.worker.scheduled_publication import publish_due
from app.services.accounts import api_tokens, people
from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.container import Services
from domain.commands import OpenRegister
from domain.errors import Refused
from projections.assessments import queries as assessments
from tests.support.bundles import write_small_bundle
from tests.support.seen_versions import decide
from tests.support.staff_client import Member, form_version, send_proposal
from tests.support.staff_forms import BULK_REVIEW_PATH, bulk_review_versions, download_sheet, fill_sheet, upload_sheet

RULE_9 = "must be published by someone other than its proposer"
DONE = {"status": "implemented", "evidence": ["oath", "story"]}
PROPOSAL = "/staff/small/proposals/law-2025-03/"


class Desk:
    """Three who may propose and publish, on every road; what they do is about the same high-stakes status."""

    def __init__(self, services: Services, staff_app: Flask, member: Callable[[str], Member], folder: Path) -> None:
        self.services, self.app, self.member, self.folder = services, staff_app, member, folder

    def published(self) -> int:
        self.services.catch_up()
        with self.services.views.connect() as db:
            return sum(1 for _ in assessments.each_published(db, "small"))

    def web_proposes(self, who: str) -> None:
        assert send_proposal(self.member(who), **DONE).status_code == 302

    def web_publishes(self, who: str, path: str = PROPOSAL, **fields: str) -> str:
        editor = self.member(who)
        return str(editor.post(path, version=form_version(editor, path), **({"action": "publish"} | fields)).text)

    def web_schedules(self, who: str) -> str:
        at = (self.services.clock() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
        said = self.web_publishes(who, action="publish", publish_at=at)
        self.services.clock.go_on(days=3)  # type: ignore[attr-defined]
        publish_due(self.services)
        return said

    def api(self, who: str, path: str, body: dict[str, Any]) -> str:
        with self.services.accounts.work() as db:
            user = people.find_user(db, f"{who}@example.org")
            secret = api_tokens.create_token(db, user, path, ["propose", "publish"], 30, self.services.clock())
        client, at = self.app.test_client(), "/api/v1/registers/small"
        headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": path}
        headers["If-Match"] = client.get(f"{at}/recommendations/law/proposals", headers=headers).headers["ETag"]
        return client.post(at + path, json=body, headers=headers).text

    def api_proposes(self, who: str) -> None:
        said = {"reason": "world_changed", "effective_on": "2025-03", "rationale": "So it is."}
        assert "law-2025-03" in self.api(who, "/recommendations/law/assessments", said | DONE)

    def api_publishes(self, who: str) -> str:
        return self.api(who, "/assessments/law-2025-03/publish", {})

    def cli(self, *words: str, by: str) -> str:
        env = {"UPTAKE_DATA_DIR": str(self.services.settings.data_dir)}
        return CliRunner().invoke(main, [*words, "--by", f"person-{by}"], env=env).output

    def cli_proposes(self, who: str) -> None:
        said = ("--effective-on", "2025-03", "--reason", "world_changed", "--rationale", "So it is.")
        given = ("--status", "implemented", "--evidence", "oath", "--evidence", "story")
        assert "law-2025-03" in self.cli("assess", "small", "law", *given, *said, by=who)

    def cli_publishes(self, who: str) -> str:
        def run(*words: str) -> Result:
            env = {"UPTAKE_DATA_DIR": str(self.services.settings.data_dir)}
            return CliRunner().invoke(main, [*words, "--by", f"person-{who}"], env=env)

        return decide(run, "publish", "small", "law-2025-03").output

    def nothing(self, _who: str) -> None:
        """An import proposes and publishes in one."""

    def imports(self, who: str) -> str:
        folder = write_small_bundle(self.folder / f"by-{who}")
        row = f"law-4,law,,implemented,2025-03,world_changed,,,,So it is.,,oath;story,person-ben,person-{who},,,,\n"
        (folder / "assessments.csv").write_text((folder / "assessments.csv").read_text("utf-8") + row, "utf-8")
        try:
            import_bundle(self.services, folder, ImportOptions(approve_cards="cem"))
        except Refused as refused:
            return " ".join(map(str, refused.refusals))
        return ""

    def bulk_proposes(self, who: str) -> None:
        proposer = self.member(who)
        versions = bulk_review_versions(proposer, "post")
        said = {"action": "send", "pick": ["post"], "effective_on": "2025-06", "rationale": "As before."}
        sent = proposer.post(BULK_REVIEW_PATH, **said, **versions, evidence=["oath", "story", "leak"])
        assert sent.status_code == 302

    def bulk_publishes(self, who: str) -> str:
        return self.web_publishes(who, "/staff/small/proposals/post-kept-2025-06/")

    def sheet_proposes(self, who: str) -> None:
        row = {"status": "implemented", "effective_on": "2025-03", "reason": "world_changed"}
        row |= {"rationale": "So it is.", "evidence": "oath;story"}
        proposer = self.member(who)
        sent = upload_sheet(proposer, fill_sheet(download_sheet(proposer), {("law", ""): row}))
        assert sent.status_code == 302

    def replacement_proposes(self, who: str) -> None:
        editor, path = self.member(who), "/staff/small/assessments/law-2/withdraw/"
        said = {"reason": "our_correction", "effective_on": "2025-03", "rationale": "So it is.", "why": "Wrong."}
        sent = editor.post(
            path, action="withdraw", then="new", confirmed="yes", version=form_version(editor, path), **DONE, **said
        )
        assert sent.status_code == 302, sent.text


ROADS = {
    "web": (Desk.web_proposes, Desk.web_publishes),
    "schedule": (Desk.web_proposes, Desk.web_schedules),
    "api": (Desk.api_proposes, Desk.api_publishes),
    "cli": (Desk.cli_proposes, Desk.cli_publishes),
    "import": (Desk.nothing, Desk.imports),
    "unchanged": (Desk.bulk_proposes, Desk.bulk_publishes),
    "sheet": (Desk.sheet_proposes, Desk.web_publishes),
    "withdraw and replace": (Desk.replacement_proposes, Desk.web_publishes),
}


@pytest.mark.parametrize("road", ROADS)
def test_one_person_cannot_publish_alone_and_two_can(
    services: Services, staff_app: Flask, member: Callable[[str], Member], tmp_path: Path, road: str
) -> None:
    desk, (propose, publish) = Desk(services, staff_app, member, tmp_path), ROADS[road]
    before = desk.published()
    propose(desk, "ben")
    refused = publish(desk, "ben")
    assert RULE_9 in refused, refused
    assert desk.published() == before
    publish(desk, "ada")
    assert desk.published() == before + 1


def test_a_writer_of_an_earlier_version_cannot_publish_either(
    services: Services, staff_app: Flask, member: Callable[[str], Member], tmp_path: Path
) -> None:
    desk = Desk(services, staff_app, member, tmp_path)
    desk.web_proposes("ben")
    assert (
        send_proposal(member("ana"), revise="law-2025-03", rationale="The gazette has it.", **DONE).status_code == 302
    )
    before, sentence = (
        desk.published(),
        "You wrote an earlier version of it, so another person must publish it.",
    )
    assert sentence in member("ben").get(PROPOSAL).text
    assert sentence in desk.web_publishes("ben")
    assert sentence in desk.web_schedules("ben")
    sentence = sentence.removesuffix(".")
    assert sentence in desk.api_publishes("ben")
    assert sentence in desk.cli_publishes("ben")
    assert desk.published() == before
    desk.web_publishes("ada")
    assert desk.published() == before + 1


def test_a_finished_record_of_one_person_s_judgements_is_taken_over_while_the_register_is_prepared(
    new_services: Callable[..., Services], tmp_path: Path
) -> None:
    """Rules 1 to 8 judge what was kept elsewhere before; rule 9 is for what is published here."""
    services, folder = new_services(), write_small_bundle(tmp_path / "alone")
    row = "law-4,law,,implemented,2025-03,world_changed,,,,So it is.,,oath;story,ben,ben,,,,\n"
    (folder / "assessments.csv").write_text((folder / "assessments.csv").read_text("utf-8") + row, "utf-8")
    import_bundle(services, folder, ImportOptions(approve_cards="cem"))
    services.execute(OpenRegister("small", origin="x"), by="ana")
    again = row.replace("law-4", "law-5").replace("2025-03", "2025-04").replace("world_changed", "reviewed_no_change")
    (folder / "assessments.csv").write_text((folder / "assessments.csv").read_text("utf-8") + again, "utf-8")
    with pytest.raises(Refused) as refused:
        import_bundle(services, folder, ImportOptions(approve_cards="cem", allow_legacy=True))
    assert [r.rule for r in refused.value.refusals] == [9] or RULE_9 in str(refused.value)
