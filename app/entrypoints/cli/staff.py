"""Commands that change what a register says: assess, publish, decline, withdraw."""

from enum import StrEnum
from typing import Any

import click
from msgspec.structs import replace

from app.entrypoints.cli.common import by_person, open_services
from app.entrypoints.cli.decided_version import expected_version_option, find_decided_version
from app.entrypoints.cli.rights import actor_of
from app.services.accounts.actors import authorize
from domain import commands
from domain.claims import owner_of
from domain.codes import Cause, Confidence, Motion, Reason, Status
from domain.errors import NotFound
from domain.ids import recommendation_id
from domain.recommendation.aggregate import Recommendation
from domain.values import Assessment, arrange_translations


def _codes(codes: type[StrEnum]) -> click.Choice[str]:
    return click.Choice([code.value for code in codes])


@click.command()
@click.argument("register")
@click.argument("recommendation")
@click.option("--element", default="", help="The element, if the recommendation has elements.")
@click.option("--status", type=_codes(Status), required=True)
@click.option("--effective-on", required=True, metavar="DAY", help="Since when: 2024, 2024-05 or 2024-05-20.")
@click.option("--reason", type=_codes(Reason), required=True)
@click.option("--statement", default="", help="Where it is now, in a sentence that can be read alone.")
@click.option("--rationale", required=True, help="Why this status, in a sentence or two.")
@click.option("--rationale-ko", default="", metavar="TEXT", help="The same in Korean.")
@click.option("--rationale-in", nargs=2, multiple=True, metavar="LANGUAGE TEXT", help="The same in another language.")
@click.option("--evidence", multiple=True, metavar="ID", help="An item of evidence; may be given more than once.")
@click.option("--cause", type=_codes(Cause), help="Only with “reversed”.")
@click.option("--motion", type=_codes(Motion))
@click.option("--confidence", type=_codes(Confidence), help="By default the highest that the evidence supports.")
@click.option("--review-by", default="", metavar="DAY", help="When it must be reviewed.")
@click.option("--window-from", default="", metavar="DAY", help="Only with “in effect”.")
@click.option("--window-to", default="", metavar="DAY", help="Only with “in effect”.")
@by_person
def assess(
    register: str,
    recommendation: str,
    status: str,
    reason: str,
    cause: str | None,
    motion: str | None,
    confidence: str | None,
    evidence: tuple[str, ...],
    rationale_ko: str,
    rationale_in: tuple[tuple[str, str], ...],
    by: str,
    **texts: str,
) -> None:
    """Propose a status for a recommendation or an element. Another command publishes it."""
    assessment = Assessment(
        id="",
        status=Status(status),
        reason=Reason(reason),
        cause=Cause(cause) if cause else None,
        motion=Motion(motion) if motion else None,
        confidence=Confidence(confidence) if confidence else None,
        evidence=evidence,
        translations=arrange_translations(
            (code, "rationale", text) for code, text in (("ko", rationale_ko), *rationale_in)
        ),
        **texts,
    )
    command = commands.ProposeAssessment(register, recommendation=recommendation, assessment=assessment)
    with open_services() as services:
        assessment_id = services.execute_for(actor_of(services, by), command)
        version = services.tracker.load(Recommendation, recommendation_id(register, recommendation)).version
    publish = f"uptake publish {register} {assessment_id} --expected-version {version} --by …"
    click.echo(f"Proposed {assessment_id}. To make it public: {publish}")


@click.command()
@click.argument("register")
@click.argument("assessment")
@expected_version_option
@by_person
def publish(register: str, assessment: str, expected_version: int | None, by: str) -> None:
    """Publish a proposed assessment. A terminal shows it and asks."""
    _of_assessment(commands.PublishAssessment, register, assessment, expected_version, by)
    click.echo(f"Published {assessment}.")


@click.command()
@click.argument("register")
@click.argument("assessment")
@click.option("--why", required=True, help="For its author.")
@expected_version_option
@by_person
def decline(register: str, assessment: str, why: str, expected_version: int | None, by: str) -> None:
    """Decline a proposed assessment; it never becomes public. A terminal shows it and asks."""
    _of_assessment(commands.DeclineAssessment, register, assessment, expected_version, by, why=why)
    click.echo(f"Declined {assessment}.")


@click.command()
@click.argument("register")
@click.argument("assessment")
@click.option("--why", required=True, help="Shown in public, with the correction.")
@click.option("--replaced-by", default="", metavar="ID", help="The published assessment that replaces it.")
@expected_version_option
@by_person
def withdraw(register: str, assessment: str, why: str, replaced_by: str, expected_version: int | None, by: str) -> None:
    """Withdraw a published assessment. It stays in the record, with the reason. A terminal shows it and asks."""
    more = {"reason": why, "replaced_by": replaced_by}
    _of_assessment(commands.WithdrawAssessment, register, assessment, expected_version, by, **more)
    click.echo(f"Withdrew {assessment}.")


def _of_assessment(
    kind: type[commands.OfAssessment],
    register: str,
    assessment: str,
    expected_version: int | None,
    by: str,
    **more: Any,
) -> None:
    with open_services() as services:
        actor = actor_of(services, by)
        authorize(actor, kind, register)
        recommendation = owner_of(services.tracker, register, assessment)
        if recommendation is None:
            raise NotFound(f"There is no assessment “{assessment}” in “{register}”.")
        command = kind(register, recommendation=recommendation, assessment=assessment, **more)
        version = find_decided_version(services, command, expected_version)
        services.execute_for(actor, replace(command, expected_version=version))


COMMANDS = (assess, publish, decline, withdraw)
