"""A response: what a body that was asked said about a recommendation, or about an assessment of it, on a day."""
