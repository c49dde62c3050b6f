"""What is wrong with the rows of a sheet, and what is missing in all of them, in the person's own places."""

from collections import defaultdict

from app.services.bundles.problems import BundleProblem
from domain.errors import Refusal, refusal

MISSING = {
    "title": refusal("There is no title.", cure="Fill in the cell, or leave the row out."),
    "kind": refusal("No kind is given.", cure="Choose one for all rows without one, or match a column to it."),
    "theme": refusal("No theme is given.", cure="Choose one for all rows without one, or match a column to it."),
    "addressees": refusal(
        "It is not said who was asked.", cure="Choose a body for all rows without one, or match a column to it."
    ),
    "publication": refusal(
        "No publication is given.", cure="Enter the one that made the recommendations, or match a column to it."
    ),
    "publisher": refusal("The publisher of a publication is not given.", cure="Enter it once for the file."),
    "published_on": refusal("The day of a publication is not given.", cure="Enter it once for the file."),
    "recommended_on": refusal(
        "The day of the recommendation is not given.", cure="Choose one for all rows, or match a column to it."
    ),
    "status_on": refusal(
        "The day of the status is not given.", cure="Choose one for all rows without one, or match a column to it."
    ),
    "deadline_stated_on": refusal(
        "The day on which the deadline was stated is not given.", cure="Match a column to it, or enter the publication."
    ),
    "responder": refusal(
        "It is not said which body gave the response.", cure="Choose one for all rows, or match a column to it."
    ),
    "response_on": refusal(
        "The day of the response is not given.", cure="Choose one for all rows without one, or match a column to it."
    ),
    "response_source": refusal(
        "The response has no source.", cure="Choose one for all rows without one, or match a column to it."
    ),
    "evidence": refusal("The status has no source.", cure="Add one, or leave the status marked as an earlier record."),
}
"""What a row needs and the sheet does not have: asked about once, with the number of rows. No source is no mistake."""


class RowProblems:
    """Collects problems by row, and what is missing."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[BundleProblem] = []
        self.missing: dict[str, list[int]] = defaultdict(list)
        self.has_new = False

    def add(self, line: int, column: str, reason: Refusal, value: str = "") -> None:
        """Note what is wrong with a cell, in the column with this heading."""
        self.found.append(BundleProblem(self.file, line, column, reason, value))
        self.has_new = True

    def miss(self, what: str, line: int, column: str = "") -> None:
        """Note that a row lacks something without which it cannot be stored."""
        self.note_missing(what, line)
        self.add(line, column, MISSING[what])

    def note_missing(self, what: str, line: int) -> None:
        """Note that a row lacks something that it can be stored without."""
        self.missing[what].append(line)
