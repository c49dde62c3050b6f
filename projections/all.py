"""The list of projections, in one place, in the order in which they read the log."""

from projections.base import Projection
from projections.catalogue.projector import Catalogue
from projections.changes.projector import Changes
from projections.scorecards.projector import Scorecards
from projections.search.projector import Search
from projections.timeline.projector import Timeline
from projections.transparency.projector import Transparency
from projections.worklist.projector import Worklist

ALL: tuple[Projection, ...] = (Catalogue(), Scorecards(), Timeline(), Changes(), Search(), Worklist(), Transparency())
