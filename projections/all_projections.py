"""The list of projections, in one place, in the order in which they read the log."""

from projections.addressees.projector import Addressees
from projections.catalogue.projector import Catalogue
from projections.changes.projector import PublicChanges
from projections.engine.batches import Projection
from projections.lineage.projector import Lineage
from projections.overview.projector import Overview
from projections.public_states.projector import PublicStates
from projections.responses.projector import Responses
from projections.reviews.projector import Reviews
from projections.scorecards.projector import Scorecards
from projections.search.projector import Search
from projections.sources.projector import Sources
from projections.timeline.projector import Timeline
from projections.transparency.projector import Transparency
from projections.worklist.projector import Worklist

ALL_PROJECTIONS: tuple[Projection, ...] = (
    Catalogue(),
    Scorecards(),
    Addressees(),
    Timeline(),
    PublicChanges(),
    Search(),
    Worklist(),
    Overview(),
    Reviews(),
    Responses(),
    Lineage(),
    Sources(),
    Transparency(),
    PublicStates(),
)
