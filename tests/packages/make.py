"""Writes a package in the present format where there is none: `python -m tests.packages.make`. Kept for all later versions."""

import tempfile
from pathlib import Path

from msgspec.structs import replace

from app.adapters.settings import Settings
from app.bootstrap.container import build_services
from app.services.bundles.importing import export_register
from app.services.container import Services
from app.services.snapshots.formats import FORMAT
from app.services.snapshots.freeze import freeze_review
from domain import commands as c
from domain.codes import AddresseeRole, Position, RelationKind
from domain.values import Addressee, Author, Body, BodyMerge, DeadlineFacts, Logo, Relation, ResponseFacts
from tests.support.clock import Clock
from tests.support.pictures import png
from tests.support.small_register import open_small_register


def main() -> None:
    folder = Path(__file__).parent / FORMAT
    if list(folder.glob("*.zip")):
        return
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        services = build_services(Settings(data_dir=Path(made) / "store", trial=True), create=True, clock=Clock())
        record_every_kind_of_fact(open_small_register(services, Path(made) / "small"))
        name_publisher(services)
        archive_source(services)
        sign_off(services)
        frozen = freeze_review(services, "small", "ten", by="ana")
        (folder / f"{frozen.name}.zip").write_bytes(frozen.file.read_bytes())


def name_publisher(services: Services) -> None:
    """Add what a publisher prints: authors, institution, DOIs and a logo."""
    settings = replace(
        export_register(services, "small").settings,
        authors=(Author(name="Hana Kim", orcid="0000-0002-1825-0097", affiliation="Example University"),),
        ror="https://ror.org/05gq02987",
        colour="#0b5394",
        doi="10.5281/zenodo.1",
        cite_as="Example University (2026). Small register",
    )
    for command in (
        c.AmendRegister("small", fact=settings, why="We publish with DOIs."),
        c.SetLogo("small", logo=Logo(png=png(), alt="A logo", translations={"ko": {"alt": "로고"}})),
        c.SetReviewDoi("small", review="ten", as_of="2024-02-17", doi="10.5281/zenodo.7"),
    ):
        services.execute(command, by="ana")


def archive_source(services: Services) -> None:
    """Give the source “oath” the address of its archived copy."""
    (oath,) = (row for row in export_register(services, "small").evidence if row.fact.id == "oath")
    text = replace(oath.text, archived_url="https://web.archive.org/web/2026/https://example.org/oath")
    amend = c.AmendEvidence("small", facts=oath.fact, text=text, key="k" * 32, salt="s" * 32, why="It may go.")
    services.execute(amend, by="ana")


def record_every_kind_of_fact(services: Services) -> None:
    """Add to the small register what its bundle does not contain."""
    lead = Addressee(element="appointed", body="state", to_on="2024-01-01")
    joint = Addressee(element="appointed", body="senate", role=AddresseeRole.JOINT)
    evidence = ("oath",)
    due = DeadlineFacts(id="due", due_on="2023-12", stated_on="2023-09-20", stated_by="report", evidence=evidence)
    moved = DeadlineFacts(id="moved", due_on="2024", stated_on="2023-11-02", stated_by="ministry", evidence=evidence)
    said = ResponseFacts(
        id="said",
        body="ministry",
        position=Position.ACCEPTS_IN_PART,
        given_on="2023-10-01",
        summary="It will do part of it.",
        evidence=evidence,
        translations={"ko": {"summary": "일부를 하겠다고 하였다."}},
    )
    denied = ResponseFacts(
        id="denied", body="senate", position=Position.NOTES, given_on="2023-11", summary="A note.", evidence=evidence
    )
    for command in (
        c.AmendAddressees("small", recommendation="post", addressees=(lead, joint), why="The act names them."),
        c.NameBody("small", body=Body(id="bureau", name="Bureau")),
        c.MergeBodies("small", merge=BodyMerge(body="bureau", into="ministry", on="2023-12-01", why="An act says so.")),
        c.StateDeadline("small", recommendation="law", deadline=due),
        c.StateDeadline("small", recommendation="law", deadline=moved),
        c.WithdrawDeadline("small", recommendation="law", deadline="due", reason="It was of another law."),
        c.ProposeResponse("small", recommendation="post", facts=said),
        c.ProposeResponse("small", recommendation="law", facts=denied),
        c.StateRelation("small", recommendation="law", relation=Relation(relation=RelationKind.RENEWS, to="talks")),
    ):
        services.execute(command, by="ana")
    for decision in (
        c.PublishResponse("small", recommendation="post", response="said"),
        c.PublishResponse("small", recommendation="law", response="denied"),
        c.WithdrawResponse("small", recommendation="law", response="denied", reason="It was of another law."),
    ):
        services.execute(decision, by="ben")
    services.clock.go_on(days=1)  # type: ignore[attr-defined]


def sign_off(services: Services) -> None:
    """Two people sign the second draft of the review's summary."""
    day = {"review": "ten", "as_of": "2024-02-17"}
    for summary in ("A first draft.", "One of three is partly done."):
        korean = {"ko": {"summary": f"{summary} 한국어."}}
        services.execute(c.DraftSummary("small", **day, summary=summary, translations=korean), by="ana")
    for person in ("ana", "ben"):
        services.execute(c.SignOffReview("small", **day), by=person)


if __name__ == "__main__":
    main()
