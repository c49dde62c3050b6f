"""What a recommendation remembers of its events: as much as its next decision needs."""

from collections.abc import Iterator
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from domain.base import Aggregate
from domain.codes import Kind, RelationKind
from domain.errors import Refusal, Refused, refusal
from domain.methodology.rules import Earlier
from domain.recommendation.addressees import asked_rows, includes
from domain.recommendation.lineage import LINEAGE_KINDS, ItemKey, target_of
from domain.times import first_day
from domain.values import Addressee, Assessment, Element, RecommendationFacts, Relation, SuccessCriteria


class PublishedAssessment(Struct, frozen=True, gc=False):
    """A published assessment; `withdrawn_at` is set once it is withdrawn."""

    assessment: Assessment
    earlier: Earlier
    withdrawn_at: datetime | None = None


class RecommendationState(Aggregate):
    """Elements, success criteria, proposals and assessments. `element` is empty for the whole recommendation."""

    register: str
    facts: RecommendationFacts
    registered_by: str

    def __init__(self) -> None:
        super().__init__()
        self.elements: dict[str, Element] = {}
        self.criteria_drafts: dict[str, SuccessCriteria] = {}
        self.criteria_numbers: dict[str, int] = {}
        self.proposals: dict[str, Assessment] = {}
        self.proposal_writers: dict[str, frozenset[str]] = {}
        self.declined_ids: set[str] = set()
        self.returned_ids: set[str] = set()
        self.publish_times: dict[str, datetime] = {}
        self.assessments: dict[str, PublishedAssessment] = {}
        self.published_count = 0
        self.addressees: tuple[Addressee, ...] = ()
        self.relations: dict[tuple[RelationKind, str], Relation] = {}
        self.is_withdrawn = False

    # Questions

    @property
    def natural_id(self) -> str:
        return self.facts.id

    def references(self) -> Iterator[tuple[str, str]]:
        yield "theme", self.facts.theme
        for publication in (self.facts.publication, *self.facts.also_in):
            yield "publication", publication
        for body in (*self.facts.addressees, *(row.body for row in self.addressees)):
            yield "body", body
        for relation in self.relations.values():
            yield "recommendation", relation.to
        published = (p.assessment for p in self.assessments.values())
        for assessment in (*self.proposals.values(), *published):
            for evidence in assessment.evidence:
                yield "evidence", evidence

    def earlier(self, element: str) -> list[Earlier]:
        """The published assessments of an item that are not withdrawn."""
        return [
            published.earlier
            for published in self.assessments.values()
            if published.assessment.element == element and not published.withdrawn_at
        ]

    def addressees_on(self, element: str, day: date) -> list[Addressee]:
        """Who is asked about an item on a day."""
        return [row for row in asked_rows(self.facts.addressees, self.addressees, element) if includes(row, day)]

    def kind_of(self, element: str) -> Kind:
        return self.elements[element].kind if element else self.facts.kind

    def is_assessed(self, element: str) -> bool:
        """Whether an assessment of an element was ever published; of any of them, where `element` is empty."""
        return any(element in ("", published.assessment.element) for published in self.assessments.values())

    def item_problem(self, element: str) -> Refusal | None:
        """Why an assessment or success criteria cannot be about this item, or None if they can."""
        if element and element not in self.elements:
            return refusal("“{id}” has no element “{element}”.", id=self.facts.id, element=element)
        if not element and self.elements:
            return refusal(
                "“{id}” has elements. Choose one of them: {elements}.",
                id=self.facts.id,
                elements=tuple(self.elements),
            )
        return None

    def has_assessment(self, assessment_id: str) -> bool:
        """Whether the id was used here before, for a proposal or an assessment."""
        return (
            assessment_id in self.assessments or assessment_id in self.proposals or assessment_id in self.declined_ids
        )

    def find_published(self, assessment_id: str) -> PublishedAssessment:
        """A published assessment that is not withdrawn. Raises `Refused` if there is none."""
        published = self.assessments.get(assessment_id)
        if published is None:
            raise Refused(refusal("“{id}” is not published, so it cannot be withdrawn.", id=assessment_id))
        if published.withdrawn_at:
            raise Refused(refusal("“{id}” is already withdrawn.", id=assessment_id))
        return published

    def find_proposal(self, assessment_id: str) -> Assessment:
        """An open proposal. Raises `Refused` if there is none."""
        if proposal := self.proposals.get(assessment_id):
            return proposal
        if assessment_id in self.assessments:
            raise Refused(refusal("“{id}” is already published.", id=assessment_id))
        if assessment_id in self.declined_ids:
            raise Refused(refusal("“{id}” was declined.", id=assessment_id))
        raise Refused(refusal("There is no proposal “{id}”.", id=assessment_id))

    def earlier_editions(self) -> list[ItemKey]:
        """The recommendations that this one continues, in this register and others."""
        targets = [target_of(self.register, to) for kind, to in self.relations if kind in LINEAGE_KINDS]
        return [target.key for target in targets if not target.address]

    # Changes that several events share

    def apply_proposed(self, assessment: Assessment) -> None:
        self.proposals[assessment.id] = assessment
        writers = self.proposal_writers.get(assessment.id, frozenset())
        self.proposal_writers[assessment.id] = writers | {assessment.proposed_by}
        self.returned_ids.discard(assessment.id)
        self.publish_times.pop(assessment.id, None)

    def apply_published(self, assessment: Assessment, at: datetime) -> None:
        self.proposals.pop(assessment.id, None)
        self.proposal_writers.pop(assessment.id, None)
        self.returned_ids.discard(assessment.id)
        self.publish_times.pop(assessment.id, None)
        self.published_count += 1
        effective = first_day(assessment.effective_on)
        earlier = Earlier(assessment.id, assessment.status, effective, at, self.published_count, assessment.methodology)
        self.assessments[assessment.id] = PublishedAssessment(assessment, earlier)

    def apply_removed(self, assessment_id: str) -> None:
        self.proposals.pop(assessment_id, None)
        self.proposal_writers.pop(assessment_id, None)
        self.returned_ids.discard(assessment_id)
        self.declined_ids.discard(assessment_id)
        self.publish_times.pop(assessment_id, None)
        self.assessments.pop(assessment_id, None)

    def apply_withdrawn(self, assessment_id: str, at: datetime) -> None:
        self.assessments[assessment_id] = replace(self.assessments[assessment_id], withdrawn_at=at)
