"""Hypothesis strategies for whole histories of a register, and the times at which to ask about one."""

from hypothesis import strategies as st

from tests.support.histories.imported import imported_histories
from tests.support.histories.lawful import lawful
from tests.support.histories.live import live_histories
from tests.support.histories.times import Times, interesting_times, moments
from tests.support.model import Fact

__all__ = ["Times", "histories", "interesting_times", "lawful", "lawful_histories", "moments"]


def histories(*, imported: bool = False, most_recommendations: int = 4) -> st.SearchStrategy[list[Fact]]:
    """Facts in the order of the log: as a living register stamps them, or as a record kept elsewhere gives them."""
    return imported_histories(most_recommendations) if imported else live_histories(most_recommendations)


def lawful_histories(*, imported: bool = False, most_recommendations: int = 4) -> st.SearchStrategy[list[Fact]]:
    """Histories whose assessments satisfy the rules 1 to 7 of publishing."""
    return histories(imported=imported, most_recommendations=most_recommendations).map(lawful)
