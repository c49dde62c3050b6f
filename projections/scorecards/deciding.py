"""Which elements decide the status of a recommendation that is divided into elements."""

from domain.codes import Status
from projections.scorecards.results import ElementStanding, Standing

DONE = (Status.IMPLEMENTED, Status.IN_EFFECT)
SET_ASIDE = (Status.SUPERSEDED, Status.UNVERIFIABLE)


def counting_elements(standing: Standing) -> list[ElementStanding]:
    """The core elements whose statuses count."""
    return [e for e in standing.elements if e.core and e.status not in SET_ASIDE]


def deciding_elements(standing: Standing) -> list[ElementStanding]:
    """Those whose own status decides that of the whole; of one that is partly implemented, those that are done."""
    counting = counting_elements(standing)
    if not counting:
        return [e for e in standing.elements if e.core]
    if standing.status in DONE:
        return counting
    done = [e for e in counting if e.status in DONE]
    if standing.status is Status.PARTLY and done:
        return done
    return [e for e in counting if e.status is standing.status]
