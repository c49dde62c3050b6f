"""What the workbench shows. Each part is one query about this recommendation, whatever the size of the register."""

from sqlalchemy import Connection

from app.entrypoints.staff.hidden_proposals import blindness
from app.entrypoints.staff.proposals.comments import newest_conversation
from app.entrypoints.staff.workbench.cited_sources import cited_sources
from app.entrypoints.staff.workbench.criteria_state import criteria_states
from app.entrypoints.staff.workbench.public_state import public_state
from app.entrypoints.staff.workbench.recommendation_facts import elements_of, find_recommendation
from app.entrypoints.staff.workbench.recommendation_history import latest_lines
from app.entrypoints.staff.workbench.request_facts import request_facts
from app.entrypoints.staff.workbench.waiting_proposals import missing_languages, waiting_proposals
from app.presentation.narrative.lineage import Editions
from app.services.accounts.actors import Person
from app.services.accounts.assignments import assignment_of, colleagues
from app.services.comments.conversation import count_comments_on
from app.services.container import Services
from domain.times import day_in
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.engine.position import last_applied_at
from projections.responses import queries as responses
from projections.scorecards.results import TimePair
from projections.worklist.queries import open_proposals, proposed_responses

COMMENTS_SHOWN = 5
HISTORY_SHOWN = 6
MAX_COLLEAGUES_LISTED = 30
"""With more, the list is on the page that assigns."""


def workbench_values(
    services: Services, person: Person, db: Connection, entry: RegisterEntry, recommendation: str, sources_page: int
) -> dict[str, object]:
    """The values of the template. Raises `NotFound`."""
    register, known_at = entry.id, last_applied_at(db)
    visibility = blindness(services, person, register)
    facts, elements = find_recommendation(db, register, recommendation), elements_of(db, register, recommendation)
    pair = TimePair(day_in(entry.settings.time_zone, services.clock()), known_at)
    state = public_state(db, entry, pair, facts)
    every = open_proposals(db, register, recommendation)
    proposals = [p for p in every if not visibility.hides(p)]
    answers = responses.of_recommendation(db, register, recommendation, pair.as_of, known_at)
    return {
        "facts": facts,
        "elements": elements,
        "state": state,
        "asked": request_facts(db, register, known_at, facts, elements, answers, state),
        "missing": missing_languages([facts, *elements.values()], entry.settings.languages),
        "proposals": waiting_proposals(services, entry, proposals),
        "criteria": criteria_states(db, register, known_at, recommendation, elements.values()),
        "responses": answers,
        "waiting_responses": proposed_responses(db, register, recommendation),
        "sources": cited_sources(services, db, register, recommendation, state.in_force, proposals, sources_page),
        "related": Editions(db, entry, pair).related(recommendation),
        "history": latest_lines(services, person, db, register, recommendation, limit=HISTORY_SHOWN)[0],
        "neighbours": catalogue.neighbours(db, register, known_at, recommendation),
        **_talk(services, person, db, register, recommendation, visibility.hidden(every)),
    }


def _talk(
    services: Services, person: Person, db: Connection, register: str, recommendation: str, hidden: set[str]
) -> dict[str, object]:
    """The newest comments, and who the recommendation is assigned to."""
    with services.accounts.work() as accounts:
        people = colleagues(accounts, register) if person.may("propose", register) else []
        return {
            "comments": count_comments_on(accounts, register, recommendation, hidden=hidden),
            "conversation": newest_conversation(
                services, person, accounts, register, recommendation, hidden=hidden, limit=COMMENTS_SHOWN
            ),
            "assignment": assignment_of(accounts, db, register, recommendation),
            "colleagues": people if len(people) <= MAX_COLLEAGUES_LISTED else [],
        }
