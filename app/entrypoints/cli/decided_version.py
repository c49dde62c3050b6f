"""The version that a command on a terminal decides on: the one that it showed, or the one that a script names."""

import sys

import click

from app.services.container import Services
from domain import commands as c
from domain.errors import Refused
from domain.ids import recommendation_id
from domain.recommendation.aggregate import Recommendation
from domain.times import shown

expected_version_option = click.option(
    "--expected-version",
    type=click.IntRange(min=1),
    metavar="NUMBER",
    help="The version of the recommendation that you decide on; needed in a script.",
)


def find_decided_version(services: Services, command: c.OfAssessment, expected_version: int | None) -> int:
    """The version that a person named, or else was shown and confirmed.

    Raises `Refused` if there is nothing to decide on, or if none was named and there is no terminal to ask on.
    """
    if expected_version is not None:
        return expected_version
    recommendation = services.tracker.load(Recommendation, recommendation_id(command.register, command.recommendation))
    what = _describe(recommendation, command)
    if not sys.stdin.isatty():
        option = f"--expected-version {recommendation.version}"
        raise Refused(f"Say on which version you decide. If it is this one, add {option}: {what}")
    click.echo(what)
    click.confirm("Is this what you decide on?", abort=True)
    return recommendation.version


def _describe(recommendation: Recommendation, command: c.OfAssessment) -> str:
    """What a decision is about, in a sentence. Raises `Refused` if there is no such proposal or assessment."""
    if isinstance(command, c.WithdrawAssessment):
        decided = recommendation.find_published(command.assessment).assessment
    else:
        decided = recommendation.find_proposal(command.assessment)
    author = f", proposed by {decided.proposed_by}" if decided.proposed_by else ""
    return f"“{decided.status}” from {decided.effective_on}{author}. “{shown(decided.rationale)}”"
