"""The kinds of values in the models of the API."""

from typing import Annotated, Any

from msgspec import Meta

JsonObject = dict[str, Any]
Instant = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
Day = Annotated[str, Meta(extra_json_schema={"format": "date"})]
FirstDay = Annotated[str, Meta(extra_json_schema={"anyOf": [{"format": "date"}, {"const": "recommended"}]})]
"""Of a comparison: a day, or for each recommendation the day on which it was recommended."""
Count = Annotated[int, Meta(ge=0)]
