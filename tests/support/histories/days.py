"""Days and stretches of days that meet often, so that generated histories are full of ties and edges."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

EARLIEST, LATEST = date(2014, 1, 1), date(2027, 12, 31)

# Firsts of years and months tie with dates written short; the others lie one or a few days apart.
CROWDED = [
    date(2016, 1, 1),
    date(2020, 2, 29),
    date(2023, 9, 14),
    date(2023, 9, 30),
    date(2023, 10, 1),
    date(2023, 10, 2),
    date(2023, 10, 13),
    date(2024, 1, 1),
    date(2024, 2, 1),
    date(2025, 1, 20),
]

# The steps from one stamp of the log to the next: some tiny, some past midnight, some long.
PAUSES = [
    timedelta(microseconds=1),
    timedelta(seconds=90),
    timedelta(hours=11),
    timedelta(days=1),
    timedelta(days=20),
    timedelta(days=200),
]


def any_day() -> st.SearchStrategy[date]:
    """A day within 2014 to 2027, mostly one of a few, or next to one of them."""
    beside = st.builds(lambda day, step: day + timedelta(days=step), st.sampled_from(CROWDED), st.integers(-1, 1))
    return st.one_of(st.sampled_from(CROWDED), beside, st.dates(EARLIEST, LATEST))


def as_written(days: st.SearchStrategy[date]) -> st.SearchStrategy[str]:
    """A day in the world as people write it: mostly in full, sometimes only its month or its year."""
    lengths = st.sampled_from([10, 10, 10, 10, 7, 7, 4])
    return st.builds(lambda day, length: day.isoformat()[:length], days, lengths)


def any_instant() -> st.SearchStrategy[datetime]:
    """An instant for a record kept elsewhere: one of few, so that many facts share it."""
    return st.builds(
        lambda day, hour, tick: datetime(day.year, day.month, day.day, hour, 0, 0, tick, tzinfo=UTC),
        st.sampled_from(CROWDED[2:]),
        st.sampled_from([0, 0, 15]),
        st.sampled_from([0, 0, 1]),
    )
