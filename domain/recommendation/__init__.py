"""A recommendation: one thing that a publication asks somebody to do, and what became of it."""

from domain.recommendation.aggregate import Recommendation

__all__ = ["Recommendation"]
